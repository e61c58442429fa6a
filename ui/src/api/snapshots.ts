// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { parseHttpDate } from '../lib/time';
import { getJpeg } from './http';
import { ApiError, unwrap } from './result';

/** How often a small picture is made new. */
const refreshMs = 30_000;
/** A camera that has only just come has its first picture a moment later. */
const firstRetryMs = 5_000;

/** With the page's own memory: nothing has to be given back when it is no longer shown. */
function asDataUrl(picture: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.onerror = () => fail(new Error('The picture could not be read.'));
    reader.readAsDataURL(picture);
  });
}

/**
 * What a camera saw last, small, as a data: URL; renewed while it is looked at. The last picture
 * stays when no newer one can be had.
 */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function snapshotQuery(cameraId: number, width: number) {
  return queryOptions({
    queryKey: ['snapshot', cameraId, width] as const,
    queryFn: async ({ signal }) => {
      const path = `/api/cameras/${String(cameraId)}/snapshot.jpg`;
      const jpeg = unwrap(await getJpeg(path, { width }, signal));
      if (jpeg === null) throw new ApiError('There is no picture yet.', null);
      return asDataUrl(jpeg.blob);
    },
    retry: false,
    staleTime: refreshMs - firstRetryMs,
    refetchInterval: ({ state }) => (state.data === undefined ? firstRetryMs : refreshMs),
  });
}

/** What a camera saw last, to be drawn; its size in bytes, and when it was taken in epoch milliseconds. */
export async function fetchPicture(
  cameraId: number,
  width: number,
  signal: AbortSignal,
): Promise<{ image: ImageBitmap; bytes: number; takenMs: number | null }> {
  const path = `/api/cameras/${String(cameraId)}/snapshot.jpg`;
  const jpeg = unwrap(await getJpeg(path, { width }, signal));
  if (jpeg === null) throw new ApiError('There is no picture yet.', null);
  const { blob, taken } = jpeg;
  const image = await createImageBitmap(blob);
  return { image, bytes: blob.size, takenMs: taken === null ? null : parseHttpDate(taken) };
}

/** A picture of one moment: a data: URL, and the moment in epoch milliseconds. */
export type Still = { url: string; takenAt: number | null };

/**
 * The last picture there is of a camera, also of one that is away; null where there is none. Not
 * renewed by itself: `everyMs` says how often, if it is to be.
 */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function stillQuery(cameraId: number, width: number, everyMs: number | false) {
  return queryOptions({
    queryKey: ['still', cameraId, width] as const,
    queryFn: async ({ signal }): Promise<Still | null> => {
      const path = `/api/cameras/${String(cameraId)}/snapshot.jpg`;
      const jpeg = unwrap(await getJpeg(path, { width, last: 'true' }, signal));
      if (jpeg === null) return null;
      const takenAt = jpeg.taken === null ? null : parseHttpDate(jpeg.taken);
      return { url: await asDataUrl(jpeg.blob), takenAt };
    },
    retry: false,
    staleTime: 1000,
    refetchInterval: everyMs,
    refetchOnWindowFocus: false,
  });
}

/** Where the newest picture of a camera is to be had, as large as the camera sends it. */
export function snapshotUrl(cameraId: number): string {
  return `/api/cameras/${String(cameraId)}/snapshot.jpg`;
}
