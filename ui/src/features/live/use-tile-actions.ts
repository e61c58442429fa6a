// SPDX-License-Identifier: MIT
import { retryCamera } from '../../api/camera-requests';
import { snapshotUrl } from '../../api/snapshots';
import { useSiteStore } from '../../api/site';
import type { Camera } from '../../api/types';
import { copyText } from '../../lib/copy-text';
import { saveFrom } from '../../lib/download';
import { snapshotName } from '../../lib/snapshot-file';
import { sizeOf, type Picture, type useFrozen } from './use-frozen';
import type { LiveStream } from './use-live-stream';

type TileActionsOptions = {
  camera: Camera;
  stream: LiveStream;
  frozen: ReturnType<typeof useFrozen>;
  notice: (text: string) => void;
};

type TileActions = {
  /** The picture as it is seen, as a file; what the recorder has where none moves. */
  save: () => void;
  copyLink: () => void;
  /** Tells the recorder not to wait any longer. */
  retryCamera: () => Promise<void>;
};

const quality = 0.92;

function toJpeg(picture: Picture): Promise<Blob | null> {
  const { width, height } = sizeOf(picture);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return Promise.resolve(null);
  context.drawImage(picture, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
}

export function useTileActions(options: TileActionsOptions): TileActions {
  const { camera, stream, frozen, notice } = options;
  const { now } = useSiteStore();

  const save = async (): Promise<void> => {
    const { kind } = stream.state;
    const isMoving = kind === 'live' || kind === 'delayed';
    const seen = frozen.frozenAt !== null ? frozen.canvas.current : isMoving ? stream.picture() : null;
    const name = snapshotName(camera.name, frozen.frozenAt ?? now());
    const blob = seen === null ? null : await toJpeg(seen);
    if (blob === null) {
      saveFrom(`${snapshotUrl(camera.id)}?last=true`, name);
    } else {
      const url = URL.createObjectURL(blob);
      saveFrom(url, name);
      // After the browser has begun to read it.
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }
    notice(`Saved as ${name}`);
  };
  return {
    save: () => void save(),
    copyLink: () => {
      const { href } = new URL(`/live/cam/${String(camera.id)}`, window.location.href);
      void copyText(href).then((isDone) =>
        notice(isDone ? 'Address copied' : `This browser does not let the page copy: ${href}`),
      );
    },
    retryCamera: async () => {
      const problem = await retryCamera(camera.id);
      notice(problem ?? `Trying ${camera.name} now`);
    },
  };
}
