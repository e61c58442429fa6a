// SPDX-License-Identifier: MIT
import { formatDuration } from './time';

/** A time without recording; `reason` is a code of the daemon. */
export type Gap = { start: number; end: number; reason: string; detail: string };

const because: Record<string, string> = {
  camera: 'the camera sent no picture',
  network: 'the network was away',
  'network lost': 'the network lost pictures',
  auth: 'the camera refused the password',
  disk: 'the disk could not be written',
  overload: 'the recorder was too slow',
  restart: 'the recorder was restarted',
  crash: 'the recorder ended unexpectedly',
  power: 'the recorder had no power',
  deleted: 'it was deleted',
  clock: 'the clock was put forward',
};

/** Nobody misses what nobody wanted, or what was before the first picture. */
export function isMissed({ reason, detail }: Gap): boolean {
  return !['schedule', 'stopped', 'clock'].includes(reason) && detail !== 'connecting';
}

/** "the network was away" */
export function reasonOf({ reason, detail }: Gap): string {
  return because[`${reason} ${detail}`] ?? because[reason] ?? 'the reason is not known';
}

/** "12 s missing today: the network was away."; null when nothing is missing. */
export function missingSentence(gaps: readonly Gap[], when: string): string | null {
  const bySentence = new Map<string, number>();
  let total = 0;
  for (const gap of gaps.filter(isMissed)) {
    const seconds = (gap.end - gap.start) / 1000;
    total += seconds;
    const reason = reasonOf(gap);
    bySentence.set(reason, (bySentence.get(reason) ?? 0) + seconds);
  }
  if (total < 0.5) return null;
  const longest = [...bySentence].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
  const most = bySentence.size > 1 ? 'mostly ' : '';
  return `${formatDuration(Math.max(1, total))} missing ${when}: ${most}${longest}.`;
}
