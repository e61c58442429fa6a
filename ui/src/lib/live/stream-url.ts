// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';

/** The playlist of a live stream: plain, or with parts (Low-Latency HLS). */
export function liveStreamUrl(
  cameraId: number,
  transport: 'hls' | 'll-hls',
  stream: StreamKind,
): string {
  const folder = transport === 'hls' ? 'hls' : 'll';
  const query = stream === 'sub' ? '?stream=sub' : '';
  return `/api/cameras/${String(cameraId)}/stream/${folder}/playlist.m3u8${query}`;
}

/** A picture of the camera; the last one of a camera that is away. */
export function lastPictureUrl(cameraId: number, width: number): string {
  return `/api/cameras/${String(cameraId)}/snapshot.jpg?width=${String(width)}&last=true`;
}
