// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeHls } from '../../test/fake-hls';
import { FakeMediaSource, FakeVideo } from '../../test/fake-media-source';
import { FakeSession } from '../../test/fake-session';
import { FakeSocket } from '../../test/fake-socket';
import { StartGate } from '../start-gate';
import type { LivePlayerEvent } from './events';
import { LivePlayer, type LivePlayerOptions, type LiveView } from './live-player';
import { LiveSocket } from './live-socket';

const tile: LiveView = { isEnlarged: false, isAudible: false, wantsStats: false };
const enlarged: LiveView = { ...tile, isEnlarged: true };

let socket: LiveSocket;
let video: FakeVideo;
let still: { width: number; height: number; drawn: number };
let events: LivePlayerEvent[];
let player: LivePlayer;

function make(change: Partial<LivePlayerOptions> = {}): LivePlayer {
  video = new FakeVideo();
  still = { width: 0, height: 0, drawn: 0 };
  const canvas = Object.assign(still, {
    getContext: () => ({ drawImage: () => (still.drawn += 1) }),
  });
  player = new LivePlayer({
    video: video.element,
    still: canvas as unknown as HTMLCanvasElement,
    cameraId: 1,
    hasSub: true,
    unplayable: null,
    socket,
    url: (transport, stream) => `/${transport}/${stream}`,
    gate: new StartGate(),
    loadHls: () => Promise.resolve(new FakeHls()),
    loadPicture: () => Promise.resolve(null),
    view: tile,
    onEvent: (event) => events.push(event),
    now: () => Date.now(),
    ...change,
  });
  player.start();
  return player;
}

const newest = (): FakeSession => FakeSession.newest;
const types = (): string[] => events.map(({ type }) => type);

/** What runs, in short: `websocket sub`, `websocket main low`. */
function running(): string[] {
  return FakeSession.running.map(({ transport, stream, isLowLatency }) =>
    [transport, stream, ...(isLowLatency ? ['low'] : [])].join(' '),
  );
}

/** Pictures keep coming for that long. */
function keepPlaying(seconds: number): void {
  for (let i = 0; i < seconds; i += 1) {
    for (const session of FakeSession.running) session.frame();
    FakeSocket.newest.receive({ channel: 1, pong: {} });
    vi.advanceTimersByTime(1000);
  }
}

function setHidden(isHidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_400_000_000 });
  vi.spyOn(Math, 'random').mockReturnValue(0);
  FakeSession.all = [];
  FakeSocket.all = [];
  events = [];
  vi.stubGlobal('MediaSource', FakeMediaSource);
  socket = new LiveSocket({ url: '', createSocket: FakeSocket.create, random: () => 0 });
  socket.hold();
  FakeSocket.newest.open();
});
afterEach(() => {
  player.stop();
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('LivePlayer', () => {
  it('connects, plays and tells of the first frame', () => {
    make();
    expect(types()).toEqual(['connecting']);
    expect(running()).toEqual(['websocket sub']);
    newest().frame();
    newest().frame();
    expect(events.slice(1)).toEqual([
      { type: 'transport', transport: 'websocket', stream: 'sub', isLowLatency: false },
      { type: 'moving' },
    ]);
    player.start();
    expect(FakeSession.all).toHaveLength(1);
  });

  it('tells how late the picture is, and its figures while somebody wants them', () => {
    make();
    keepPlaying(1);
    expect(events.at(-1)).toEqual({ type: 'latency', seconds: 0.1, isStale: false });
    newest().latency = -5;
    keepPlaying(1);
    expect(events.filter(({ type }) => type === 'latency')).toHaveLength(1);

    player.setView({ ...tile, wantsStats: true });
    keepPlaying(1);
    newest().counted = { ...newest().counted, frames: 25, bytes: 50_000 };
    keepPlaying(1);
    const stats = events.flatMap((event) => (event.type === 'stats' ? [event.stats] : []));
    expect(stats).toHaveLength(1);
    expect(stats[0]).toMatchObject({ fps: 25, bitrateBps: 400_000, latencyS: null, width: 640 });
    player.setView(tile);
    keepPlaying(2);
    expect(events.filter(({ type }) => type === 'stats')).toHaveLength(1);
  });

  it('never shows a stale picture as live, and starts over in the end', () => {
    make();
    keepPlaying(2);
    vi.advanceTimersByTime(2000);
    expect(events.at(-1)).toEqual({ type: 'stalled', ageS: 3 });
    newest().frame();
    expect(events.at(-1)).toEqual({ type: 'moving' });
    vi.advanceTimersByTime(10_000);
    expect(events.at(-1)).toMatchObject({ type: 'retrying', attempt: 1 });
    expect(running()).toEqual([]);
    // The last picture stays to be seen.
    expect(still.drawn).toBe(1);
    vi.advanceTimersByTime(500);
    expect(running()).toEqual(['websocket sub']);
  });

  it('does not take for moving what the recorder still has of a camera that stands still', () => {
    make();
    keepPlaying(2);
    const takenAt = Date.now() - 1100;
    vi.advanceTimersByTime(11_000);
    expect(events.at(-1)).toMatchObject({ type: 'retrying', attempt: 1 });
    const untilTried = (): void => {
      while (running().length === 0) vi.advanceTimersByTime(100);
    };
    for (const attempt of [2, 3]) {
      untilTried();
      const before = events.length;
      newest().latency = (Date.now() - takenAt) / 1000;
      newest().frame();
      newest().frame();
      expect(events).toHaveLength(before);
      vi.advanceTimersByTime(11_000);
      expect(events.at(-1)).toMatchObject({ type: 'retrying', attempt });
      // It is the camera that stands still: the way is as good as ever.
      untilTried();
      expect(running()).toEqual(['websocket sub']);
    }
    newest().latency = 0.1;
    newest().frame();
    expect(events.at(-1)).toEqual({ type: 'moving' });
  });

  it('says of a first picture that is old how old it is, and at once', () => {
    make();
    newest().latency = 8;
    newest().frame();
    expect(events.slice(-2)).toEqual([
      { type: 'moving' },
      { type: 'latency', seconds: 8, isStale: true },
    ]);
  });

  it('waits longer from try to try, until it has played for a while', () => {
    make();
    const attempts = (): (number | string)[] =>
      events.map((event) => (event.type === 'retrying' ? event.attempt : event.type));
    vi.advanceTimersByTime(7000);
    expect(attempts().at(-1)).toBe(1);
    vi.advanceTimersByTime(500 + 7000);
    expect(attempts().at(-1)).toBe(2);
    vi.advanceTimersByTime(1000);
    keepPlaying(15);
    vi.advanceTimersByTime(11_000);
    expect(attempts().at(-1)).toBe(1);
  });

  it('can be told not to wait', () => {
    make();
    player.retryNow();
    vi.advanceTimersByTime(6000);
    expect(running()).toEqual([]);
    player.retryNow();
    expect(running()).toEqual(['websocket sub']);
  });
});

describe('the ways of a live picture', () => {
  it('are tried one after the other, and the best is taken again when it is back', () => {
    make();
    FakeSocket.newest.breakOff();
    expect(events.at(-1)).toMatchObject({ type: 'retrying', attempt: 1 });
    expect(running()).toEqual(['websocket sub']);
    for (const wait of [500, 1000, 2000]) {
      vi.advanceTimersByTime(wait);
      FakeSocket.newest.breakOff();
    }
    expect(socket.state).toBe('blocked');
    expect(running()).toEqual(['ll-hls sub']);
    newest().fail();
    expect(running()).toEqual(['hls sub']);
    newest().frame();
    expect(events.at(-2)).toMatchObject({ type: 'transport', transport: 'hls' });
    newest().fail();
    expect(running()).toEqual(['jpeg sub']);
    newest().frame();

    vi.advanceTimersByTime(4000);
    FakeSocket.newest.open();
    // The single picture stays until the stream has its first one.
    expect(running()).toEqual(['jpeg sub', 'websocket sub']);
    newest().frame();
    expect(running()).toEqual(['websocket sub']);
    expect(events.findLast(({ type }) => type === 'transport')).toMatchObject({
      transport: 'websocket',
    });
  });

  it('end with a pause when all of them failed', () => {
    make();
    for (let i = 0; i < 4; i += 1) newest().fail({ why: 'network', retryAfterMs: 3000 });
    expect(events.at(-1)).toEqual({ type: 'retrying', attempt: 1, retryAt: Date.now() + 3000 });
    vi.advanceTimersByTime(3000);
    expect(running()).toEqual(['websocket sub']);
  });

  it('are left when nothing comes on them twice, though they are open', () => {
    make();
    vi.advanceTimersByTime(7000 + 500 + 7000);
    vi.advanceTimersByTime(1000);
    expect(running()).toEqual(['websocket sub']);
  });

  it('are not left for one failure of the browser, but for three in short order', () => {
    make();
    newest().fail({ why: 'media' });
    newest().fail({ why: 'restart' });
    expect(running()).toEqual(['websocket sub']);
    newest().fail({ why: 'media' });
    expect(running()).toEqual(['ll-hls sub']);
    keepPlaying(31);
    expect(running()).toEqual(['websocket sub']);
  });

  it('are single pictures in a browser without a media source', () => {
    vi.stubGlobal('MediaSource', undefined);
    make();
    expect(running()).toEqual(['jpeg sub']);
  });
});

describe('an enlarged camera', () => {
  beforeEach(() => {
    vi.stubGlobal('VideoDecoder', () => undefined);
    vi.stubGlobal('isSecureContext', true);
  });

  it('gets the main stream drawn at once; the sub stream is seen until then', () => {
    make();
    newest().frame();
    player.setView(enlarged);
    expect(running()).toEqual(['websocket sub', 'websocket main low']);
    expect(player.picture).toBe(video.element);
    newest().frame();
    expect(running()).toEqual(['websocket main low']);
    expect(player.picture).toBe(still);
    expect(events.at(-1)).toMatchObject({ stream: 'main', isLowLatency: true });

    player.setView(tile);
    expect(running()).toEqual(['websocket main low', 'websocket sub']);
    newest().frame();
    expect(running()).toEqual(['websocket sub']);
    // Beside a picture of another shape the canvas would be seen.
    still.width = 1920;
    keepPlaying(2);
    expect(still.width).toBe(0);
  });

  it('forgets what it meant to show when it is made small at once', () => {
    make();
    newest().frame();
    player.setView(enlarged);
    player.setView(enlarged);
    player.setView(tile);
    expect(running()).toEqual(['websocket sub']);
    expect(FakeSession.all).toHaveLength(2);
  });

  it('falls back to the player of the browser by itself', () => {
    make();
    newest().frame();
    player.setView(enlarged);
    newest().fail({ why: 'media' });
    expect(running()).toEqual(['websocket main']);
    expect(newest().isStopped).toBe(true);
    expect(types()).not.toContain('retrying');
    player.setView(tile);
    player.setView(enlarged);
    expect(running()).toEqual(['websocket sub', 'websocket main low']);
  });

  it('falls back after it was shown as well', () => {
    make({ view: enlarged });
    newest().frame();
    newest().fail({ why: 'media' });
    expect(running()).toEqual(['websocket main']);
  });

  it('is heard by way of the browser: drawing has no sound', () => {
    make({ view: enlarged });
    newest().frame();
    player.setView({ ...enlarged, isAudible: true });
    newest().frame();
    expect(running()).toEqual(['websocket main']);
    expect(newest().plan.isAudible).toBe(true);
  });

  it('changes the stream within its session where the page may not decode', () => {
    vi.stubGlobal('isSecureContext', false);
    make();
    newest().frame();
    player.setView(enlarged);
    expect(FakeSession.all).toHaveLength(1);
    newest().frame();
    expect(events.at(-1)).toMatchObject({ type: 'transport', stream: 'main', isLowLatency: false });
    newest().canSwitch = false;
    player.setView(tile);
    expect(FakeSession.all).toHaveLength(2);
    expect(still.drawn).toBe(1);
  });
});

describe('a stream that cannot be had', () => {
  it('is replaced by the other one when the browser cannot play it', () => {
    make({ view: enlarged });
    newest().fail({ why: 'unplayable', codec: 'hvc1.1.6.L93.B0' });
    expect(running()).toEqual(['websocket sub']);
    expect(types()).not.toContain('unplayable');
    newest().fail({ why: 'unplayable', codec: 'hvc1.1.6.L60.B0' });
    expect(events.at(-1)).toEqual({ type: 'unplayable', codec: 'hvc1.1.6.L93.B0' });
    expect(running()).toEqual(['jpeg main']);
  });

  it('is not even asked for where that is known before', () => {
    make({ hasSub: false, unplayable: 'h265' });
    expect(running()).toEqual(['jpeg main']);
  });

  /** The recorder has it again, and says so to who waits for it. */
  function comeBack(stream: string): void {
    const sent = FakeSocket.newest.sent.map(({ subscribe }) => subscribe);
    const asked = sent.filter((one) => (one as { stream?: string } | undefined)?.stream === stream);
    const { channel } = asked.at(-1) as { channel: number };
    FakeSocket.newest.receive({ channel, init: { mime: 'video/mp4; codecs="avc1.42c01e"' } });
    FakeSocket.newest.receiveBytes(channel, Uint8Array.of(1));
    expect(FakeSocket.newest.sent.at(-1)).toEqual({ unsubscribe: { channel } });
  }

  /** What is shown goes away, and the sub stream is there again after so long. */
  function comeAndGo(seconds: number): void {
    newest().events.onEnded('stalled');
    keepPlaying(seconds);
    comeBack('sub');
  }

  it('is replaced by the other one until the camera gives it again', () => {
    make();
    newest().frame();
    newest().events.onEnded('unreachable');
    // What was on its way when it ended is still seen.
    newest().frame();
    newest().frame();
    vi.advanceTimersByTime(1000);
    expect(newest().stream).toBe('main');
    keepPlaying(300);
    expect(newest().stream).toBe('main');
    comeBack('sub');
    expect(newest().stream).toBe('sub');
    expect(FakeSession.all).toHaveLength(1);
  });

  it('is replaced before its first picture, too', () => {
    make();
    newest().canSwitch = false;
    newest().events.onEnded('unreachable');
    expect(running()).toEqual(['websocket main']);
    keepPlaying(1);
    comeBack('sub');
    expect(running()).toEqual(['websocket sub']);
  });

  it('is left alone for two minutes when it comes and goes', () => {
    make();
    for (let i = 0; i < 2; i += 1) {
      comeAndGo(10);
      expect(newest().stream).toBe('sub');
      keepPlaying(10);
    }
    comeAndGo(10);
    keepPlaying(109);
    expect(newest().stream).toBe('main');
    keepPlaying(2);
    expect(newest().stream).toBe('sub');
  });

  it('that comes and goes is better than one that is away', () => {
    make();
    for (let i = 0; i < 3; i += 1) comeAndGo(1);
    keepPlaying(1);
    expect(newest().stream).toBe('main');
    newest().events.onEnded('stalled');
    expect(newest().stream).toBe('sub');
    comeBack('main');
    expect(newest().stream).toBe('main');
  });

  it('is not waited for by a page that is hidden or closed, or that HLS comes to', () => {
    make();
    newest().events.onEnded('unreachable');
    const waiting = (): number =>
      FakeSocket.newest.sent.filter((one) => 'subscribe' in one).length -
      FakeSocket.newest.sent.filter((one) => 'unsubscribe' in one).length;
    expect(waiting()).toBe(1);
    setHidden(true);
    vi.advanceTimersByTime(5000);
    expect(waiting()).toBe(0);
    setHidden(false);
    expect(running()).toEqual(['websocket sub']);
    newest().events.onEnded('unreachable');
    expect(waiting()).toBe(1);
    for (let i = 0; i < 4; i += 1) {
      FakeSocket.newest.breakOff();
      vi.advanceTimersByTime(4000);
    }
    expect(socket.state).toBe('blocked');
    expect(running()).toEqual(['ll-hls sub']);
    FakeSocket.newest.open();
    expect(waiting()).toBe(0);
    newest().events.onEnded('unreachable');
    player.stop();
    expect(waiting()).toBe(0);
  });

  it('is waited for where there is no other', () => {
    make({ hasSub: false });
    newest().events.onEnded('unreachable');
    expect(running()).toEqual(['websocket main']);
  });
});

describe('the page', () => {
  it('stops its streams a while after it was hidden, and has them back when it is seen', () => {
    make();
    keepPlaying(1);
    setHidden(true);
    vi.advanceTimersByTime(5000);
    expect(running()).toEqual([]);
    vi.advanceTimersByTime(60_000);
    setHidden(false);
    expect(events.at(-1)).toEqual({ type: 'stalled', ageS: 66 });
    expect(running()).toEqual(['websocket sub']);
    newest().frame();
    expect(events.at(-1)).toEqual({ type: 'moving' });
  });

  it('goes on at once when it was hidden for a moment', () => {
    make();
    keepPlaying(1);
    setHidden(true);
    vi.advanceTimersByTime(2000);
    setHidden(false);
    expect(newest().resumed).toBe(1);
    expect(FakeSession.all).toHaveLength(1);
  });

  it('is heard while it is hidden', () => {
    make({ view: { ...tile, isAudible: true } });
    newest().frame();
    setHidden(true);
    vi.advanceTimersByTime(60_000);
    expect(running()).toEqual(['websocket sub']);
    expect(types()).not.toContain('stalled');
  });

  it('does not sit out a pause when it is seen, or the network is back', () => {
    make();
    vi.advanceTimersByTime(7000);
    window.dispatchEvent(new Event('online'));
    expect(running()).toEqual(['websocket sub']);
    vi.advanceTimersByTime(7000);
    setHidden(true);
    setHidden(false);
    expect(running()).toEqual(['websocket sub']);
  });

  it('waits for the viewer where the browser plays nothing by itself', () => {
    make();
    newest().events.onRefused();
    newest().frame();
    vi.advanceTimersByTime(20_000);
    expect(types()).toEqual(['connecting', 'refused']);
    player.play();
    expect(newest().resumed).toBe(1);
    newest().frame();
    expect(types()).toEqual(['connecting', 'refused', 'connecting', 'transport', 'moving']);
    player.play();
    expect(newest().resumed).toBe(1);
  });

  it('leaves nothing behind', () => {
    make();
    newest().frame();
    player.stop();
    player.stop();
    const before = events.length;
    newest().frame();
    vi.advanceTimersByTime(60_000);
    setHidden(true);
    setHidden(false);
    expect(running()).toEqual([]);
    expect(events).toHaveLength(before);
    expect(still.drawn).toBe(1);
  });
});
