// SPDX-License-Identifier: MIT
import { formatDuration } from './time';

/** A time without recording; `reason` is a code of the daemon. */
export type Gap = { start: number; end: number; reason: string; detail: string };

const because: Record<string, string> = {
  camera: 'the camera sent no picture',
  network: 'the network was away',
  auth: 'the camera refused the password',
  disk: 'the disk could not be written',
  overload: 'the recorder was too slow',
  restart: 'the recorder was restarted',
  crash: 'the recorder ended unexpectedly',
  power: 'the recorder had no power',
  deleted: 'it was deleted',
};

/** Nobody misses what nobody wanted, or what was before the first picture. */
function isMissed({ reason, detail }: Gap): boolean {
  return !['schedule', 'stopped', 'clock'].includes(reason) && detail !== 'connecting';
}

/** "12 s missing today: the network was away."; null when nothing is missing. */
export function missingSentence(gaps: readonly Gap[], when: string): string | null {
  const byReason = new Map<string, number>();
  let total = 0;
  for (const gap of gaps.filter(isMissed)) {
    const seconds = (gap.end - gap.start) / 1000;
    total += seconds;
    byReason.set(gap.reason, (byReason.get(gap.reason) ?? 0) + seconds);
  }
  if (total < 0.5) return null;
  const [longest] = [...byReason].sort(([, a], [, b]) => b - a);
  const reason = because[longest?.[0] ?? ''] ?? 'the reason is not known';
  const most = byReason.size > 1 ? 'mostly ' : '';
  return `${formatDuration(Math.max(1, total))} missing ${when}: ${most}${reason}.`;
}
