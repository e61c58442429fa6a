// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';
import type { LivePlayerEvent } from '../../lib/live/events';
import { parseInstant } from '../../lib/time';

/** What one tile shows. The camera's own state comes before that of its picture. */
export type TileState =
  | { kind: 'placeholder' }
  | { kind: 'connecting' }
  | { kind: 'live'; latencyS: number | null }
  /** `isMoving`: what comes is old, such as what a recorder still had of a camera that is gone. */
  | { kind: 'delayed'; ageS: number; isMoving?: true }
  /** The browser waits for the viewer's word. */
  | { kind: 'refused' }
  | { kind: 'reconnecting'; attempt: number; retryAt: number }
  | { kind: 'offline'; reason: string | null; since: number | null }
  | { kind: 'unplayable'; reason: string }
  | { kind: 'off' };

export type TileEvent =
  | { type: 'camera'; camera: Camera; unplayable: string | null }
  /** The tile left the screen, or the camera went away: its stream was stopped. */
  | { type: 'stopped' }
  | Exclude<LivePlayerEvent, { type: 'transport' | 'unplayable' | 'stats' }>;

type PlayerTileEvent = Extract<LivePlayerEvent, TileEvent>;

export function isTileEvent(event: LivePlayerEvent): event is PlayerTileEvent {
  return event.type !== 'transport' && event.type !== 'unplayable' && event.type !== 'stats';
}

export const initialTileState: TileState = { kind: 'placeholder' };

/** Whether the camera has pictures to ask for. */
export function hasPictures(camera: Camera): boolean {
  return camera.enabled && (camera.status === 'online' || camera.status === 'recording');
}

function isHeldByCamera(state: TileState): boolean {
  return state.kind === 'offline' || state.kind === 'unplayable' || state.kind === 'off';
}

function onCamera(state: TileState, camera: Camera, unplayable: string | null): TileState {
  if (!camera.enabled || camera.status === 'disabled') return { kind: 'off' };
  if (camera.status === 'offline') {
    return {
      kind: 'offline',
      reason: camera.last_error?.message ?? null,
      since: camera.status_since === null ? null : parseInstant(camera.status_since),
    };
  }
  if (camera.status === 'connecting') {
    // Each try of an offline camera passes through here; the reason must stay readable.
    return state.kind === 'offline' ? state : { kind: 'connecting' };
  }
  if (unplayable !== null) return { kind: 'unplayable', reason: unplayable };
  return isHeldByCamera(state) ? { kind: 'placeholder' } : state;
}

/** Tenths of a second, as shown; so that a tile is not drawn anew for less. */
function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function onLatency(state: TileState, seconds: number, isStale: boolean): TileState {
  const isShown = state.kind === 'live' || (state.kind === 'delayed' && state.isMoving === true);
  if (!isShown) return state;
  if (isStale) {
    const ageS = Math.round(seconds);
    return state.kind === 'delayed' && state.ageS === ageS
      ? state
      : { kind: 'delayed', ageS, isMoving: true };
  }
  const latencyS = rounded(seconds);
  return state.kind === 'live' && state.latencyS === latencyS ? state : { kind: 'live', latencyS };
}

export function tileReducer(state: TileState, event: TileEvent): TileState {
  if (event.type === 'camera') return onCamera(state, event.camera, event.unplayable);
  if (isHeldByCamera(state)) return state;
  switch (event.type) {
    case 'stopped':
      return { kind: 'placeholder' };
    case 'connecting':
      return { kind: 'connecting' };
    case 'moving':
      return { kind: 'live', latencyS: null };
    case 'latency':
      return onLatency(state, event.seconds, event.isStale);
    case 'stalled':
      return { kind: 'delayed', ageS: event.ageS };
    case 'refused':
      return { kind: 'refused' };
    case 'retrying':
      return { kind: 'reconnecting', attempt: event.attempt, retryAt: event.retryAt };
  }
}

export type RecordingBadge = 'recording' | 'off' | 'failed' | 'unknown';

/** What was so when the connection was lost need not be so now. */
export function recordingBadge(camera: Camera, isConnected: boolean): RecordingBadge {
  if (!isConnected) return 'unknown';
  if (camera.status === 'recording') return 'recording';
  return camera.record && camera.last_error?.code === 'storage' ? 'failed' : 'off';
}
