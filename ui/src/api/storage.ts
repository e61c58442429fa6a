// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { getJson, sendJson } from './http';
import { parsePage } from './parse';
import {
  parseDays,
  parsePolicy,
  parsePreview,
  parseStorageStats,
  parseVolume,
} from './parse-storage';
import { unwrap } from './result';
import { storageKey } from './storage-cache';
import type { Preview, PreviewRequest } from './storage-types';

/** Recording goes on all the time; this is how old a figure on the screen may be. */
const refreshMs = 15_000;
const seldomMs = 60_000;

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function storageStatsQuery() {
  return queryOptions({
    queryKey: [storageKey, 'stats'],
    queryFn: async ({ signal }) =>
      unwrap(await getJson('/api/storage/stats', {}, parseStorageStats, signal)),
    refetchInterval: refreshMs,
  });
}

/** Days of UTC, both included. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function storageDaysQuery(start: string, end: string) {
  return queryOptions({
    queryKey: [storageKey, 'days', start, end],
    queryFn: async ({ signal }) =>
      unwrap(await getJson('/api/storage/days', { start, end }, parseDays, signal)),
    refetchInterval: seldomMs,
  });
}

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function volumesQuery() {
  return queryOptions({
    queryKey: [storageKey, 'volumes'],
    queryFn: async ({ signal }) =>
      unwrap(
        await getJson(
          '/api/storage/volumes',
          {},
          (body) => parsePage(body, parseVolume).items,
          signal,
        ),
      ),
    refetchInterval: refreshMs,
  });
}

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function policyQuery() {
  return queryOptions({
    queryKey: [storageKey, 'policy'],
    queryFn: async ({ signal }) =>
      unwrap(await getJson('/api/storage/policy', {}, parsePolicy, signal)),
    refetchInterval: seldomMs,
  });
}

/** Looks through the catalog for every file that would go. */
const previewTimeoutMs = 30_000;

export async function previewPolicy(
  body: PreviewRequest,
  signal?: AbortSignal,
): Promise<Preview> {
  return unwrap(
    await sendJson(
      {
        method: 'POST',
        path: '/api/storage/policy/preview',
        body,
        timeout: previewTimeoutMs,
        signal,
      },
      parsePreview,
    ),
  );
}

/** What comes of `request`; of an empty one: of the limits as they are. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function previewQuery(request: PreviewRequest) {
  return queryOptions({
    queryKey: [storageKey, 'preview', request],
    queryFn: ({ signal }) => previewPolicy(request, signal),
    refetchInterval: seldomMs,
  });
}
