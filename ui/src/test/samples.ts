// SPDX-License-Identifier: MIT
import type { Volume } from '../api/storage-types';
import type { Camera, MeasuredVideo, Recording } from '../api/types';

export function makeVideo(change: Partial<MeasuredVideo> = {}): MeasuredVideo {
  return {
    codec: 'h264',
    profile: 'main',
    width: 1920,
    height: 1080,
    fps: 25,
    bitrate_bps: 4_000_000,
    keyframe_interval_s: 2,
    keyframe_interval_min_s: null,
    ...change,
  };
}

export function makeCamera(change: Partial<Camera> = {}): Camera {
  return {
    id: 1,
    name: 'Front door',
    url: 'rtsp://192.0.2.10:554/stream1',
    sub_url: null,
    onvif_url: null,
    username: 'admin',
    tls_fingerprint: null,
    has_password: true,
    transport: 'auto',
    enabled: true,
    record: true,
    record_sub: false,
    record_audio: true,
    schedule: null,
    volume_id: null,
    group: null,
    tags: [],
    retention_days: null,
    retention_bytes: null,
    retention_min_days: null,
    sub_retention_days: null,
    sub_retention_bytes: null,
    status: 'recording',
    status_since: '2026-11-23T01:00:00.000Z',
    reachable: null,
    sub: null,
    last_error: null,
    stream: { video: makeVideo(), audio: null },
    ...change,
  };
}

export function makeRecording(change: Partial<Recording> = {}): Recording {
  return {
    id: 10,
    camera_id: 1,
    stream: 'main',
    start: '2026-11-23T01:00:00.000Z',
    end: '2026-11-23T01:15:00.000Z',
    duration_s: 900,
    size_bytes: 450_000_000,
    video: { codec: 'h264', width: 1920, height: 1080 },
    audio: null,
    state: 'complete',
    protected: false,
    ...change,
  };
}

export function makeVolume(change: Partial<Volume> = {}): Volume {
  return {
    id: 1,
    path: '/srv/recordings',
    state: 'ok',
    sentence: null,
    capacity_bytes: 4e12,
    free_bytes: 1.1e12,
    recordings_bytes: 2.3e12,
    file_count: 45_321,
    write_bps: 8e6,
    weight: 1,
    role: 'recording',
    move_after_days: null,
    configured: true,
    ...change,
  };
}
