// SPDX-License-Identifier: MIT

/** What the daemon sends, as far as the UI reads it. Times are RFC 3339 in UTC. */

export type CameraStatus = 'offline' | 'connecting' | 'online' | 'recording' | 'disabled';

export type CameraError = { code: string; message: string; at: string };

export type VideoInfo = { codec: string; width: number | null; height: number | null };

export type AudioInfo = { codec: string };

export type Camera = {
  id: number;
  name: string;
  enabled: boolean;
  /** Whether it is meant to record; `status` says whether it does. */
  record: boolean;
  status: CameraStatus;
  status_since: string | null;
  last_error: CameraError | null;
  stream: { video: VideoInfo | null; audio: AudioInfo | null };
};

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
