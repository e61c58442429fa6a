// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { getJson, sendJson } from './http';
import { parseDone, parsePresets } from './parse';
import { unwrap } from './result';

/** Speeds from -1 to 1: to the right, up, and nearer. */
export type Motion = { pan?: number; tilt?: number; zoom?: number };

export type Turn =
  /** It ends by itself after that time, unless it is told again. */
  | { move: Motion & { timeout_s: number } }
  | { stop: true }
  | { preset: string };

function pathOf(cameraId: number): string {
  return `/api/cameras/${String(cameraId)}/ptz`;
}

/** The places that a camera can turn to; `ok` is false for one that cannot turn. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function presetsQuery(cameraId: number) {
  return queryOptions({
    queryKey: ['presets', cameraId],
    queryFn: async ({ signal }) => unwrap(await getJson(pathOf(cameraId), {}, parsePresets, signal)),
    retry: false,
    // Long enough that going in and out of a camera asks it once.
    staleTime: 300_000,
  });
}

/** Turns a camera. The sentence says why it did not; null when it did. Never throws. */
export async function turnCamera(cameraId: number, body: Turn): Promise<string | null> {
  const done = await sendJson({ method: 'POST', path: pathOf(cameraId), body }, parseDone);
  switch (done.status) {
    case 'success':
      return done.data?.message ?? null;
    case 'aborted':
      return null;
    case 'error':
      return done.message;
  }
}
