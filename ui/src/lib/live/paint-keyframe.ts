// SPDX-License-Identifier: MIT
import { canDecode } from './can-decode';
import type { Mp4Init, Mp4Sample } from './fmp4';

/**
 * Draws a keyframe on a canvas that shows nothing, where the page may decode: a <video> needs longer
 * for its first picture. Whatever goes wrong leaves the canvas as it is.
 */
export function paintKeyframe(
  canvas: HTMLCanvasElement,
  codec: string,
  { config }: Mp4Init,
  { presentS, data }: Mp4Sample,
): void {
  if (canvas.width > 0 || !canDecode()) return;
  const decoder = new VideoDecoder({
    output: (frame) => {
      if (canvas.width === 0) {
        canvas.width = frame.displayWidth;
        canvas.height = frame.displayHeight;
        canvas.getContext('2d')?.drawImage(frame, 0, 0);
      }
      frame.close();
    },
    error: () => undefined,
  });
  try {
    decoder.configure({ codec, optimizeForLatency: true, ...(config === null ? {} : { description: config }) });
    decoder.decode(new EncodedVideoChunk({ type: 'key', timestamp: Math.round(presentS * 1e6), data }));
  } catch {
    return;
  }
  const close = (): void => {
    if (decoder.state !== 'closed') decoder.close();
  };
  decoder.flush().then(close, close);
}
