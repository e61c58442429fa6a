// SPDX-License-Identifier: MIT
import type { Recording } from '../../api/types';
import { parseInstant, type Span } from '../../lib/time';

/** Two files closer than this are shown, and played, as one run. */
export const sameRunMs = 2000;

export type Row =
  | { kind: 'recording'; recording: Recording; span: Span }
  | { kind: 'gap'; span: Span };

/** When it began and ended; one that is being written ends now. */
export function spanOf(recording: Recording, now: number): Span {
  const start = parseInstant(recording.start) ?? 0;
  const end = recording.end === null ? null : parseInstant(recording.end);
  const byDuration =
    recording.duration_s === null ? Math.max(start, now) : start + recording.duration_s * 1000;
  return { start, end: end ?? byDuration };
}

/** The day's list, newest first, with a row wherever nothing was recorded for more than 2 s. */
export function rowsOf(recordings: readonly Recording[], now: number): Row[] {
  const rows: Row[] = [];
  let covered: number | null = null;
  const inOrder = recordings
    .map((recording) => ({ recording, span: spanOf(recording, now) }))
    .sort((a, b) => a.span.start - b.span.start);
  for (const { recording, span } of inOrder) {
    if (covered !== null && span.start - covered > sameRunMs) {
      rows.push({ kind: 'gap', span: { start: covered, end: span.start } });
    }
    rows.push({ kind: 'recording', recording, span });
    // After a clock step files may overlap; what the longer one covers is no gap.
    covered = Math.max(covered ?? span.end, span.end);
  }
  return rows.reverse();
}

/**
 * Which recording has the picture at `at`, and how far into it; where there is none, the end of the
 * one before, or the beginning of the one after.
 */
export function recordingAt(
  recordings: readonly Recording[],
  at: number,
  now: number,
): { recording: Recording; seconds: number } | null {
  const there = recordings
    .filter(({ state }) => state !== 'missing')
    .map((recording) => ({ recording, span: spanOf(recording, now) }))
    .sort((a, b) => a.span.start - b.span.start);
  const found = there.findLast(({ span }) => span.start <= at) ?? there[0];
  if (found === undefined) return null;
  const { recording, span } = found;
  return { recording, seconds: Math.max(0, (Math.min(at, span.end) - span.start) / 1000) };
}

export type Following =
  | { kind: 'seamless'; recording: Recording }
  /** There is more, but not at once. */
  | { kind: 'later'; recording: Recording; start: number }
  | { kind: 'none' };

/** What to play when `current` ends. */
export function followingOf(
  recordings: readonly Recording[],
  current: Recording,
  now: number,
): Following {
  const ended = spanOf(current, now);
  const candidates = recordings
    .filter(
      (recording) =>
        recording.id !== current.id &&
        recording.camera_id === current.camera_id &&
        recording.state !== 'missing',
    )
    .map((recording) => ({ recording, start: spanOf(recording, now).start }))
    .filter(({ start }) => start > ended.start && start >= ended.end - sameRunMs)
    .sort((a, b) => a.start - b.start);
  const first = candidates[0];
  if (first === undefined) return { kind: 'none' };
  return first.start - ended.end <= sameRunMs
    ? { kind: 'seamless', recording: first.recording }
    : { kind: 'later', ...first };
}
