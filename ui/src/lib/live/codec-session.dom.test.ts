// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { makeFragment, makeInit } from '../../test/fake-mp4';
import { FakeSocket } from '../../test/fake-socket';
import { canDecode } from './can-decode';
import { CodecSession } from './codec-session';
import { joined } from './fmp4';
import { LiveSocket } from './live-socket';
import type { SessionFailure } from './session';

type Chunk = { type: string; timestamp: number; data: Uint8Array };
type Callbacks = { output: (frame: unknown) => void; error: () => void };

/** Decodes when the test says so. */
class FakeDecoder {
  static all: FakeDecoder[] = [];
  static isSupported = true;
  static readonly configs: { codec: string; description?: Uint8Array }[] = [];
  state = 'unconfigured';
  waiting: Chunk[] = [];
  readonly #callbacks: Callbacks;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
    FakeDecoder.all.push(this);
  }

  static isConfigSupported(): Promise<{ supported: boolean }> {
    return Promise.resolve({ supported: FakeDecoder.isSupported });
  }

  static get newest(): FakeDecoder {
    const decoder = FakeDecoder.all.at(-1);
    if (decoder === undefined) throw new Error('No decoder was made');
    return decoder;
  }

  get decodeQueueSize(): number {
    return this.waiting.length;
  }

  configure(config: { codec: string; description?: Uint8Array }): void {
    this.state = 'configured';
    FakeDecoder.configs.push(config);
  }

  decode(chunk: Chunk): void {
    this.waiting.push(chunk);
  }

  close(): void {
    this.state = 'closed';
  }

  /** All that waits comes out, but for the last `left`. */
  work(left = 0): number {
    let closed = 0;
    while (this.waiting.length > left) {
      const { timestamp } = this.waiting[0]!;
      this.waiting.shift();
      const close = (): number => (closed += 1);
      this.#callbacks.output({ timestamp, displayWidth: 1920, displayHeight: 1080, close });
    }
    return closed;
  }

  fail(): void {
    this.#callbacks.error();
  }
}

const mime = 'video/mp4; codecs="avc1.4d0028"';
const begin = 1_795_400_000;

let socket: LiveSocket;
let session: CodecSession;
let drawn: number[];
let frames: number;
let failures: SessionFailure[];
let ended: string[];
let canvas: { width: number; height: number };

async function sendInit(): Promise<void> {
  FakeSocket.newest.receive({ channel: 1, init: { mime, width: 1920, height: 1080 } });
  FakeSocket.newest.receiveBytes(1, makeInit(true));
  await Promise.resolve();
  await Promise.resolve();
}

function sendFrames(fromS: number, count: number, hasKey = false): void {
  const parts = Array.from({ length: count }, (_, i) =>
    makeFragment({ decodeS: fromS + i * 0.04, isKey: hasKey && i === 0 }),
  );
  FakeSocket.newest.receiveBytes(1, joined(parts));
}

beforeEach(() => {
  vi.useFakeTimers({ now: begin * 1000 });
  FakeSocket.all = [];
  FakeDecoder.all = [];
  FakeDecoder.isSupported = true;
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('EncodedVideoChunk', function chunk(this: Chunk, init: Chunk) {
    Object.assign(this, init);
  });
  vi.stubGlobal('isSecureContext', true);
  socket = new LiveSocket({ url: '', createSocket: FakeSocket.create, random: () => 0 });
  socket.hold();
  FakeSocket.newest.open();
  drawn = [];
  frames = 0;
  failures = [];
  ended = [];
  canvas = { width: 0, height: 0 };
  const drawImage = (frame: { timestamp: number }): number => drawn.push(frame.timestamp / 1e6 - begin);
  session = new CodecSession({
    canvas: Object.assign(canvas, { getContext: () => ({ drawImage }) }) as unknown as HTMLCanvasElement,
    socket,
    cameraId: 1,
    stream: 'main',
    events: {
      onFrame: () => (frames += 1),
      onRefused: () => undefined,
      onFailure: (failure) => failures.push(failure),
      onEnded: (code) => ended.push(code),
    },
    now: () => Date.now(),
  });
  session.start();
});
afterEach(() => {
  session.stop();
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('CodecSession', () => {
  it('draws the newest of the pictures that were missed, and then each at once', async () => {
    await sendInit();
    sendFrames(begin - 1, 25, true);
    expect(FakeDecoder.configs.at(-1)).toMatchObject({ codec: 'avc1.4d0028', optimizeForLatency: true });
    expect(FakeDecoder.newest.waiting.map(({ type }) => type).slice(0, 2)).toEqual(['key', 'delta']);
    expect(FakeDecoder.newest.work()).toBe(25);
    // The first in the place of nothing, which is not called a live picture.
    expect(drawn[0]).toBeCloseTo(-1, 3);
    expect(drawn.length).toBeLessThanOrEqual(4);
    expect(frames).toBe(drawn.length - 1);
    expect(drawn.at(-1)).toBeCloseTo(-0.04, 3);
    expect([canvas.width, canvas.height]).toEqual([1920, 1080]);
    const before = drawn.length;
    for (let i = 0; i < 3; i += 1) {
      sendFrames(begin + i * 0.04, 1);
      FakeDecoder.newest.work();
    }
    expect(drawn).toHaveLength(before + 3);
    expect(frames).toBe(before + 2);
    vi.advanceTimersByTime(130);
    expect(session.latencyS()).toBeCloseTo(0.05, 3);
    expect(session.figures()).toMatchObject({ frames, width: 1920, codec: 'avc1.4d0028' });
  });

  it('keeps what comes while the browser looks whether it can', async () => {
    FakeSocket.newest.receive({ channel: 1, init: { mime } });
    FakeSocket.newest.receiveBytes(1, makeInit());
    sendFrames(begin, 2, true);
    expect(FakeDecoder.all).toEqual([]);
    await Promise.resolve();
    await Promise.resolve();
    expect(FakeDecoder.newest.waiting).toHaveLength(2);
  });

  it('waits for a keyframe after frames were dropped', async () => {
    await sendInit();
    sendFrames(begin, 1, true);
    FakeSocket.newest.receive({ channel: 1, dropped: { frames: 10 } });
    sendFrames(begin + 1, 2);
    expect(FakeDecoder.newest.waiting).toHaveLength(1);
    sendFrames(begin + 2, 2, true);
    expect(FakeDecoder.newest.waiting).toHaveLength(3);
  });

  it('takes another decoder for another stream', async () => {
    await sendInit();
    const first = FakeDecoder.newest;
    await sendInit();
    expect(first.state).toBe('closed');
    first.fail();
    expect(failures).toEqual([]);
    expect(FakeDecoder.all).toHaveLength(2);
  });

  it('gives up on what the browser cannot decode', async () => {
    FakeDecoder.isSupported = false;
    await sendInit();
    expect(failures).toEqual([{ why: 'unplayable', codec: 'avc1.4d0028' }]);
  });

  it('gives up on an error of the decoder, and on a stream that cannot be read', async () => {
    await sendInit();
    FakeDecoder.newest.fail();
    FakeSocket.newest.receiveBytes(1, Uint8Array.of(1, 2, 3));
    FakeDecoder.newest.decode = () => {
      throw new DOMException('closed', 'InvalidStateError');
    };
    sendFrames(begin, 1, true);
    expect(failures).toEqual([{ why: 'media' }, { why: 'media' }, { why: 'media' }]);
  });

  it('gives up on a computer that does not keep up', async () => {
    await sendInit();
    sendFrames(begin, 100, true);
    vi.advanceTimersByTime(2000);
    sendFrames(begin + 4, 1);
    expect(failures).toEqual([]);
    vi.advanceTimersByTime(2000);
    sendFrames(begin + 4.04, 1);
    expect(failures).toEqual([{ why: 'media' }]);
  });

  it('shows something now and then while it is behind, and gives up when it stays so', async () => {
    await sendInit();
    // Thirty wait all the time: few enough, but more than a second.
    sendFrames(begin, 30, true);
    const seen: number[] = [];
    for (let i = 0; i < 100 && failures.length === 0; i += 1) {
      vi.advanceTimersByTime(40);
      sendFrames(begin + 1.2 + i * 0.04, 1);
      FakeDecoder.newest.work(30);
      seen.push(drawn.length);
    }
    expect(seen[24]).toBeGreaterThanOrEqual(3);
    expect(seen[24]).toBeLessThanOrEqual(6);
    expect(failures).toEqual([{ why: 'media' }]);
    expect(seen.length).toBeGreaterThan(75);
  });

  it('begins with a fresh keyframe when the page is seen again, and tells when the camera is away', () => {
    session.resume();
    expect(FakeSocket.newest.sent.filter(({ subscribe }) => subscribe !== undefined)).toHaveLength(2);
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'unreachable' } });
    expect(ended).toEqual(['unreachable']);
    expect(session.switchTo('main')).toBe(true);
    expect(session.switchTo('sub')).toBe(false);
    expect(session.latencyS()).toBeNull();
  });

  it('is there in a secure context only', () => {
    expect(canDecode()).toBe(true);
    vi.stubGlobal('isSecureContext', false);
    expect(canDecode()).toBe(false);
  });
});
