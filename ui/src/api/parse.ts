// SPDX-License-Identifier: MIT
import { parseInstant } from '../lib/time';
import type {
  AudioInfo,
  Camera,
  CameraError,
  CameraStatus,
  EventMessage,
  Recording,
  RecordingState,
  VideoInfo,
} from './types';

/** Every answer passes through here: what is not as agreed becomes an error, not a broken page. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
}

type Fields = Record<string, unknown>;

function object(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParseError(`${what} is not an object`);
  }
  return value as Fields;
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw new ParseError(`${key} is not a text`);
  return value;
}

function number(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ParseError(`${key} is not a number`);
  }
  return value;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function instant(fields: Fields, key: string): string {
  const value = text(fields, key);
  if (parseInstant(value) === null) throw new ParseError(`${key} is not a time`);
  return value;
}

function oneOf<T extends string>(fields: Fields, key: string, values: readonly T[]): T {
  const value = text(fields, key);
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new ParseError(`${key} is an unknown "${value}"`);
  return found;
}

function list<T>(value: unknown, what: string, parse: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new ParseError(`${what} is not a list`);
  return value.map(parse);
}

function optional<T>(value: unknown, parse: (value: unknown) => T): T | null {
  return isAbsent(value) ? null : parse(value);
}

function optionalNumber(fields: Fields, key: string): number | null {
  return isAbsent(fields[key]) ? null : number(fields, key);
}

function optionalInstant(fields: Fields, key: string): string | null {
  return isAbsent(fields[key]) ? null : instant(fields, key);
}

function parseVideo(value: unknown): VideoInfo {
  const fields = object(value, 'video');
  return {
    codec: text(fields, 'codec'),
    width: optionalNumber(fields, 'width'),
    height: optionalNumber(fields, 'height'),
  };
}

function parseAudio(value: unknown): AudioInfo {
  return { codec: text(object(value, 'audio'), 'codec') };
}

function parseCameraError(value: unknown): CameraError {
  const fields = object(value, 'last_error');
  return { code: text(fields, 'code'), message: text(fields, 'message'), at: instant(fields, 'at') };
}

const cameraStatuses: readonly CameraStatus[] = [
  'offline',
  'connecting',
  'online',
  'recording',
  'disabled',
];

export function parseCamera(value: unknown): Camera {
  const fields = object(value, 'camera');
  const stream = optional(fields['stream'], (given) => object(given, 'stream')) ?? {};
  return {
    id: number(fields, 'id'),
    name: text(fields, 'name'),
    enabled: fields['enabled'] !== false,
    record: fields['record'] !== false,
    status: oneOf(fields, 'status', cameraStatuses),
    status_since: optionalInstant(fields, 'status_since'),
    last_error: optional(fields['last_error'], parseCameraError),
    stream: {
      video: optional(stream['video'], parseVideo),
      audio: optional(stream['audio'], parseAudio),
    },
  };
}

const recordingStates: readonly RecordingState[] = [
  'recording',
  'complete',
  'recovered',
  'missing',
];

export function parseRecording(value: unknown): Recording {
  const fields = object(value, 'recording');
  return {
    id: number(fields, 'id'),
    camera_id: number(fields, 'camera_id'),
    stream: isAbsent(fields['stream']) ? 'main' : text(fields, 'stream'),
    start: instant(fields, 'start'),
    end: optionalInstant(fields, 'end'),
    duration_s: optionalNumber(fields, 'duration_s'),
    size_bytes: optionalNumber(fields, 'size_bytes') ?? 0,
    video: optional(fields['video'], parseVideo),
    audio: optional(fields['audio'], parseAudio),
    state: oneOf(fields, 'state', recordingStates),
  };
}

export type Page<T> = { items: T[]; next: string | null };

export function parsePage<T>(value: unknown, parseItem: (item: unknown) => T): Page<T> {
  const fields = object(value, 'answer');
  return {
    items: list(fields['items'], 'items', parseItem),
    next: isAbsent(fields['next']) ? null : text(fields, 'next'),
  };
}

/** Null for a message of a kind this UI does not know: a newer daemon may send more. */
export function parseEventMessage(json: string): EventMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ParseError('the message is not JSON');
  }
  const fields = object(value, 'message');
  const type = text(fields, 'type');
  switch (type) {
    case 'state':
      return {
        type,
        at: instant(fields, 'at'),
        version: text(fields, 'version'),
        time_zone: text(fields, 'time_zone'),
        cameras: list(fields['cameras'], 'cameras', parseCamera),
      };
    case 'camera':
      return { type, at: instant(fields, 'at'), camera: parseCamera(fields['camera']) };
    case 'camera_removed':
      return { type, at: instant(fields, 'at'), camera_id: number(fields, 'camera_id') };
    case 'recording':
      return { type, at: instant(fields, 'at'), recording: parseRecording(fields['recording']) };
    case 'ping':
      return { type, at: instant(fields, 'at') };
    default:
      return null;
  }
}
