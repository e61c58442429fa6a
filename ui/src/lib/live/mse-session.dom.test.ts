// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeMediaSource, FakeVideo, timeRanges, type FakeSourceBuffer } from '../../test/fake-media-source';
import { makeFragment, makeInit } from '../../test/fake-mp4';
import { FakeSocket } from '../../test/fake-socket';
import { joined, readInit } from './fmp4';
import { LiveSocket } from './live-socket';
import { MseSession } from './mse-session';
import type { SessionFailure } from './session';

const mime = 'video/mp4; codecs="avc1.4d0028"';
const withSound = 'video/mp4; codecs="avc1.4d0028,mp4a.40.2"';
/** The recorder's time at which the test begins, in seconds. */
const begin = 1_795_400_000;

let socket: LiveSocket;
let video: FakeVideo;
let session: MseSession;
let frames: number;
let refusals: number;
let failures: SessionFailure[];
let ended: string[];

function make(isAudible = false): void {
  session = new MseSession({
    video: video.element,
    still: null,
    socket,
    cameraId: 1,
    stream: 'sub',
    isAudible,
    events: {
      onFrame: () => (frames += 1),
      onRefused: () => (refusals += 1),
      onFailure: (failure) => failures.push(failure),
      onEnded: (code) => ended.push(code),
    },
    now: () => Date.now(),
  });
  session.start();
  FakeMediaSource.newest.open();
}

function buffer(): FakeSourceBuffer {
  const made = FakeMediaSource.newest.buffer;
  if (made === null) throw new Error('No buffer was made');
  return made;
}

function sendInit(hasAudio = false, channel = 1): void {
  const said = { mime: hasAudio ? withSound : mime, width: 640, height: 360 };
  FakeSocket.newest.receive({ channel, init: said });
  FakeSocket.newest.receiveBytes(channel, makeInit(hasAudio));
}

/** The group of pictures that was missed, up to now; then loaded. */
function sendBurst(seconds = 1): void {
  const nowS = Date.now() / 1000;
  const count = Math.round(seconds * 25);
  const parts = Array.from({ length: count }, (_, i) =>
    makeFragment({ decodeS: nowS - seconds + i * 0.04, isKey: i === 0 }),
  );
  FakeSocket.newest.receiveBytes(1, joined(parts));
  load(nowS - seconds, nowS);
}

function load(start: number, end: number): void {
  video.buffered = timeRanges([{ start, end }]);
  buffer().buffered = video.buffered;
  while (buffer().updating) buffer().done();
}

/** One frame each 40 ms, loaded and shown. */
function run(seconds: number, rate = (): number => video.playbackRate): void {
  const start = video.buffered.start(0);
  for (let i = 0; i < seconds * 25; i += 1) {
    vi.advanceTimersByTime(40);
    FakeSocket.newest.receiveBytes(1, makeFragment({ decodeS: Date.now() / 1000 - 0.04 }));
    load(start, Date.now() / 1000);
    video.currentTime += 0.04 * rate();
    video.frame();
  }
}

/** How far behind the camera it plays after the picture stood still for so long. */
function behindAfterAStall(seconds: number): number {
  make();
  sendInit();
  sendBurst();
  run(5);
  video.dispatchEvent(new Event('waiting'));
  run(seconds, () => 0);
  video.dispatchEvent(new Event('playing'));
  video.dispatchEvent(new Event('playing'));
  run(5);
  video.currentTime -= 1;
  run(20);
  return Date.now() / 1000 - video.currentTime;
}

beforeEach(() => {
  vi.useFakeTimers({ now: begin * 1000 });
  FakeSocket.all = [];
  FakeMediaSource.all = [];
  FakeMediaSource.playable = (type) => type.includes('avc1');
  vi.stubGlobal('MediaSource', FakeMediaSource);
  URL.createObjectURL = () => 'blob:1';
  URL.revokeObjectURL = () => undefined;
  socket = new LiveSocket({ url: '', createSocket: FakeSocket.create, random: () => 0 });
  socket.hold();
  FakeSocket.newest.open();
  video = new FakeVideo();
  frames = 0;
  refusals = 0;
  failures = [];
  ended = [];
});
afterEach(() => {
  session.stop();
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('MseSession', () => {
  it('shows the newest of the pictures that were missed first', () => {
    make();
    sendInit();
    sendBurst();
    expect(begin - video.currentTime).toBeGreaterThan(0.04);
    expect(begin - video.currentTime).toBeLessThan(0.12);
    video.frame();
    expect(frames).toBe(1);
    expect(session.latencyS()).toBeCloseTo(begin - video.currentTime, 6);
    expect(video.plays).toBeGreaterThan(0);
  });

  it('stays within 100 ms of the camera, without touching the rate', () => {
    make();
    sendInit();
    sendBurst();
    run(20);
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.1);
    expect(video.playbackRate).toBe(1);
    expect(session.figures()).toMatchObject({ frames: 500, droppedFrames: 2, codec: 'avc1.4d0028' });
    expect(session.figures().bytes).toBeGreaterThan(500 * 100);
  });

  it('catches up by rate after a pause, and by a jump after a long one', () => {
    make();
    sendInit();
    sendBurst();
    run(5);
    video.currentTime -= 1;
    vi.advanceTimersByTime(100);
    expect(video.playbackRate).toBe(1.25);
    run(20);
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.12);
    expect(video.playbackRate).toBe(1);
    video.buffered = timeRanges([{ start: begin - 10, end: Date.now() / 1000 }]);
    video.currentTime -= 3;
    vi.advanceTimersByTime(100);
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.2);
    expect(video.playbackRate).toBe(1);
  });

  it('keeps more in front of the picture after a stall', () => {
    const behind = behindAfterAStall(0.2);
    expect(behind).toBeGreaterThan(0.1);
    expect(behind).toBeLessThan(0.18);
  });

  it('keeps no more after one that nobody sees', () => {
    expect(behindAfterAStall(0.08)).toBeLessThan(0.1);
  });

  it('crosses a hole in the stream', () => {
    make();
    sendInit();
    sendBurst();
    run(2);
    const nowS = Date.now() / 1000;
    video.buffered = timeRanges([
      { start: begin - 1, end: nowS - 5 },
      { start: nowS - 0.5, end: nowS },
    ]);
    video.currentTime = nowS - 4;
    vi.advanceTimersByTime(100);
    expect(video.currentTime).toBeGreaterThanOrEqual(nowS - 0.5);
  });

  it('goes from the sub stream to the main one in the same source, to its newest picture', () => {
    make();
    sendInit();
    sendBurst();
    run(1);
    expect(session.switchTo('main')).toBe(true);
    expect(session.switchTo('main')).toBe(true);
    expect(FakeSocket.newest.sent.flatMap(({ subscribe }) => subscribe ?? [])).toHaveLength(2);
    run(1);
    expect(session.stream).toBe('sub');
    sendInit();
    sendBurst();
    expect(session.stream).toBe('main');
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.15);
    expect(failures).toEqual([]);
    expect(FakeMediaSource.all).toHaveLength(1);
  });

  it('does not go to another stream before its first pictures are loaded', () => {
    make();
    sendInit();
    sendBurst();
    run(1);
    session.switchTo('main');
    const nowS = Date.now() / 1000;
    // The last picture of the one is still being taken when the other begins, which is no newer.
    FakeSocket.newest.receiveBytes(1, makeFragment({ decodeS: nowS }));
    sendInit();
    FakeSocket.newest.receiveBytes(1, makeFragment({ decodeS: nowS - 0.04, isKey: true }));
    buffer().done();
    expect(session.stream).toBe('sub');
    buffer().done();
    expect(session.stream).toBe('main');
  });

  it('leaves sound out that nobody hears', () => {
    make();
    sendInit(true);
    expect(buffer().mime).toBe(mime);
    expect(readInit(buffer().appended[0] ?? new Uint8Array()).audioIds).toEqual([]);
  });

  it('plays sound that is heard, and begins anew for another stream or when it goes', () => {
    make(true);
    sendInit(true);
    expect(buffer().mime).toBe(withSound);
    expect(session.switchTo('main')).toBe(false);
    expect(session.switchTo('sub')).toBe(true);
    sendInit(false);
    expect(failures).toEqual([{ why: 'restart' }]);
  });

  it('goes on in the same source when the recorder was restarted', () => {
    make();
    sendInit();
    sendBurst();
    run(1);
    FakeSocket.newest.breakOff();
    vi.advanceTimersByTime(6000);
    FakeSocket.newest.open();
    sendInit();
    sendBurst();
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.15);
    expect(FakeMediaSource.all).toHaveLength(1);
  });

  it('does not wait until all is loaded that came after the first pictures', () => {
    make();
    sendInit();
    buffer().done();
    const nowS = Date.now() / 1000;
    const parts = Array.from({ length: 25 }, (_, i) =>
      makeFragment({ decodeS: nowS - 1 + i * 0.04, isKey: i === 0 }),
    );
    FakeSocket.newest.receiveBytes(1, joined(parts));
    FakeSocket.newest.receiveBytes(1, makeFragment({ decodeS: nowS }));
    video.buffered = timeRanges([{ start: nowS - 1, end: nowS }]);
    // Of a busy page: there is always another one that waits.
    buffer().done();
    expect(nowS - video.currentTime).toBeLessThan(0.2);
  });

  it('goes to the newest picture when frames were dropped, and when the page is seen again', () => {
    make();
    sendInit();
    sendBurst();
    run(1);
    FakeSocket.newest.receive({ channel: 1, dropped: { frames: 20 } });
    vi.advanceTimersByTime(2000);
    sendBurst(0.5);
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.15);
    video.currentTime -= 1.5;
    video.buffered = timeRanges([{ start: begin, end: Date.now() / 1000 }]);
    session.resume();
    expect(Date.now() / 1000 - video.currentTime).toBeLessThan(0.15);
  });

  it('plays on when the browser pauses it, and says when it may not', async () => {
    make();
    sendInit();
    sendBurst();
    const plays = video.plays;
    video.dispatchEvent(new Event('pause'));
    expect(video.plays).toBe(plays + 1);
    video.refuses = true;
    video.dispatchEvent(new Event('pause'));
    await vi.advanceTimersByTimeAsync(0);
    expect(refusals).toBe(1);
  });

  it('tells what it cannot play, what it cannot read, and that the camera is away', () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    make();
    FakeSocket.newest.receiveBytes(1, Uint8Array.of(1));
    FakeSocket.newest.receive({ channel: 1, init: { mime: 'video/mp4; codecs="hvc1.1.6.L93.B0"' } });
    FakeSocket.newest.receiveBytes(1, makeInit());
    FakeSocket.newest.receive({ channel: 1, init: { mime } });
    FakeSocket.newest.receiveBytes(1, Uint8Array.of(1, 2, 3));
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'unreachable' } });
    expect(failures).toEqual([{ why: 'unplayable', codec: 'hvc1.1.6.L93.B0' }, { why: 'media' }]);
    expect(ended).toEqual(['unreachable']);
  });

  it('knows nothing before a picture came', () => {
    make();
    expect(session.latencyS()).toBeNull();
    expect(session.figures().bufferedS).toBe(0);
    vi.advanceTimersByTime(500);
    session.resume();
    expect(video.currentTime).toBe(0);
  });
});
