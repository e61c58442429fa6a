// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { JpegSession, type LoadedPicture } from './jpeg-session';
import type { SessionFailure } from './session';

let session: JpegSession;
let frames: number;
let failures: SessionFailure[];
let takenMs: number | null;
let isAway: boolean;
let asked: number;
let closed: number;

function load(): Promise<LoadedPicture | null> {
  asked += 1;
  if (isAway) return Promise.reject(new Error('away'));
  const close = (): number => (closed += 1);
  const image = { width: 1280, height: 720, close } as unknown as ImageBitmap;
  return Promise.resolve({ image, bytes: 5000, takenMs });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_400_000_000 });
  frames = 0;
  failures = [];
  takenMs = null;
  isAway = false;
  asked = 0;
  closed = 0;
  const canvas = { width: 0, height: 0, getContext: () => ({ drawImage: () => undefined }) };
  session = new JpegSession({
    canvas: canvas as unknown as HTMLCanvasElement,
    stream: 'main',
    load,
    events: {
      onFrame: () => (frames += 1),
      onRefused: () => undefined,
      onFailure: (failure) => failures.push(failure),
    },
    now: () => Date.now(),
  });
});
afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe('JpegSession', () => {
  it('shows a picture a second', async () => {
    session.start();
    await vi.advanceTimersByTimeAsync(3500);
    expect([asked, frames, closed]).toEqual([4, 4, 4]);
    expect(session.figures()).toMatchObject({ frames: 4, bytes: 20_000, width: 1280, codec: 'jpeg' });
  });

  it('takes the same picture again for no new one', async () => {
    takenMs = Date.now() - 1500;
    session.start();
    await vi.advanceTimersByTimeAsync(2500);
    expect([asked, frames]).toEqual([3, 1]);
    expect(session.latencyS()).toBe(4);
    takenMs = Date.now();
    await vi.advanceTimersByTimeAsync(1000);
    expect(frames).toBe(2);
  });

  it('gives up when there is none three times', async () => {
    isAway = true;
    session.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect([asked, failures.length]).toEqual([3, 1]);
  });

  it('asks for none while the page is hidden, and at once when it is seen', async () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    session.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect([asked, failures.length]).toEqual([0, 0]);
    expect(session.latencyS()).toBeNull();
    hidden.mockReturnValue(false);
    session.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(frames).toBe(1);
    session.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toBe(1);
  });
});
