// SPDX-License-Identifier: MIT
import type { QueryClient } from '@tanstack/react-query';

import { changeCamera } from './camera-requests';
import { sendJson, type Sending } from './http';
import { parsePolicy, parseVolume } from './parse-storage';
import { unwrap } from './result';
import { refreshStorage } from './storage-cache';
import type { CameraLimits, PolicySettings, VolumeSettings } from './storage-types';

function pathOf(id: number): string {
  return `/api/storage/volumes/${String(id)}`;
}

/** Done when the page has what came of it. */
async function change(
  client: QueryClient,
  sending: Sending,
  parse: (body: unknown) => unknown = () => null,
): Promise<void> {
  unwrap(await sendJson(sending, parse));
  await refreshStorage(client);
}

/** These fail with an ApiError. */
export async function savePolicy(client: QueryClient, body: PolicySettings): Promise<void> {
  await change(client, { method: 'PUT', path: '/api/storage/policy', body }, parsePolicy);
}

export async function saveLimits(
  client: QueryClient,
  cameraId: number,
  body: CameraLimits,
): Promise<void> {
  await changeCamera(client, cameraId, body);
  await refreshStorage(client);
}

/** Deletes what exceeds the limits; the events socket tells how far it is. */
export async function enforcePolicy(client: QueryClient): Promise<void> {
  await change(client, { method: 'POST', path: '/api/storage/enforce' });
}

/** The clock is right as it is: deletion by age goes on. */
export async function confirmClock(client: QueryClient): Promise<void> {
  await change(client, { method: 'POST', path: '/api/storage/clock/confirm' });
}

/** A folder on a disk that works is made and tried at once; one on the network may take its time. */
const volumeTimeoutMs = 30_000;

export async function addVolume(
  client: QueryClient,
  body: VolumeSettings & { path: string },
): Promise<void> {
  const path = '/api/storage/volumes';
  await change(client, { method: 'POST', path, body, timeout: volumeTimeoutMs }, parseVolume);
}

export async function changeVolume(
  client: QueryClient,
  id: number,
  body: VolumeSettings,
): Promise<void> {
  await change(client, { method: 'PATCH', path: pathOf(id), body }, parseVolume);
}

export async function removeVolume(client: QueryClient, id: number): Promise<void> {
  await change(client, { method: 'DELETE', path: pathOf(id) });
}
