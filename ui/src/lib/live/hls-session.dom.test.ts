// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeHls } from '../../test/fake-hls';
import { FakeVideo, timeRanges } from '../../test/fake-media-source';
import type { HlsLike } from '../hls-loader';
import { StartGate } from '../start-gate';
import { HlsSession } from './hls-session';
import type { SessionFailure } from './session';

let video: FakeVideo;
let gate: StartGate;
let session: HlsSession;
let frames: number;
let refusals: number;
let failures: SessionFailure[];

function make(
  transport: 'hls' | 'll-hls' = 'hls',
  loadHls: () => Promise<HlsLike> = () => Promise.resolve(new FakeHls()),
): void {
  session = new HlsSession({
    transport,
    video: video.element,
    stream: 'main',
    url: '/playlist.m3u8',
    gate,
    loadHls,
    events: {
      onFrame: () => (frames += 1),
      onRefused: () => (refusals += 1),
      onFailure: (failure) => failures.push(failure),
    },
    now: () => Date.now(),
  });
  session.start();
}

async function play(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  FakeHls.newest.ready();
  video.frame();
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_400_000_000 });
  FakeHls.all = [];
  video = new FakeVideo();
  gate = new StartGate();
  frames = 0;
  refusals = 0;
  failures = [];
});
afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe('HlsSession', () => {
  it('plays the playlist, and leaves the gate with its first frame', async () => {
    make();
    expect(gate.pending).toBe(1);
    await play();
    expect(FakeHls.newest).toMatchObject({ url: '/playlist.m3u8', media: video });
    expect([video.plays, frames, gate.pending]).toEqual([1, 1, 0]);
    FakeHls.newest.bytes = 1000;
    FakeHls.newest.codec = 'avc1.64001f';
    video.buffered = timeRanges([{ start: 0, end: 1.5 }]);
    expect(session.figures()).toMatchObject({ frames: 1, bytes: 1000, bufferedS: 1.5, codec: 'avc1.64001f' });
    session.stop();
    expect(FakeHls.newest.isDestroyed).toBe(true);
  });

  it('knows how late it is by the date in the playlist, or else by hls.js', async () => {
    make();
    expect(session.latencyS()).toBeNull();
    await play();
    FakeHls.newest.latency = 2.5;
    expect(session.latencyS()).toBe(2.5);
    FakeHls.newest.playingDate = new Date(Date.now() - 3000);
    expect(session.latencyS()).toBe(3);
  });

  it('comes close to the newest part by one seek, once it plays', async () => {
    make('ll-hls');
    await play();
    FakeHls.newest.liveSyncPosition = 10;
    video.currentTime = 9.5;
    for (let i = 0; i < 3; i += 1) video.frame();
    expect(video.currentTime).toBe(9.5);
    video.frame();
    expect(video.currentTime).toBe(10);
    video.currentTime = 9.5;
    video.frame();
    expect(video.currentTime).toBe(9.5);
  });

  it('with parts, makes up for less than two seconds by its rate, and for more by a jump', async () => {
    make('ll-hls');
    await play();
    FakeHls.newest.liveSyncPosition = 10;
    const after = async (currentTime: number) => {
      video.currentTime = currentTime;
      await vi.advanceTimersByTimeAsync(1000);
      return [video.currentTime, video.playbackRate];
    };
    expect(await after(9.5)).toEqual([9.5, 1.1]);
    expect(await after(9.9)).toEqual([9.9, 1]);
    expect(await after(8.1)).toEqual([8.1, 1.1]);
    expect(await after(5)).toEqual([10, 1]);
    FakeHls.newest.liveSyncPosition = null;
    expect(await after(5)).toEqual([5, 1]);
    FakeHls.newest.liveSyncPosition = 10;
    expect(await after(9)).toEqual([9, 1.1]);
    session.stop();
    expect(video.playbackRate).toBe(1);
  });

  it('gives up when the code or the stream cannot be had, and says for how long', async () => {
    make('hls', () => Promise.reject(new Error('offline')));
    await vi.advanceTimersByTimeAsync(0);
    make();
    await play();
    FakeHls.newest.fail({ retryAfterMs: 2000 });
    FakeHls.newest.fail({ fatal: false });
    expect(failures).toEqual([
      { why: 'network', retryAfterMs: null },
      { why: 'network', retryAfterMs: 2000 },
    ]);
  });

  it('recovers from an error of the media once, and gives up on the next', async () => {
    make();
    await play();
    FakeHls.newest.fail({ kind: 'media' });
    expect(FakeHls.newest.recoveries).toBe(1);
    expect(failures).toEqual([]);
    FakeHls.newest.fail({ kind: 'media' });
    expect(failures).toEqual([{ why: 'media' }]);
  });

  it('plays later after a stall, but not for those of the start', async () => {
    make();
    await play();
    FakeHls.newest.stall();
    await vi.advanceTimersByTimeAsync(6000);
    expect(FakeHls.newest.margin).toBe(0);
    FakeHls.newest.stall();
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeHls.newest.margin).toBe(0.25);
  });

  it('jumps to now when the page is seen again after long', async () => {
    make();
    await play();
    FakeHls.newest.liveSyncPosition = 30;
    video.currentTime = 25;
    session.resume();
    expect(video.currentTime).toBe(25);
    video.currentTime = 10;
    session.resume();
    expect(video.currentTime).toBe(30);
    video.refuses = true;
    session.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(refusals).toBe(1);
  });

  it('lets go of hls.js that comes after it was stopped', async () => {
    make();
    session.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeHls.newest.isDestroyed).toBe(true);
    expect(gate.pending).toBe(0);
    expect(session.switchTo('sub')).toBe(false);
  });
});
