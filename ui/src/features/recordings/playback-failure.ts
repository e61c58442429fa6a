// SPDX-License-Identifier: MIT
import type { Recording } from '../../api/types';
import { codecName } from '../../lib/codec-support';

const h265Sample = 'video/mp4; codecs="hvc1.1.6.L93.B0"';

// MediaError's numbers; its constants do not exist where there is no video support at all.
const networkError = 2;
export const decodeError = 3;

export type PlaybackFailure = {
  /** A sentence for the viewer. */
  reason: string;
  /** False where this browser will never play it. */
  canRetry: boolean;
};

function unsupported(codec: string): PlaybackFailure {
  return {
    reason: `This browser cannot play ${codecName(codec)}. Download the recording, or use another browser.`,
    canRetry: false,
  };
}

/** Why a recording does not play. */
export function whyNotPlaying(
  recording: Recording,
  errorCode: number | null,
  canPlay: (mime: string) => boolean,
): PlaybackFailure {
  const codec = recording.video?.codec ?? null;
  if (codec === 'h265' && !canPlay(h265Sample)) return unsupported(codec);
  // Sound without a picture: the codec is one the browser quietly leaves out.
  if (errorCode === null) return unsupported(codec ?? 'this video format');
  return { reason: passing(errorCode), canRetry: true };
}

function passing(errorCode: number): string {
  if (errorCode === networkError) {
    return 'The recording stopped loading: the connection to the recorder broke.';
  }
  if (errorCode === decodeError) {
    return 'The recording cannot be decoded from here on. Another place in it may play.';
  }
  return 'The recording could not be opened: the recorder cannot be reached, or the file is gone.';
}
