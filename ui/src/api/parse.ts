// SPDX-License-Identifier: MIT
import { isDayName, type Hours, type Schedule } from '../lib/schedule';
import {
  instant,
  isAbsent,
  list,
  measure,
  number,
  object,
  oneOf,
  optional,
  optionalInstant,
  optionalNumber,
  optionalText,
  ParseError,
  parseText,
  text,
  type Fields,
} from './parse-fields';
import { parseAlarms, parseLimits, parseMovingWork, parseRetentionWork } from './parse-work';
import type {
  AudioInfo,
  Camera,
  CameraError,
  CameraStatus,
  CameraSetUp,
  CameraStream,
  CameraTest,
  Certificate,
  DeviceProfile,
  DeviceReading,
  EncoderSettings,
  EventMessage,
  FoundDevice,
  ImportedCamera,
  MeasuredAudio,
  MeasuredVideo,
  Presets,
  Recording,
  RecordingState,
  SetUpResult,
  SubStream,
  Transport,
  VideoInfo,
} from './types';

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

function parseMeasuredVideo(value: unknown): MeasuredVideo {
  const fields = object(value, 'video');
  return {
    ...parseVideo(value),
    profile: optionalText(fields, 'profile'),
    fps: measure(fields, 'fps'),
    bitrate_bps: measure(fields, 'bitrate_bps'),
    keyframe_interval_s: measure(fields, 'keyframe_interval_s'),
    keyframe_interval_min_s: measure(fields, 'keyframe_interval_min_s'),
  };
}

function parseMeasuredAudio(value: unknown): MeasuredAudio {
  const fields = object(value, 'audio');
  return {
    ...parseAudio(value),
    sample_rate_hz: measure(fields, 'sample_rate_hz'),
    channels: measure(fields, 'channels'),
  };
}

function parseStream(value: unknown): CameraStream {
  const stream = optional(value, (given) => object(given, 'stream')) ?? {};
  return {
    video: optional(stream['video'], parseMeasuredVideo),
    audio: optional(stream['audio'], parseMeasuredAudio),
  };
}

function parseHoursPair(value: unknown): Hours[number] {
  const [from, to] = list(value, 'hours', (end) => end);
  if (typeof from !== 'string' || typeof to !== 'string') throw new ParseError('hours are no times');
  return [from, to];
}

function parseSchedule(value: unknown): Schedule {
  const schedule: Schedule = {};
  for (const [day, hours] of Object.entries(object(value, 'schedule'))) {
    if (!isDayName(day)) throw new ParseError(`schedule has an unknown day "${day}"`);
    schedule[day] = list(hours, day, parseHoursPair);
  }
  return schedule;
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

const transports: readonly Transport[] = ['auto', 'tcp', 'udp', 'compat'];

function parseSubStream(value: unknown): SubStream {
  const fields = object(value, 'sub');
  return {
    status: oneOf(fields, 'status', [...cameraStatuses, 'idle'] as const),
    last_error: optional(fields['last_error'], parseCameraError),
  };
}

export function parseCamera(value: unknown): Camera {
  const fields = object(value, 'camera');
  return {
    id: number(fields, 'id'),
    name: text(fields, 'name'),
    url: optionalText(fields, 'url') ?? '',
    sub_url: optionalText(fields, 'sub_url'),
    onvif_url: optionalText(fields, 'onvif_url'),
    username: optionalText(fields, 'username') ?? '',
    tls_fingerprint: optionalText(fields, 'tls_fingerprint'),
    has_password: fields['has_password'] === true,
    transport: isAbsent(fields['transport']) ? 'auto' : oneOf(fields, 'transport', transports),
    enabled: fields['enabled'] !== false,
    record: fields['record'] !== false,
    record_sub: fields['record_sub'] === true,
    record_audio: fields['record_audio'] !== false,
    schedule: optional(fields['schedule'], parseSchedule),
    volume_id: optionalNumber(fields, 'volume_id'),
    group: optionalText(fields, 'group'),
    tags: list(fields['tags'] ?? [], 'tags', parseText),
    ...parseLimits(fields),
    status: oneOf(fields, 'status', cameraStatuses),
    status_since: optionalInstant(fields, 'status_since'),
    last_error: optional(fields['last_error'], parseCameraError),
    stream: parseStream(fields['stream']),
    reachable: typeof fields['reachable'] === 'boolean' ? fields['reachable'] : null,
    sub: optional(fields['sub'], parseSubStream),
  };
}

function parseRefusal(fields: Fields): {
  ok: false;
  error: { code: string; message: string };
} {
  const error = object(fields['error'], 'error');
  return { ok: false, error: { code: text(error, 'code'), message: text(error, 'message') } };
}

const snapshotStart = 'data:image/jpeg;base64,';

function parseCertificate(value: unknown): Certificate {
  const fields = object(value, 'certificate');
  return {
    sha256: text(fields, 'sha256'),
    subject: optionalText(fields, 'subject'),
    issuer: optionalText(fields, 'issuer'),
    not_after: optionalInstant(fields, 'not_after'),
    reason: optionalText(fields, 'reason'),
  };
}

function parseEncoder(value: unknown): EncoderSettings {
  const fields = object(value, 'settings');
  const settings: EncoderSettings = {};
  const codec = optionalText(fields, 'codec');
  if (codec !== null) settings.codec = codec;
  for (const key of ['width', 'height', 'fps', 'keyframe_interval_s', 'bitrate_bps'] as const) {
    const known = measure(fields, key);
    if (known !== null) settings[key] = known;
  }
  return settings;
}

function parseSetUp(value: unknown): CameraSetUp {
  const settings = parseEncoder(value);
  return object(value, 'fix')['set_clock'] === true ? { ...settings, set_clock: true } : settings;
}

export function parseSetUpResult(value: unknown): SetUpResult {
  const fields = object(value, 'answer');
  if (fields['ok'] !== true) return parseRefusal(fields);
  return {
    ok: true,
    before: optional(fields['before'], parseEncoder),
    after: optional(fields['after'], parseEncoder),
    notes: list(fields['notes'] ?? [], 'notes', parseText),
    clock_was_ahead_s: optionalNumber(fields, 'clock_was_ahead_s'),
  };
}

export function parsePresets(value: unknown): Presets {
  const fields = object(value, 'answer');
  if (fields['ok'] !== true) return parseRefusal(fields);
  const presets = list(fields['presets'], 'presets', (given) => object(given, 'preset'));
  return {
    ok: true,
    presets: presets.map((preset) => ({ token: text(preset, 'token'), name: text(preset, 'name') })),
  };
}

/** Null when it was done. */
export function parseDone(value: unknown): { code: string; message: string } | null {
  const fields = object(value, 'answer');
  return fields['ok'] === true ? null : parseRefusal(fields).error;
}

function parseImported(value: unknown): ImportedCamera {
  const fields = object(value, 'camera');
  return {
    name: text(fields, 'name'),
    result: oneOf(fields, 'result', ['added', 'updated', 'skipped'] as const),
  };
}

export function parseImport(value: unknown): ImportedCamera[] {
  return list(object(value, 'answer')['items'], 'items', parseImported);
}

export function parseCameraTest(value: unknown): CameraTest {
  const fields = object(value, 'test');
  if (fields['ok'] !== true) {
    const { ok, error } = parseRefusal(fields);
    const certificate = object(fields['error'], 'error')['certificate'];
    return { ok, error: { ...error, certificate: optional(certificate, parseCertificate) } };
  }
  const snapshot = optionalText(fields, 'snapshot');
  return {
    ok: true,
    stream: parseStream(fields['stream']),
    time_to_first_frame_s: optionalNumber(fields, 'time_to_first_frame_s'),
    advice: list(fields['advice'] ?? [], 'advice', parseText),
    fix: optional(fields['fix'], parseSetUp),
    camera_clock_offset_us: optionalNumber(fields, 'camera_clock_offset_us'),
    snapshot: snapshot?.startsWith(snapshotStart) === true ? snapshot : null,
  };
}

export function parseFoundDevice(value: unknown): FoundDevice {
  const fields = object(value, 'device');
  return {
    name: optionalText(fields, 'name') ?? '',
    manufacturer: optionalText(fields, 'manufacturer'),
    model: optionalText(fields, 'model'),
    address: text(fields, 'address'),
    xaddrs: list(fields['xaddrs'], 'xaddrs', parseText),
    known_camera_id: optionalNumber(fields, 'known_camera_id'),
  };
}

function parseDeviceProfile(fields: Fields): DeviceProfile {
  return {
    token: text(fields, 'token'),
    name: optionalText(fields, 'name') ?? '',
    codec: optionalText(fields, 'codec'),
    width: measure(fields, 'width'),
    height: measure(fields, 'height'),
    fps: measure(fields, 'fps'),
    url: text(fields, 'url'),
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
    protected: fields['protected'] === true,
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
    case 'retention':
      return { type, at: instant(fields, 'at'), ...parseRetentionWork(fields) };
    case 'moving':
      return { type, at: instant(fields, 'at'), ...parseMovingWork(fields) };
    case 'alarms':
      return { type, at: instant(fields, 'at'), items: parseAlarms(fields) };
    case 'preferences':
      return { type, at: instant(fields, 'at'), version: number(fields, 'version') };
    case 'ping':
      return { type, at: instant(fields, 'at') };
    default:
      return null;
  }
}

/** Streams without an address cannot be shown, so they are left away. */
export function parseDeviceReading(value: unknown): DeviceReading {
  const fields = object(value, 'device');
  if (fields['ok'] !== true) return parseRefusal(fields);
  const profiles = list(fields['profiles'], 'profiles', (given) => object(given, 'profile'));
  return {
    ok: true,
    onvif_url: optionalText(fields, 'onvif_url'),
    profiles: profiles.filter(({ url }) => !isAbsent(url)).map(parseDeviceProfile),
  };
}
