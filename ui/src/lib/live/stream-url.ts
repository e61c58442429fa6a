// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';

/**
 * The playlist of a live stream: plain, or with parts (Low-Latency HLS). A plain one is asked for
 * again and again, about a second apart; one that blocks comes when there is a new segment, but
 * takes one of the browser's six connections.
 */
export function liveStreamUrl(
  cameraId: number,
  transport: 'hls' | 'll-hls',
  stream: StreamKind,
  mayBlock: boolean,
): string {
  const folder = transport === 'hls' ? 'hls' : 'll';
  const query = new URLSearchParams();
  if (stream === 'sub') query.set('stream', 'sub');
  if (transport === 'hls' && mayBlock) query.set('block', 'true');
  const text = query.size > 0 ? `?${query.toString()}` : '';
  return `/api/cameras/${String(cameraId)}/stream/${folder}/playlist.m3u8${text}`;
}

/** A picture of the camera; the last one of a camera that is away. */
export function lastPictureUrl(cameraId: number, width: number): string {
  return `/api/cameras/${String(cameraId)}/snapshot.jpg?width=${String(width)}&last=true`;
}
