// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeHls } from '../test/fake-hls';
import { LivePlayer, type LivePlayerEvent } from './live-player';
import { StartGate } from './start-gate';

const start = 1_795_400_000_000;

/** A <video> whose frames the test sends. */
class FakeVideo extends EventTarget {
  videoWidth = 1280;
  videoHeight = 720;
  currentTime = 0;
  plays = 0;
  cancelled = 0;
  /** As a browser does that plays nothing by itself. */
  refuses = false;
  /** Seconds that are loaded beyond the picture shown. */
  ahead = 0;
  #callback: (() => void) | null = null;

  get buffered(): TimeRanges {
    const end = this.currentTime + this.ahead;
    return { length: 1, start: () => 0, end: () => end };
  }

  play(): Promise<void> {
    this.plays += 1;
    return this.refuses
      ? Promise.reject(new DOMException('No', 'NotAllowedError'))
      : Promise.resolve();
  }

  requestVideoFrameCallback(callback: () => void): number {
    this.#callback = callback;
    return 7;
  }

  cancelVideoFrameCallback(): void {
    this.cancelled += 1;
    this.#callback = null;
  }

  frame(): void {
    const callback = this.#callback;
    this.#callback = null;
    callback?.();
  }

  get waitsForFrame(): boolean {
    return this.#callback !== null;
  }
}

type Bench = {
  player: LivePlayer;
  video: FakeVideo;
  gate: StartGate;
  events: LivePlayerEvent[];
  types: () => string[];
  still: { width: number; height: number; drawn: number };
};

const players: LivePlayer[] = [];

function bench(loadHls = (): Promise<FakeHls> => Promise.resolve(new FakeHls())): Bench {
  const video = new FakeVideo();
  const events: LivePlayerEvent[] = [];
  const gate = new StartGate();
  const still = { width: 0, height: 0, drawn: 0 };
  const canvas = {
    ...still,
    getContext: () => ({ drawImage: () => (still.drawn += 1) }),
  };
  const player = new LivePlayer({
    video: video as unknown as HTMLVideoElement,
    still: canvas as unknown as HTMLCanvasElement,
    url: '/api/cameras/1/stream/hls/playlist.m3u8',
    gate,
    loadHls,
    onEvent: (event) => events.push(event),
  });
  players.push(player);
  return { player, video, gate, events, types: () => events.map(({ type }) => type), still };
}

async function play(given: Bench): Promise<void> {
  given.player.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeHls.newest.ready();
  given.video.frame();
}

/** Pictures keep coming for that long. */
function keepPlaying(given: Bench, seconds: number): void {
  for (let i = 0; i < seconds; i += 1) {
    given.video.frame();
    vi.advanceTimersByTime(1000);
  }
}

function setHidden(isHidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('LivePlayer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: start });
    vi.spyOn(Math, 'random').mockReturnValue(0);
    FakeHls.all = [];
  });
  afterEach(() => {
    for (const player of players.splice(0)) player.stop();
    vi.useRealTimers();
  });

  it('connects, plays and tells of the first frame', async () => {
    const given = bench();
    await play(given);

    expect(FakeHls.newest.url).toBe('/api/cameras/1/stream/hls/playlist.m3u8');
    expect(FakeHls.newest.media).toBe(given.video);
    expect(given.video.plays).toBe(1);
    expect(given.types()).toEqual(['connecting', 'moving']);
    expect(given.gate.pending).toBe(0);
  });

  it('measures latency by the recorded time of the picture, else as hls.js does', async () => {
    const given = bench();
    await play(given);
    FakeHls.newest.latency = 2.5;
    vi.advanceTimersByTime(1000);
    expect(given.events.at(-1)).toEqual({ type: 'latency', seconds: 2.5 });

    FakeHls.newest.playingDate = new Date(start - 800);
    given.video.frame();
    vi.advanceTimersByTime(1000);
    expect(given.events.at(-1)).toEqual({ type: 'latency', seconds: 2.8 });
  });

  it('says nothing about latency when the clocks disagree', async () => {
    const given = bench();
    await play(given);
    FakeHls.newest.playingDate = new Date(start + 60_000);
    vi.advanceTimersByTime(1000);
    expect(given.types()).not.toContain('latency');
  });

  it('is delayed after 3 s without a frame, moves again, and reconnects after 10 s', async () => {
    const given = bench();
    await play(given);
    vi.advanceTimersByTime(2999);
    expect(given.types()).not.toContain('stalled');
    vi.advanceTimersByTime(1);
    expect(given.events.at(-1)).toEqual({ type: 'stalled', ageS: 3 });
    given.video.frame();
    expect(given.types().at(-1)).toBe('moving');

    vi.advanceTimersByTime(10_000);
    expect(given.events.at(-1)).toMatchObject({ type: 'retrying', attempt: 1 });
    expect(FakeHls.newest.isDestroyed).toBe(true);
    expect(given.still.drawn).toBe(1);
  });

  it('tries again with growing pauses until the stream is back', async () => {
    const given = bench();
    given.player.start();
    await vi.advanceTimersByTimeAsync(0);
    for (const [index, wait] of [500, 1000, 2000, 4000, 8000, 10_000, 10_000].entries()) {
      expect(FakeHls.all).toHaveLength(index + 1);
      FakeHls.newest.fail({ httpStatus: 503 });
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(FakeHls.all).toHaveLength(index + 1);
      await vi.advanceTimersByTimeAsync(1);
    }
    FakeHls.newest.ready();
    given.video.frame();
    expect(given.types().at(-1)).toBe('moving');
    expect(FakeHls.all.filter((hls) => !hls.isDestroyed)).toHaveLength(1);
  });

  it('waits as long as the recorder asks', async () => {
    const given = bench();
    given.player.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeHls.newest.fail({ httpStatus: 503, retryAfterMs: 3000 });
    await vi.advanceTimersByTimeAsync(2999);
    expect(FakeHls.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeHls.all).toHaveLength(2);
  });

  it('counts tries anew only after ten steady seconds', async () => {
    const given = bench();
    await play(given);
    FakeHls.newest.fail();
    await vi.advanceTimersByTimeAsync(500);
    given.video.frame();
    FakeHls.newest.fail();
    expect(given.events.at(-1)).toMatchObject({ type: 'retrying', attempt: 2 });
    await vi.advanceTimersByTimeAsync(1000);
    for (let second = 0; second < 11; second += 1) {
      given.video.frame();
      vi.advanceTimersByTime(1000);
    }
    FakeHls.newest.fail();
    expect(given.events.at(-1)).toMatchObject({ type: 'retrying', attempt: 1 });
  });

  it('recovers from a media error in place once, then starts over', async () => {
    const given = bench();
    await play(given);
    FakeHls.newest.fail({ kind: 'media' });
    expect(FakeHls.newest.recoveries).toBe(1);
    expect(given.types()).not.toContain('retrying');
    FakeHls.newest.fail({ kind: 'media' });
    expect(given.types().at(-1)).toBe('retrying');
  });

  it('keeps the picture of now, not an older one, while it recovers', async () => {
    const given = bench();
    await play(given);
    expect(given.still.drawn).toBe(0);
    FakeHls.newest.fail({ kind: 'media' });
    expect(given.still.drawn).toBe(1);
  });

  it('plays later after a stall, and as close as before once there is room', async () => {
    const given = bench();
    await play(given);
    keepPlaying(given, 5);
    FakeHls.newest.stall();
    given.video.ahead = 0.9;
    keepPlaying(given, 1);
    expect(FakeHls.newest.margin).toBe(0.25);
    expect(given.types()).not.toContain('retrying');
    keepPlaying(given, 28);
    expect(FakeHls.newest.margin).toBe(0.25);
    keepPlaying(given, 1);
    expect(FakeHls.newest.margin).toBe(0);
  });

  it('stays as late as it was while the buffer has no room', async () => {
    const given = bench();
    await play(given);
    keepPlaying(given, 5);
    FakeHls.newest.stall();
    for (let i = 0; i < 12; i += 1) {
      given.video.ahead = 0.9;
      keepPlaying(given, 9);
      given.video.ahead = 0.1;
      keepPlaying(given, 1);
    }
    expect(FakeHls.newest.margin).toBe(0.25);
  });

  it('does not take a bumpy start for a bad connection', async () => {
    const given = bench();
    given.player.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeHls.newest.ready();
    FakeHls.newest.stall();
    keepPlaying(given, 4);
    FakeHls.newest.stall();
    keepPlaying(given, 1);
    expect(FakeHls.newest.margin).toBe(0);
    FakeHls.newest.stall();
    keepPlaying(given, 1);
    expect(FakeHls.newest.margin).toBe(0.25);
  });

  it('remembers over a new connection how late it had to play', async () => {
    const given = bench();
    await play(given);
    keepPlaying(given, 5);
    FakeHls.newest.stall();
    FakeHls.newest.fail();
    await vi.advanceTimersByTimeAsync(500);
    FakeHls.newest.ready();
    keepPlaying(given, 1);
    expect(FakeHls.all).toHaveLength(2);
    expect(FakeHls.newest.margin).toBe(0.25);
  });

  it('leaves errors that are not fatal to hls.js', async () => {
    const given = bench();
    await play(given);
    FakeHls.newest.fail({ fatal: false });
    expect(FakeHls.newest.isDestroyed).toBe(false);
    expect(given.types()).toEqual(['connecting', 'moving']);
  });

  it('tries again when hls.js itself could not be loaded', async () => {
    const loadHls = vi
      .fn<() => Promise<FakeHls>>()
      .mockRejectedValueOnce(new Error('chunk'))
      .mockImplementation(() => Promise.resolve(new FakeHls()));
    const given = bench(loadHls);
    given.player.start();
    await vi.advanceTimersByTimeAsync(500);
    expect(loadHls).toHaveBeenCalledTimes(2);
    expect(FakeHls.all).toHaveLength(1);
  });

  it('does not wait any longer when the network or the viewer comes back', async () => {
    const given = bench();
    given.player.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeHls.newest.fail();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeHls.all).toHaveLength(2);
    FakeHls.newest.fail();
    setHidden(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeHls.all).toHaveLength(3);
  });

  it('takes a hidden page for no fault, and jumps to now when it is seen again', async () => {
    const given = bench();
    await play(given);
    setHidden(true);
    vi.advanceTimersByTime(20_000);
    expect(given.types()).toEqual(['connecting', 'moving']);
    FakeHls.newest.liveSyncPosition = 42;
    setHidden(false);
    expect(given.video.currentTime).toBe(42);
    expect(given.types()).not.toContain('retrying');
  });

  it('says at once how old the picture of a page is that was hidden, until it moves', async () => {
    const given = bench();
    await play(given);
    setHidden(true);
    vi.advanceTimersByTime(20_000);
    setHidden(false);
    expect(given.events.at(-1)).toEqual({ type: 'stalled', ageS: 20 });
    vi.advanceTimersByTime(1000);
    expect(given.events.at(-1)).toEqual({ type: 'stalled', ageS: 21 });
    given.video.frame();
    expect(given.events.at(-1)).toEqual({ type: 'moving' });

    setHidden(true);
    vi.advanceTimersByTime(2000);
    setHidden(false);
    expect(given.events.at(-1)).toEqual({ type: 'moving' });
  });

  it('waits for the viewer when the browser refuses to play, instead of starting over', async () => {
    const given = bench();
    given.video.refuses = true;
    given.player.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeHls.newest.ready();
    await vi.advanceTimersByTimeAsync(0);
    // The first picture is shown, and stands still.
    given.video.frame();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(given.types()).toEqual(['connecting', 'refused']);
    expect(FakeHls.all).toHaveLength(1);
    expect(given.gate.pending).toBe(0);

    given.video.refuses = false;
    FakeHls.newest.liveSyncPosition = 60;
    given.player.play();
    expect(given.video.currentTime).toBe(60);
    given.video.frame();
    await vi.advanceTimersByTimeAsync(0);
    expect(given.types()).toEqual(['connecting', 'refused', 'connecting', 'moving']);
    given.player.play();
    expect(given.video.plays).toBe(2);
  });

  it('takes back every listener it added', async () => {
    const given = bench();
    const listening = new Map<string, number>();
    for (const target of [window, document, given.video] as EventTarget[]) {
      vi.spyOn(target, 'addEventListener').mockImplementation((type: string) => {
        listening.set(type, (listening.get(type) ?? 0) + 1);
      });
      vi.spyOn(target, 'removeEventListener').mockImplementation((type: string) => {
        listening.set(type, (listening.get(type) ?? 0) - 1);
      });
    }
    await play(given);
    expect([...listening.values()]).toEqual([1, 1, 1]);
    given.player.stop();
    expect([...listening.values()]).toEqual([0, 0, 0]);
  });

  it('leaves nothing behind when stopped, wherever it was', async () => {
    const playing = bench();
    await play(playing);
    playing.player.stop();
    expect(FakeHls.newest.isDestroyed).toBe(true);
    expect(playing.video.waitsForFrame).toBe(false);
    expect(playing.still.drawn).toBe(1);
    expect(vi.getTimerCount()).toBe(0);

    const retrying = bench();
    retrying.player.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeHls.newest.fail();
    retrying.player.stop();
    expect(vi.getTimerCount()).toBe(0);
    const made = FakeHls.all.length;
    window.dispatchEvent(new Event('online'));
    setHidden(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeHls.all).toHaveLength(made);
  });

  it('destroys an hls.js that arrives after the stop', async () => {
    const given = bench();
    given.player.start();
    given.player.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeHls.newest.isDestroyed).toBe(true);
    expect(given.gate.pending).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
