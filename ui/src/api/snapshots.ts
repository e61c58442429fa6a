// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { getJpeg } from './http';
import { unwrap } from './result';

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
      return asDataUrl(unwrap(await getJpeg(path, { width }, signal)));
    },
    retry: false,
    staleTime: refreshMs - firstRetryMs,
    refetchInterval: ({ state }) => (state.data === undefined ? firstRetryMs : refreshMs),
  });
}
