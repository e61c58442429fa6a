// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { makeCamera } from '../../test/samples';
import {
  hasPictures,
  initialTileState,
  recordingBadge,
  tileReducer,
  type TileEvent,
  type TileState,
} from './tile-state';

function after(...events: TileEvent[]): TileState {
  return events.reduce(tileReducer, initialTileState);
}

const refused = { code: 'unauthorized', message: 'Password refused', at: '2026-11-23T00:58:00Z' };
const offline: TileEvent = {
  type: 'camera',
  camera: makeCamera({
    status: 'offline',
    status_since: '2026-11-23T00:58:00.000Z',
    last_error: refused,
  }),
  unplayable: null,
};
const online: TileEvent = { type: 'camera', camera: makeCamera(), unplayable: null };
const connecting: TileEvent = {
  type: 'camera',
  camera: makeCamera({ status: 'connecting' }),
  unplayable: null,
};
const live: TileEvent[] = [online, { type: 'connecting' }, { type: 'moving' }];

describe('tileReducer', () => {
  it('goes from nothing to live, with latency as shown', () => {
    expect(after(online)).toEqual({ kind: 'placeholder' });
    expect(after(online, { type: 'connecting' })).toEqual({ kind: 'connecting' });
    expect(after(...live)).toEqual({ kind: 'live', latencyS: null });
    expect(after(...live, { type: 'latency', seconds: 2.34, isStale: false })).toEqual({
      kind: 'live',
      latencyS: 2.3,
    });
  });

  it('stays the same object while what is shown is the same', () => {
    const shown = after(...live, { type: 'latency', seconds: 2.34, isStale: false });
    expect(tileReducer(shown, { type: 'latency', seconds: 2.28, isStale: false })).toBe(shown);
    expect(tileReducer(shown, online)).toBe(shown);
  });

  it('tells delayed from reconnecting, and comes back from both', () => {
    const delayed = after(...live, { type: 'stalled', ageS: 4 });
    expect(delayed).toEqual({ kind: 'delayed', ageS: 4 });
    expect(tileReducer(delayed, { type: 'latency', seconds: 9, isStale: false })).toBe(delayed);
    const retrying = tileReducer(delayed, { type: 'retrying', attempt: 3, retryAt: 1000 });
    expect(retrying).toEqual({ kind: 'reconnecting', attempt: 3, retryAt: 1000 });
    expect(tileReducer(retrying, { type: 'moving' })).toEqual({ kind: 'live', latencyS: null });
  });

  it('never calls live what is old, though it moves', () => {
    const old = after(...live, { type: 'latency', seconds: 40.2, isStale: true });
    expect(old).toEqual({ kind: 'delayed', ageS: 40, isMoving: true });
    expect(tileReducer(old, { type: 'latency', seconds: 40.4, isStale: true })).toBe(old);
    expect(tileReducer(old, { type: 'latency', seconds: 3, isStale: false })).toEqual({
      kind: 'live',
      latencyS: 3,
    });
  });

  it('shows why and since when a camera is offline, whatever the player says', () => {
    const expected = {
      kind: 'offline',
      reason: 'Password refused',
      since: Date.parse('2026-11-23T00:58:00Z'),
    };
    expect(after(...live, offline)).toEqual(expected);
    expect(after(...live, offline, { type: 'stopped' })).toEqual(expected);
    expect(after(offline, { type: 'moving' })).toEqual(expected);
  });

  it('keeps the reason readable while the camera is tried again', () => {
    expect(after(offline, connecting)).toEqual(after(offline));
    expect(after(connecting)).toEqual({ kind: 'connecting' });
    expect(after(offline, connecting, online)).toEqual({ kind: 'placeholder' });
  });

  it('says unplayable instead of showing black', () => {
    const unplayable: TileEvent = { ...online, unplayable: 'No H.265 here' };
    expect(after(unplayable, { type: 'connecting' })).toEqual({
      kind: 'unplayable',
      reason: 'No H.265 here',
    });
    expect(after(unplayable, online)).toEqual({ kind: 'placeholder' });
  });

  it('is off when disabled, and starts afresh when enabled', () => {
    const off: TileEvent = {
      type: 'camera',
      camera: makeCamera({ enabled: false, status: 'disabled' }),
      unplayable: null,
    };
    expect(after(...live, off)).toEqual({ kind: 'off' });
    expect(after(...live, off, online)).toEqual({ kind: 'placeholder' });
  });

  it('waits in silence when its stream was stopped', () => {
    expect(after(...live, { type: 'stopped' })).toEqual({ kind: 'placeholder' });
  });
});

describe('hasPictures', () => {
  it('is true only for cameras that stream', () => {
    const of = (change: Parameters<typeof makeCamera>[0]): boolean =>
      hasPictures(makeCamera(change));
    expect(of({ status: 'recording' })).toBe(true);
    expect(of({ status: 'online' })).toBe(true);
    expect(of({ status: 'connecting' })).toBe(false);
    expect(of({ status: 'offline' })).toBe(false);
    expect(of({ enabled: false })).toBe(false);
  });
});

describe('recordingBadge', () => {
  it('claims nothing while there is no connection to the recorder', () => {
    expect(recordingBadge(makeCamera(), false)).toBe('unknown');
  });

  it('tells recording, off and failed apart', () => {
    const full = { code: 'storage', message: 'The disk is full', at: '2026-11-23T00:58:00Z' };
    expect(recordingBadge(makeCamera(), true)).toBe('recording');
    expect(recordingBadge(makeCamera({ status: 'online', record: false }), true)).toBe('off');
    expect(recordingBadge(makeCamera({ status: 'online', last_error: full }), true)).toBe('failed');
    // An old error of a camera that records again is no alarm.
    expect(recordingBadge(makeCamera({ last_error: full }), true)).toBe('recording');
    expect(
      recordingBadge(makeCamera({ status: 'online', record: false, last_error: full }), true),
    ).toBe('off');
  });
});
