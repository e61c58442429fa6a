// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';
import { whyUnplayable } from '../../lib/codec-support';
import type { LivePlayerEvent, LiveTransport } from '../../lib/live/events';
import { LivePlayer, type LiveView } from '../../lib/live/live-player';
import { liveSocket } from '../../lib/live/page-socket';
import { liveStreamUrl } from '../../lib/live/stream-url';
import { StartGate } from '../../lib/start-gate';

/** The two elements that a camera's pictures come to. */
export type Surface = {
  video: HTMLVideoElement;
  /**
   * Behind the video: shows the last picture while the video has none, and every picture where it
   * does not come through the video (`transport.isLowLatency`, or `jpeg`).
   */
  still: HTMLCanvasElement;
};

export function makeSurface(name: string): Surface {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.disablePictureInPicture = true;
  video.setAttribute('aria-label', `Live picture of ${name}`);
  const still = document.createElement('canvas');
  still.width = 0;
  still.height = 0;
  still.setAttribute('aria-hidden', 'true');
  return { video, still };
}

/** For who looks at the page with other means than React's. */
export function markTransport(video: HTMLVideoElement, shown: LiveTransport): void {
  video.setAttribute('data-transport', shown.isLowLatency ? 'low-latency' : shown.transport);
  video.setAttribute('data-stream', shown.stream);
}

/** What a player depends on of its camera: with another of these it has to be another player. */
export type StreamFacts = { id: number; hasSub: boolean; codec: string | null };

export function streamFacts(camera: Camera): StreamFacts {
  const { id, sub_url: sub, stream } = camera;
  return { id, hasSub: sub !== null, codec: stream.video?.codec ?? null };
}

/** One for all tiles that come by HTTP: it is the browser's connections that are few. */
const startGate = new StartGate();
const pictureWidth = 1280;

/** Plays nothing before it is started. What few need is fetched when they do. */
export function makePlayer(
  { id, hasSub, codec }: StreamFacts,
  surface: Surface,
  view: LiveView,
  onEvent: (event: LivePlayerEvent) => void,
  now: () => number,
): LivePlayer {
  return new LivePlayer({
    ...surface,
    cameraId: id,
    hasSub,
    unplayable: whyUnplayable(codec) === null ? null : codec,
    socket: liveSocket(),
    url: (name, stream, mayBlock) => liveStreamUrl(id, name, stream, mayBlock),
    gate: startGate,
    loadHls: async (name) => {
      const { loadHls } = await import('../../lib/hls-loader');
      return loadHls(codec === 'h265' ? 'h265' : 'h264', name === 'll-hls');
    },
    loadPicture: async (_stream, signal) => {
      const { fetchPicture } = await import('../../api/snapshots');
      return fetchPicture(id, pictureWidth, signal);
    },
    view,
    onEvent,
    now,
  });
}
