// SPDX-License-Identifier: MIT
import { parseInstant } from '../time';

/** What the recorder says of the stream that follows on a channel. */
export type LiveInit = {
  /** As `MediaSource.isTypeSupported` takes it. */
  mime: string;
  width: number;
  height: number;
  /** The recorder's clock when it said so, in epoch milliseconds; null where it did not. */
  nowMs: number | null;
};

export type LiveMessage =
  | { type: 'init'; channel: number; init: LiveInit }
  /** The viewer was too slow: frames were left out, and it goes on at a keyframe. */
  | { type: 'dropped'; channel: number; frames: number }
  /** `stream`: of which this is the end; null where it is not said. */
  | { type: 'ended'; channel: number; stream: string | null; code: string; detail: string | null }
  | { type: 'error'; channel: number | null; code: string; detail: string | null };

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** RFC 3339 or epoch milliseconds. */
function instant(value: unknown): number | null {
  return typeof value === 'string' ? parseInstant(value) : count(value);
}

function parseInit(fields: Fields): LiveInit | null {
  const mime = text(fields['mime']);
  if (mime === null) return null;
  return {
    mime,
    width: count(fields['width']) ?? 0,
    height: count(fields['height']) ?? 0,
    nowMs: instant(fields['now']),
  };
}

/** A text message of `ronin.live.1`; null for one that says nothing to this page. */
export function parseLiveMessage(data: string): LiveMessage | null {
  let message: unknown;
  try {
    message = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isFields(message)) return null;
  const channel = count(message['channel']);
  const error = message['error'];
  if (isFields(error)) {
    const code = text(error['code']) ?? 'unknown';
    return { type: 'error', channel, code, detail: text(error['detail']) };
  }
  if (channel === null) return null;
  const { init, dropped, ended } = message;
  if (isFields(init)) {
    const parsed = parseInit(init);
    return parsed === null ? null : { type: 'init', channel, init: parsed };
  }
  if (isFields(dropped)) {
    return { type: 'dropped', channel, frames: count(dropped['frames']) ?? 0 };
  }
  if (isFields(ended)) {
    const code = text(ended['code']) ?? 'unknown';
    const stream = text(ended['stream']);
    return { type: 'ended', channel, stream, code, detail: text(ended['detail']) };
  }
  return null;
}

/** The codecs of a MIME type, without it: `avc1.4d0028,mp4a.40.2`. */
export function codecsOf(mime: string): string {
  return /codecs="?([^"]*)"?/.exec(mime)?.[1] ?? '';
}

const audioCodec = /^(mp4a|opus|ac-3|ec-3|flac|alac)/i;

/** The codec of the picture alone. */
export function videoCodecOf(mime: string): string {
  const codecs = codecsOf(mime).split(',').map((codec) => codec.trim());
  return codecs.find((codec) => !audioCodec.test(codec)) ?? '';
}
