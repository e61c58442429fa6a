// SPDX-License-Identifier: MIT
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { getJson, type FetchResult } from './http';
import { Meanwhile } from './meanwhile';
import { parseCamera, parsePage } from './parse';
import { unwrap } from './result';
import type { Camera, EventMessage } from './types';

export async function fetchCameras(signal?: AbortSignal): Promise<FetchResult<Camera[]>> {
  return getJson(
    '/api/cameras',
    { limit: 1000 },
    (body) => parsePage(body, parseCamera).items,
    signal,
  );
}

const camerasKey = ['cameras'];

/** Told by the events socket, or by the answer to a request of this page. */
export type CameraChange =
  | Extract<EventMessage, { type: 'state' }>
  | { type: 'camera'; at?: string; camera: Camera }
  | { type: 'camera_removed'; at?: string; camera_id: number };

const meanwhile = new Meanwhile<CameraChange>();

function withChange(cameras: readonly Camera[], change: CameraChange): Camera[] {
  switch (change.type) {
    case 'state':
      return change.cameras;
    case 'camera': {
      const { camera } = change;
      return cameras.some(({ id }) => id === camera.id)
        ? cameras.map((known) => (known.id === camera.id ? camera : known))
        : [...cameras, camera];
    }
    case 'camera_removed':
      return cameras.filter(({ id }) => id !== change.camera_id);
  }
}

/** The list as it was when the page began; what is newer is told by the events socket. */
export function beginWithCameras(client: QueryClient, cameras: Camera[]): void {
  client.setQueryData(camerasKey, cameras);
}

/** Makes a change in the list, and in an answer that is on its way. */
export function patchCameras(client: QueryClient, change: CameraChange): void {
  meanwhile.note(client, change);
  client.setQueryData(camerasKey, (cameras: Camera[] | undefined) =>
    // Without a list, only the whole state makes one.
    cameras === undefined && change.type !== 'state' ? undefined : withChange(cameras ?? [], change),
  );
}

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function camerasQuery() {
  return queryOptions({
    queryKey: camerasKey,
    queryFn: async ({ signal, client }): Promise<Camera[]> => {
      const { answer, changes } = await meanwhile.during(client, fetchCameras(signal));
      // With the whole state the answer is not needed, whatever it is.
      const isKnown = changes.some(({ type }) => type === 'state');
      return changes.reduce(withChange, isKnown ? [] : unwrap(answer));
    },
    // The events socket keeps the list fresh.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
