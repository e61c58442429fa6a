// SPDX-License-Identifier: MIT

import type { Schedule } from '../lib/schedule';

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
export type CameraSettings = {
  name: string;
  url: string;
  sub_url: string | null;
  username: string;
  transport: Transport;
  enabled: boolean;
  /** Whether it is meant to record; `status` says whether it does. */
  record: boolean;
  record_sub: boolean;
  record_audio: boolean;
  /** Null: at all hours. */
  schedule: Schedule | null;
  group: string | null;
  tags: string[];
};

export type Camera = CameraSettings & {
  id: number;
  has_password: boolean;
  status: CameraStatus;
  status_since: string | null;
  last_error: CameraError | null;
  stream: CameraStream;
};

/** What a connection that was tried for a test gave. */
export type CameraTest =
  | {
      ok: true;
      stream: CameraStream;
      time_to_first_frame_s: number | null;
      advice: string[];
      /** A JPEG as a data: URL. */
      snapshot: string | null;
    }
  | { ok: false; error: { code: string; message: string } };

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
};

/** `time_zone` as the recorder's computer has it: no browser has to know that name. */
export type EventMessage =
  | { type: 'state'; at: string; version: string; time_zone: string; cameras: Camera[] }
  | { type: 'camera'; at: string; camera: Camera }
  | { type: 'camera_removed'; at: string; camera_id: number }
  | { type: 'recording'; at: string; recording: Recording }
  | { type: 'ping'; at: string };
