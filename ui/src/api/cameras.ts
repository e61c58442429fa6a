// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { getJson, type FetchResult } from './http';
import { parseCamera, parsePage } from './parse';
import { unwrap } from './result';
import type { Camera } from './types';

export async function fetchCameras(signal?: AbortSignal): Promise<FetchResult<Camera[]>> {
  return getJson(
    '/api/cameras',
    { limit: 1000 },
    (body) => parsePage(body, parseCamera).items,
    signal,
  );
}

const camerasKey = ['cameras'];

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function camerasQuery() {
  return queryOptions({
    queryKey: camerasKey,
    queryFn: async ({ signal, client }): Promise<Camera[]> => {
      const before = client.getQueryState<Camera[]>(camerasKey)?.dataUpdatedAt ?? 0;
      const result = await fetchCameras(signal);
      // What the events socket brought in the meantime is newer than this answer.
      const state = client.getQueryState<Camera[]>(camerasKey);
      if (state?.data !== undefined && state.dataUpdatedAt > before) return state.data;
      return unwrap(result);
    },
    // The events socket keeps the list fresh.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Plain HLS: MPEG-TS segments of one second. */
export function liveStreamUrl(cameraId: number): string {
  return `/api/cameras/${String(cameraId)}/stream/hls/playlist.m3u8`;
}
