// SPDX-License-Identifier: MIT
import type { DeviceProfile } from '../../api/types';

function pixels({ width, height }: DeviceProfile): number {
  return (width ?? 0) * (height ?? 0);
}

export type ChosenStreams = { url: string; sub_url: string };

/** The largest picture to record, and the smallest other one for grids. */
export function suggestStreams(profiles: readonly DeviceProfile[]): ChosenStreams | null {
  const ordered = [...profiles].sort((a, b) => pixels(b) - pixels(a));
  const main = ordered[0];
  if (main === undefined) return null;
  const sub = ordered.findLast(
    (profile) => profile.url !== main.url && pixels(profile) < pixels(main),
  );
  return { url: main.url, sub_url: sub?.url ?? '' };
}

/** "Front door", or "Front door 2" where that name is taken; case does not tell names apart. */
export function freeName(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((one) => one.toLowerCase()));
  let candidate = name;
  for (let number = 2; lower.has(candidate.toLowerCase()); number += 1) {
    candidate = `${name} ${String(number)}`;
  }
  return candidate;
}
