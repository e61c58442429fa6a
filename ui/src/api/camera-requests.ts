// SPDX-License-Identifier: MIT
import type { QueryClient } from '@tanstack/react-query';

import { patchCameras } from './cameras';
import { sendJson } from './http';
import { parseCamera, parseCameraTest, parseSetUpResult } from './parse';
import { unwrap } from './result';
import type { Camera, CameraSettings, CameraSetUp, CameraTest, SetUpResult } from './types';

/** What a request says of a camera; what it leaves away stays as it is. */
export type CameraBody = Partial<CameraSettings> & {
  password?: string;
  /** Of a device that was found by a search. */
  onvif_url?: string;
};

/** The recorder answers within 5 s, whatever the camera does. */
const testTimeoutMs = 20_000;
/** Several questions to the camera, which may take some seconds to set itself. */
const setUpTimeoutMs = 40_000;

export type StreamName = 'main' | 'sub';

function pathOf(id: number): string {
  return `/api/cameras/${String(id)}`;
}

/** These fail with an ApiError, and make what they changed known to the list. */
export async function createCamera(client: QueryClient, body: CameraBody): Promise<Camera> {
  const sent = { method: 'POST', path: '/api/cameras', body } as const;
  const camera = unwrap(await sendJson(sent, parseCamera));
  patchCameras(client, { type: 'camera', camera });
  return camera;
}

export async function changeCamera(
  client: QueryClient,
  id: number,
  body: CameraBody,
): Promise<Camera> {
  const camera = unwrap(
    await sendJson({ method: 'PATCH', path: pathOf(id), body }, parseCamera),
  );
  patchCameras(client, { type: 'camera', camera });
  return camera;
}

/** Puts another device in the place of a camera; what `body` leaves away of it is empty then. */
export async function replaceCamera(
  client: QueryClient,
  id: number,
  body: CameraBody,
): Promise<Camera> {
  const path = `${pathOf(id)}/replace`;
  const camera = unwrap(await sendJson({ method: 'POST', path, body }, parseCamera));
  patchCameras(client, { type: 'camera', camera });
  return camera;
}

export type Footage = 'keep' | 'delete';

export async function removeCamera(
  client: QueryClient,
  id: number,
  footage: Footage,
): Promise<void> {
  const query = footage === 'keep' ? undefined : { footage };
  unwrap(await sendJson({ method: 'DELETE', path: pathOf(id), query }, () => null));
  patchCameras(client, { type: 'camera_removed', camera_id: id });
}

/** Undoes a removal, for as long as the recorder remembers it. */
export async function restoreCamera(client: QueryClient, id: number): Promise<void> {
  const path = `${pathOf(id)}/restore`;
  const camera = unwrap(await sendJson({ method: 'POST', path }, parseCamera));
  patchCameras(client, { type: 'camera', camera });
}

/** Tries a connection. `id`: of the camera that `body` changes, or null for one that is not saved. */
export async function testCamera(
  id: number | null,
  body: CameraBody,
  stream: StreamName = 'main',
): Promise<CameraTest> {
  const path = `${id === null ? '/api/cameras' : pathOf(id)}/test`;
  const query = stream === 'main' ? undefined : { stream };
  return unwrap(
    await sendJson({ method: 'POST', path, query, body, timeout: testTimeoutMs }, parseCameraTest),
  );
}

/** Sets the camera itself, by ONVIF. */
export async function setUpCamera(
  id: number,
  stream: StreamName,
  setUp: CameraSetUp,
): Promise<SetUpResult> {
  const path = `${pathOf(id)}/onvif/apply`;
  const body = { stream, ...setUp };
  return unwrap(
    await sendJson({ method: 'POST', path, body, timeout: setUpTimeoutMs }, parseSetUpResult),
  );
}

/** Makes the recorder try a camera that is away at once. Why it does not, or null. Never throws. */
export async function retryCamera(id: number): Promise<string | null> {
  const sent = { method: 'POST', path: `${pathOf(id)}/retry` } as const;
  const done = await sendJson(sent, () => null);
  return done.status === 'error' ? done.message : null;
}
