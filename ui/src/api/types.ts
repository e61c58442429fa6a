// SPDX-License-Identifier: MIT

import type { Schedule } from '../lib/schedule';
import type { Alarm, CameraLimits, MovingWork, RetentionWork } from './storage-types';

/** What the daemon sends, as far as the UI reads it. Times are RFC 3339 in UTC. */

export type CameraStatus = 'offline' | 'connecting' | 'online' | 'recording' | 'disabled';

export type CameraError = { code: string; message: string; at: string };

export type VideoInfo = { codec: string; width: number | null; height: number | null };

/** Measured from the running stream; null, and 0 on the wire, until enough of it was seen. */
export type MeasuredVideo = VideoInfo & {
  profile: string | null;
  fps: number | null;
  bitrate_bps: number | null;
  keyframe_interval_s: number | null;
  /** That it is at least, where a test ended before the second keyframe. */
  keyframe_interval_min_s: number | null;
};

export type AudioInfo = { codec: string };

export type MeasuredAudio = AudioInfo & { sample_rate_hz: number | null; channels: number | null };

export type CameraStream = { video: MeasuredVideo | null; audio: MeasuredAudio | null };

export type Transport = 'auto' | 'tcp' | 'udp' | 'compat';

/** What can be set of a camera; its password is never sent back. */
export type CameraSettings = CameraLimits & {
  name: string;
  url: string;
  sub_url: string | null;
  username: string;
  /** SHA-256 of the one certificate that it may have; null: one that the recorder can check. */
  tls_fingerprint: string | null;
  transport: Transport;
  enabled: boolean;
  /** Whether it is meant to record; `status` says whether it does. */
  record: boolean;
  record_sub: boolean;
  record_audio: boolean;
  /** Null: at all hours. */
  schedule: Schedule | null;
  /** That it records to while that can be; null: one by the weights. */
  volume_id: number | null;
  group: string | null;
  tags: string[];
};

export type Camera = CameraSettings & {
  id: number;
  /** By which it can be set and turned; null for a camera that is known by its address only. */
  onvif_url: string | null;
  has_password: boolean;
  status: CameraStatus;
  status_since: string | null;
  last_error: CameraError | null;
  stream: CameraStream;
  /** Whether it answered when it was asked last; null while it is connected to, and before. */
  reachable: boolean | null;
  /** Its sub stream; null without an address of one. */
  sub: SubStream | null;
};

/** Idle: nobody wants it now. */
export type SubStream = { status: CameraStatus | 'idle'; last_error: CameraError | null };

/** What a connection that was tried for a test gave. */
export type CameraTest =
  | {
      ok: true;
      stream: CameraStream;
      time_to_first_frame_s: number | null;
      advice: string[];
      /** What the advice asks for, as far as a camera can be set to it. */
      fix: CameraSetUp | null;
      camera_clock_offset_us: number | null;
      /** A JPEG as a data: URL. */
      snapshot: string | null;
    }
  | { ok: false; error: { code: string; message: string; certificate: Certificate | null } };

/** What a camera showed that its connection is sealed with, and the recorder does not trust. */
export type Certificate = {
  sha256: string;
  subject: string | null;
  issuer: string | null;
  not_after: string | null;
  reason: string | null;
};

/** Settings of a stream in the camera itself; what is not there stays, or is not known. */
export type EncoderSettings = Partial<{
  codec: string;
  width: number;
  height: number;
  fps: number;
  keyframe_interval_s: number;
  bitrate_bps: number;
}>;

export type CameraSetUp = EncoderSettings & { set_clock?: true };

/** What a camera made of it. */
export type SetUpResult =
  | {
      ok: true;
      /** Both null when only the clock was set. */
      before: EncoderSettings | null;
      after: EncoderSettings | null;
      notes: string[];
      clock_was_ahead_s: number | null;
    }
  | { ok: false; error: { code: string; message: string } };

/** A place that a camera can turn to. */
export type Preset = { token: string; name: string };

export type Presets =
  | { ok: true; presets: Preset[] }
  | { ok: false; error: { code: string; message: string } };

export type ImportedCamera = { name: string; result: 'added' | 'updated' | 'skipped' };

/** A device that answered a search of the network. */
export type FoundDevice = {
  name: string;
  manufacturer: string | null;
  model: string | null;
  address: string;
  xaddrs: string[];
  /** The camera here that has this address already. */
  known_camera_id: number | null;
};

/** One of the streams that a device offers. */
export type DeviceProfile = {
  token: string;
  name: string;
  codec: string | null;
  width: number | null;
  height: number | null;
  fps: number | null;
  url: string;
};

/** What a device says of itself to somebody with a password. */
export type DeviceReading =
  | {
      ok: true;
      /** By which the recorder finds it again, for more than its streams. */
      onvif_url: string | null;
      profiles: DeviceProfile[];
    }
  | { ok: false; error: { code: string; message: string } };

export type RecordingState = 'recording' | 'complete' | 'recovered' | 'missing';

export type Recording = {
  id: number;
  camera_id: number;
  stream: string;
  start: string;
  /** Null while the file is being written; so is `duration_s`. */
  end: string | null;
  duration_s: number | null;
  size_bytes: number;
  video: VideoInfo | null;
  audio: AudioInfo | null;
  state: RecordingState;
  /** Nothing deletes it. */
  protected: boolean;
};

/** `time_zone` as the recorder's computer has it: no browser has to know that name. */
export type EventMessage =
  | { type: 'state'; at: string; version: string; time_zone: string; cameras: Camera[] }
  | { type: 'camera'; at: string; camera: Camera }
  | { type: 'camera_removed'; at: string; camera_id: number }
  | { type: 'recording'; at: string; recording: Recording }
  | ({ type: 'retention'; at: string } & RetentionWork)
  | ({ type: 'moving'; at: string } & MovingWork)
  | { type: 'alarms'; at: string; items: Alarm[] }
  /** What the user set up was changed, here or elsewhere. */
  | { type: 'preferences'; at: string; version: number }
  | { type: 'ping'; at: string };
