// SPDX-License-Identifier: MIT

export type StreamKind = 'main' | 'sub';

/** The ways a live picture can come, best first. */
export type TransportName = 'websocket' | 'll-hls' | 'hls' | 'jpeg';

/** How the picture that is shown comes, and which of the camera's streams it is. */
export type LiveTransport = {
  transport: TransportName;
  stream: StreamKind;
  /** Decoded and drawn by the page itself, without the browser's player and without sound. */
  isLowLatency: boolean;
};

/** Measured over the last second. */
export type LiveStats = {
  fps: number;
  bitrateBps: number;
  /** Seconds between the camera's picture and the screen; null where it cannot be known. */
  latencyS: number | null;
  /** What is loaded beyond the picture that is shown. */
  bufferedS: number;
  /** Since the stream started. */
  droppedFrames: number;
  width: number;
  height: number;
  /** As in a MIME type: `avc1.4d0028`. Empty where it is not known. */
  codec: string;
  transport: TransportName;
  stream: StreamKind;
};

export type LivePlayerEvent =
  | { type: 'connecting' }
  /** Pictures move again: the first frame, or the first after a pause. */
  | { type: 'moving' }
  /** No new frame for three seconds. */
  | { type: 'stalled'; ageS: number }
  /** The browser plays nothing before the viewer asks for it. */
  | { type: 'refused' }
  /** Seconds between the camera's clock and the screen; `isStale` when it is nothing to call live. */
  | { type: 'latency'; seconds: number; isStale: boolean }
  | { type: 'retrying'; attempt: number; retryAt: number }
  /** Another way or another stream is shown from this frame on. */
  | ({ type: 'transport' } & LiveTransport)
  /** The browser plays none of the camera's streams; single pictures are shown in their place. */
  | { type: 'unplayable'; codec: string }
  /** Once a second, while asked for. */
  | { type: 'stats'; stats: LiveStats };
