// SPDX-License-Identifier: MIT
import type { HlsLike } from '../hls-loader';
import type { StartGate } from '../start-gate';
import type { StreamKind, TransportName } from './events';
import type { LoadPicture } from './jpeg-session';
import { LazySession } from './lazy-session';
import type { LiveSocket } from './live-socket';
import { MseSession } from './mse-session';
import type { Session, SessionEvents } from './session';

/** What a session is to be. */
export type Plan = {
  transport: TransportName;
  stream: StreamKind;
  isLowLatency: boolean;
  isAudible: boolean;
};

/** Where the pictures of one camera come from and go to. */
export type SessionSource = {
  video: HTMLVideoElement;
  /** Behind the video. */
  still: HTMLCanvasElement;
  cameraId: number;
  socket: LiveSocket;
  /** Of the playlists; `mayBlock`: where it is the only one, or nearly. */
  url: (transport: 'll-hls' | 'hls', stream: StreamKind, mayBlock: boolean) => string;
  gate: StartGate;
  loadHls: (transport: 'll-hls' | 'hls') => Promise<HlsLike>;
  loadPicture: LoadPicture;
  /** The recorder's clock in epoch milliseconds. */
  now: () => number;
};

export function isSamePlan(a: Plan, b: Plan): boolean {
  return (
    a.transport === b.transport &&
    a.stream === b.stream &&
    a.isLowLatency === b.isLowLatency &&
    a.isAudible === b.isAudible
  );
}

/** Fetched once; by a page that begins with one enlarged camera before anything else. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- it is that module's
export function loadCodecSession() {
  return import('./codec-session');
}

export function makeSession(
  source: SessionSource,
  plan: Plan,
  events: SessionEvents & { onEnded: (code: string) => void },
  isEnlarged: boolean,
): Session {
  const { video, still, cameraId, socket, now, gate } = source;
  const { transport, stream, isAudible, isLowLatency } = plan;
  const lazy = (surface: 'video' | 'canvas', load: () => Promise<Session>): Session =>
    new LazySession({ transport, stream, isLowLatency, surface }, load, events);
  switch (transport) {
    case 'websocket':
      if (!isLowLatency) {
        return new MseSession({ video, still, socket, cameraId, stream, isAudible, events, now });
      }
      return lazy('canvas', async () => {
        const { CodecSession } = await loadCodecSession();
        return new CodecSession({ canvas: still, socket, cameraId, stream, events, now });
      });
    case 'll-hls':
    case 'hls':
      return lazy('video', async () => {
        const url = source.url(transport, stream, isEnlarged);
        const loadHls = (): Promise<HlsLike> => source.loadHls(transport);
        const { HlsSession } = await import('./hls-session');
        return new HlsSession({ transport, video, stream, url, gate, loadHls, events, now });
      });
    case 'jpeg':
      return lazy('canvas', async () => {
        const { JpegSession } = await import('./jpeg-session');
        return new JpegSession({ canvas: still, stream, load: source.loadPicture, events, now });
      });
  }
}
