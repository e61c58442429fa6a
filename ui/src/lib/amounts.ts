// SPDX-License-Identifier: MIT

const counter = new Intl.NumberFormat('en-GB');

/** "1,204 recordings", "1 recording" */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${counter.format(count)} ${count === 1 ? one : many}`;
}

/** "12 days", "31 hours", "20 minutes"; what is longer than two years says no more than that. */
export function formatDays(days: number): string {
  if (days < 1.5 / 24) return formatCount(Math.max(1, Math.round(days * 24 * 60)), 'minute');
  if (days < 2) return formatCount(Math.round(days * 24), 'hour');
  return days < 730 ? formatCount(Math.round(days), 'day') : 'more than 2 years';
}

/** "99.98 %": rounded down, for only what is whole is 100 %. */
export function formatShare(share: number): string {
  const hundredths = Math.floor(Math.min(1, Math.max(0, share)) * 10_000 + 1e-6);
  return `${String(hundredths / 100)} %`;
}
