// SPDX-License-Identifier: MIT
import type { Camera, Recording } from '../api/types';

export function makeCamera(change: Partial<Camera> = {}): Camera {
  return {
    id: 1,
    name: 'Front door',
    enabled: true,
    record: true,
    status: 'recording',
    status_since: '2026-11-23T01:00:00.000Z',
    last_error: null,
    stream: { video: { codec: 'h264', width: 1920, height: 1080 }, audio: null },
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
    ...change,
  };
}
