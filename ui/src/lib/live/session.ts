// SPDX-License-Identifier: MIT
import type { StreamKind, TransportName } from './events';

export type SessionFailure =
  /** This browser cannot play the stream; `codec` as in a MIME type. */
  | { why: 'unplayable'; codec: string }
  /** The way is closed, or nothing comes on it; `retryAfterMs` where it was said. */
  | { why: 'network'; retryAfterMs: number | null }
  /** What came could not be played, although the browser said it could. */
  | { why: 'media' }
  /** To be begun anew at once: nothing is wrong with the way. */
  | { why: 'restart' };

export type SessionEvents = {
  /** A new picture is seen. */
  onFrame: () => void;
  /** The browser plays nothing before the viewer asks for it. */
  onRefused: () => void;
  /** It has given up, and is to be stopped. */
  onFailure: (failure: SessionFailure) => void;
};

/** Counted from the session's start, but for what is so now. */
export type SessionFigures = {
  frames: number;
  bytes: number;
  droppedFrames: number;
  bufferedS: number;
  width: number;
  height: number;
  codec: string;
};

/** One way on which one stream comes to one place of a tile. */
export type Session = {
  readonly transport: TransportName;
  readonly stream: StreamKind;
  readonly isLowLatency: boolean;
  /** Which of the two elements of a tile its pictures come to. */
  readonly surface: 'video' | 'canvas';
  start: () => void;
  /** Leaves the last picture on a canvas, and none in a video. */
  stop: () => void;
  /** The page is seen again, or the viewer wants it to play: goes on with the newest picture. */
  resume: () => void;
  /** Follows to the other stream without a gap; false where it has to be begun anew for that. */
  switchTo: (stream: StreamKind) => boolean;
  latencyS: () => number | null;
  figures: () => SessionFigures;
};
