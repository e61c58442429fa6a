// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Turn } from '../../api/ptz';
import { PtzHold } from './ptz-hold';

const right = { pan: 1 };
const move = { move: { pan: 1, timeout_s: 1 } };

/** A camera that answers when it is told to. */
class SlowCamera {
  readonly told: Turn[] = [];
  #answers: ((problem: string | null) => void)[] = [];

  readonly send = (_: number, body: Turn): Promise<string | null> => {
    this.told.push(body);
    return new Promise((resolve) => this.#answers.push(resolve));
  };

  async answer(problem: string | null = null): Promise<void> {
    this.#answers.shift()?.(problem);
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('A held button', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells the camera again while it is held, and to stop when it is let go', async () => {
    const camera = new SlowCamera();
    const hold = new PtzHold(1, () => undefined, camera.send);
    hold.start(right);
    await camera.answer();
    await vi.advanceTimersByTimeAsync(400);
    await camera.answer();
    hold.stop();
    await camera.answer();
    await vi.advanceTimersByTimeAsync(5000);
    expect(camera.told).toEqual([move, move, { stop: true }]);
  });

  it('lets no stop overtake the move before it', async () => {
    const camera = new SlowCamera();
    const hold = new PtzHold(1, () => undefined, camera.send);
    hold.start(right);
    hold.stop();
    expect(camera.told).toEqual([move]);
    await camera.answer();
    expect(camera.told).toEqual([move, { stop: true }]);
  });

  it('does not pile up on a camera that is slow', async () => {
    const camera = new SlowCamera();
    const hold = new PtzHold(1, () => undefined, camera.send);
    hold.start(right);
    await vi.advanceTimersByTimeAsync(5000);
    hold.start({ tilt: 1 });
    hold.start({ tilt: -1 });
    expect(camera.told).toHaveLength(1);
    await camera.answer();
    expect(camera.told.at(-1)).toEqual({ move: { tilt: -1, timeout_s: 1 } });
  });

  it('stops once, however often it is let go', async () => {
    const camera = new SlowCamera();
    const hold = new PtzHold(1, () => undefined, camera.send);
    hold.stop();
    hold.start(right);
    await camera.answer();
    hold.stop();
    hold.stop();
    await camera.answer();
    hold.stop();
    expect(camera.told).toEqual([move, { stop: true }]);
  });

  it('says what the camera says', async () => {
    const camera = new SlowCamera();
    const problems: (string | null)[] = [];
    const hold = new PtzHold(1, (problem) => problems.push(problem), camera.send);
    hold.start(right);
    await camera.answer('The camera did not answer.');
    await vi.advanceTimersByTimeAsync(400);
    await camera.answer();
    expect(problems).toEqual(['The camera did not answer.', null]);
  });
});
