// SPDX-License-Identifier: MIT

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** "61 MB": decimal units, as disks are sold; one decimal below ten. */
export function formatSize(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit] ?? 'B'}`;
}
