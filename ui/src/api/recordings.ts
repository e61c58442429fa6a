// SPDX-License-Identifier: MIT
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { toRfc3339, type Span } from '../lib/time';
import { getJson, sendJson, type FetchResult } from './http';
import { parsePage, parseRecording } from './parse';
import {
  belongs,
  forgetRecording,
  meanwhile,
  patchRecordings,
  recordingsKey,
  withRecording,
} from './recordings-cache';
import { unwrap } from './result';
import type { Recording } from './types';

const pageSize = 1000;
// A day of 15-minute files is 96; this stops a daemon whose cursor never ends.
const maxPages = 50;

/** All recordings of a camera's main stream that overlap `span`, oldest first. */
export async function fetchRecordings(
  cameraId: number,
  span: Span,
  signal?: AbortSignal,
): Promise<FetchResult<Recording[]>> {
  const all: Recording[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const result = await getJson(
      '/api/recordings',
      {
        camera_id: cameraId,
        start: toRfc3339(span.start),
        end: toRfc3339(span.end),
        limit: pageSize,
        cursor,
      },
      (body) => parsePage(body, parseRecording),
      signal,
    );
    if (result.status !== 'success') return result;
    all.push(...result.data.items.filter((recording) => recording.stream === 'main'));
    if (result.data.next === null) break;
    cursor = result.data.next;
  }
  return { status: 'success', data: all };
}

async function fetchRecording(id: number): Promise<FetchResult<Recording>> {
  return getJson(`/api/recordings/${String(id)}`, {}, parseRecording);
}

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function recordingsQuery(cameraId: number, span: Span) {
  return queryOptions({
    queryKey: recordingsKey(cameraId, span),
    queryFn: async ({ signal, client }) => {
      const asked = fetchRecordings(cameraId, span, signal);
      const { answer, changes } = await meanwhile.during(client, asked);
      return changes
        .filter((changed) => belongs(changed, cameraId, span))
        .reduce(withRecording, unwrap(answer));
    },
    // The events socket tells of files opened and closed; deleted ones are noticed after a minute.
    staleTime: 60_000,
  });
}

/** Asks what became of a recording that could not be read, and makes that known in the lists. */
export async function checkRecording(client: QueryClient, id: number): Promise<void> {
  const result = await fetchRecording(id);
  if (result.status === 'success') patchRecordings(client, result.data);
  else if (result.status === 'error' && result.httpStatus === 404) forgetRecording(client, id);
}

/** Keeps a recording from every deletion, or no more. Gives what went wrong; null: nothing. */
export async function protectRecording(
  client: QueryClient,
  id: number,
  wanted: boolean,
): Promise<string | null> {
  const path = `/api/recordings/${String(id)}`;
  const body = { protected: wanted };
  const result = await sendJson({ method: 'PATCH', path, body }, parseRecording);
  if (result.status === 'success') patchRecordings(client, result.data);
  if (result.status !== 'error') return null;
  // It is gone, or is about to be.
  if (result.httpStatus === 404 || result.httpStatus === 409) await checkRecording(client, id);
  return result.message;
}

/** The file as it is: fragmented MP4, with ranges. */
export function recordingStreamUrl(recordingId: number): string {
  return `/api/recordings/${String(recordingId)}/stream`;
}
