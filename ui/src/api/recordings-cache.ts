// SPDX-License-Identifier: MIT
// The lists of recordings that the page has, kept as they are by what the events socket tells.
import type { QueryClient } from '@tanstack/react-query';

import { parseInstant, type Span } from '../lib/time';
import { Meanwhile } from './meanwhile';
import type { Recording } from './types';

const keyRoot = 'recordings';

export type RecordingsKey = readonly [typeof keyRoot, number, number, number];

export function recordingsKey(cameraId: number, span: Span): RecordingsKey {
  return [keyRoot, cameraId, span.start, span.end];
}

/** What was told while a list was on its way. */
export const meanwhile = new Meanwhile<Recording>();

export function belongs(recording: Recording, cameraId: number, span: Span): boolean {
  if (recording.stream !== 'main' || recording.camera_id !== cameraId) return false;
  const start = parseInstant(recording.start) ?? 0;
  const end = recording.end === null ? null : parseInstant(recording.end);
  return start < span.end && (end === null || end > span.start);
}

/** The list with one recording added or replaced, still in order of time. */
export function withRecording(recordings: readonly Recording[], changed: Recording): Recording[] {
  const others = recordings.filter((recording) => recording.id !== changed.id);
  const start = parseInstant(changed.start) ?? 0;
  const at = others.findIndex((recording) => (parseInstant(recording.start) ?? 0) > start);
  others.splice(at < 0 ? others.length : at, 0, changed);
  return others;
}

/** Puts a recording from the events socket into every list it belongs to, also one on its way. */
export function patchRecordings(client: QueryClient, changed: Recording): void {
  meanwhile.note(client, changed);
  for (const [key, recordings] of client.getQueriesData<Recording[]>({ queryKey: [keyRoot] })) {
    const [, cameraId, start, end] = key as RecordingsKey;
    if (recordings === undefined || !belongs(changed, cameraId, { start, end })) continue;
    client.setQueryData(key, withRecording(recordings, changed));
  }
}

/** Takes a recording that was deleted out of every list; the events socket does not tell of it. */
export function forgetRecording(client: QueryClient, id: number): void {
  client.setQueriesData({ queryKey: [keyRoot] }, (recordings: Recording[] | undefined) =>
    recordings?.filter((recording) => recording.id !== id),
  );
}

/** After a lost connection nobody knows what was missed. */
export async function refreshRecordings(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: [keyRoot] });
}
