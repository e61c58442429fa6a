// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';

import { StallMargin } from './stall-margin';

const second = 1000;
let margin: StallMargin;
let now: number;

/** Plays for a while; before each second's worth of data arrives, `leastAheadS` is left. */
function play(seconds: number, leastAheadS: number): void {
  for (let i = 0; i < seconds; i += 1) {
    now += second;
    margin.onFrame(leastAheadS + 1);
    margin.onFrame(leastAheadS);
    margin.onTick(now);
  }
}

describe('StallMargin', () => {
  beforeEach(() => {
    margin = new StallMargin();
    now = 1_795_400_000_000;
    margin.watchAnew(now);
  });

  it('grows by a quarter of a second per stall, up to one second', () => {
    const seen = [1, 2, 3, 4, 5, 6].map(() => {
      margin.onStall(now);
      return margin.seconds;
    });
    expect(seen).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });

  it('gives back what the buffer shows it does not need, and no more', () => {
    margin.onStall(now);
    margin.onStall(now);
    margin.onStall(now);
    play(29, 0.8);
    expect(margin.seconds).toBe(0.75);
    play(1, 0.8);
    expect(margin.seconds).toBe(0.5);
    play(30, 0.55);
    expect(margin.seconds).toBe(0.25);
    // Another step would leave next to nothing.
    play(600, 0.3);
    expect(margin.seconds).toBe(0.25);
    play(60, 0.6);
    expect(margin.seconds).toBe(0);
    play(600, 0.6);
    expect(margin.seconds).toBe(0);
  });

  it('looks at the emptiest moment, not at the last', () => {
    margin.onStall(now);
    play(15, 0.9);
    play(1, 0.1);
    play(14, 0.9);
    expect(margin.seconds).toBe(0.25);
    play(30, 0.9);
    expect(margin.seconds).toBe(0);
  });

  it('waits twice as long after giving back was a mistake', () => {
    margin.onStall(now);
    play(30, 0.6);
    expect(margin.seconds).toBe(0);
    margin.onStall(now);
    play(59, 0.6);
    expect(margin.seconds).toBe(0.25);
    play(1, 0.6);
    expect(margin.seconds).toBe(0);
    // Two stalls in a row are one mistake.
    margin.onStall(now);
    margin.onStall(now);
    play(119, 0.6);
    expect(margin.seconds).toBe(0.5);
    play(1, 0.6);
    expect(margin.seconds).toBe(0.25);
  });

  it('gives nothing back for a time in which no picture was seen', () => {
    margin.onStall(now);
    now += 3600 * second;
    margin.onTick(now);
    expect(margin.seconds).toBe(0.25);
    play(20, 0.6);
    margin.watchAnew(now);
    play(29, 0.6);
    expect(margin.seconds).toBe(0.25);
  });
});
