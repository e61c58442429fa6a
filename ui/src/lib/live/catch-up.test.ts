// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';

import { CatchUp } from './catch-up';

const frameS = 0.04;
/** What the network always takes. */
const delayS = 0.01;

let catchUp: CatchUp;
let nowMs = 0;

/** Frames of 40 ms, each late by what is given. */
function arrive(count: number, lateS: (index: number) => number = () => 0): void {
  for (let i = 0; i < count; i += 1) {
    nowMs += frameS * 1000;
    catchUp.onArrival(nowMs + lateS(i) * 1000, nowMs / 1000 - delayS, frameS);
  }
}

function rateAt(behindS: number): number {
  const pace = catchUp.pace(nowMs, (catchUp.edgeS(nowMs) ?? 0) - catchUp.targetS - behindS);
  return 'rate' in pace ? pace.rate : Number.NaN;
}

/** Time goes by without a stall. */
function calm(ms: number): void {
  nowMs += ms;
  catchUp.pace(nowMs, 0);
}

beforeEach(() => {
  catchUp = new CatchUp();
  nowMs = 1_000_000;
});

describe('CatchUp', () => {
  it('holds 50 to 100 ms on a steady network', () => {
    arrive(250, (i) => (i % 3) * 0.003);
    expect(catchUp.targetS).toBeGreaterThanOrEqual(0.05);
    expect(catchUp.targetS).toBeLessThanOrEqual(0.1);
    expect(catchUp.edgeS(nowMs)).toBeCloseTo(nowMs / 1000 - delayS, 6);
  });

  it('begins with a guess, and does nothing before the first frame', () => {
    expect(catchUp.edgeS(nowMs)).toBeNull();
    expect(catchUp.pace(nowMs, 0)).toEqual({ rate: 1 });
    expect(catchUp.targetS).toBeCloseTo(0.11, 6);
  });

  it('keeps more where frames come late, and less again when they do no more', () => {
    arrive(250);
    const steady = catchUp.targetS;
    arrive(25, (i) => (i === 10 ? 0.3 : 0));
    expect(catchUp.targetS).toBeCloseTo(steady + 0.3, 2);
    arrive(260);
    expect(catchUp.targetS).toBeCloseTo(steady, 2);
  });

  it('never keeps more than a second for jitter', () => {
    arrive(100, (i) => (i % 20 === 0 ? 1.9 : 0));
    expect(catchUp.jitterS).toBe(1);
  });

  it('takes an outage for no jitter', () => {
    arrive(100);
    nowMs += 5000;
    catchUp.onArrival(nowMs, nowMs / 1000 - 5, frameS);
    nowMs += 600;
    catchUp.onArrival(nowMs, nowMs / 1000 - delayS, frameS);
    arrive(100);
    expect(catchUp.targetS).toBeLessThan(0.1);
  });

  it('catches up by rate, the faster the further behind, and stops when it is there', () => {
    arrive(100);
    expect(rateAt(0.02)).toBe(1);
    expect(rateAt(0.1)).toBeCloseTo(1.1, 1);
    // Once it is faster it stays so until it is there, not only near it.
    expect(rateAt(0.02)).toBeGreaterThan(1);
    expect(rateAt(0)).toBe(1);
    expect(rateAt(0.02)).toBe(1);
    expect(rateAt(1)).toBe(1.25);
    expect(rateAt(1.99)).toBe(1.25);
  });

  it('jumps only from more than two seconds behind', () => {
    arrive(100);
    const edge = catchUp.edgeS(nowMs) ?? 0;
    const pace = catchUp.pace(nowMs, edge - catchUp.targetS - 2.1);
    expect(pace).toEqual({ jumpTo: edge - catchUp.targetS });
  });

  it('jumps for less while the picture starts', () => {
    arrive(100);
    const edge = catchUp.edgeS(nowMs) ?? 0;
    const shown = edge - catchUp.targetS - 0.3;
    expect(catchUp.pace(nowMs, shown, true)).toEqual({ jumpTo: edge - catchUp.targetS });
    expect(catchUp.pace(nowMs, shown)).toHaveProperty('rate');
  });

  it('takes a queue that it came at the end of for no measure', () => {
    for (const behindS of [1.5, 1, 0.5]) {
      nowMs += 10;
      catchUp.onArrival(nowMs, nowMs / 1000 - behindS, frameS);
    }
    arrive(30);
    expect(catchUp.targetS).toBeLessThan(0.1);
    expect(catchUp.edgeS(nowMs)).toBeCloseTo(nowMs / 1000 - delayS, 6);
  });

  it('never plays slower', () => {
    arrive(100);
    expect(rateAt(-0.5)).toBe(1);
  });

  it('learns from stalls, and forgets when it was calm for long', () => {
    arrive(100);
    const before = catchUp.targetS;
    for (let i = 0; i < 2; i += 1) catchUp.onStall(nowMs, 0.2);
    expect(catchUp.targetS).toBeCloseTo(before + 0.1, 3);
    for (let i = 0; i < 2; i += 1) calm(31_000);
    expect(catchUp.targetS).toBeCloseTo(before, 3);
    calm(31_000);
    expect(catchUp.targetS).toBeCloseTo(before, 3);
  });

  it('learns nothing from what nobody sees, unless it comes again and again', () => {
    arrive(100);
    const before = catchUp.targetS;
    for (let i = 0; i < 20; i += 1) {
      nowMs += 6000;
      catchUp.onStall(nowMs, 0.06);
    }
    expect(catchUp.targetS).toBeCloseTo(before, 3);
    nowMs += 11_000;
    for (let i = 0; i < 4; i += 1) {
      nowMs += 1000;
      catchUp.onStall(nowMs, 0.06);
    }
    expect(catchUp.targetS).toBeCloseTo(before + 0.05, 3);
  });

  it('waits twice as long before it forgets a second time', () => {
    arrive(100);
    const before = catchUp.targetS;
    catchUp.onStall(nowMs, 0.2);
    calm(31_000);
    catchUp.onStall(nowMs, 0.2);
    calm(31_000);
    expect(catchUp.targetS).toBeCloseTo(before + 0.05, 3);
    calm(31_000);
    expect(catchUp.targetS).toBeCloseTo(before, 3);
  });

  it('soon forgets what came by chance, whatever had to be learnt twice', () => {
    arrive(100);
    const before = catchUp.targetS;
    catchUp.onStall(nowMs, 0.2);
    calm(31_000);
    catchUp.onStall(nowMs, 0.2);
    expect(catchUp.targetS).toBeCloseTo(before + 0.05, 3);
    for (let i = 0; i < 5; i += 1) {
      catchUp.onStall(nowMs, 0.2);
      expect(catchUp.targetS).toBeCloseTo(before + 0.1, 3);
      calm(31_000);
      expect(catchUp.targetS).toBeCloseTo(before + 0.05, 3);
      calm(31_000);
    }
  });

  it('takes what was needed long ago for chance when it comes again', () => {
    arrive(100);
    const before = catchUp.targetS;
    catchUp.onStall(nowMs, 0.2);
    calm(31_000);
    catchUp.onStall(nowMs, 0.2);
    calm(61_000);
    expect(catchUp.targetS).toBeCloseTo(before, 3);
    nowMs += 300_000;
    catchUp.onStall(nowMs, 0.2);
    calm(31_000);
    expect(catchUp.targetS).toBeCloseTo(before, 3);
  });

  it('keeps at most a second for stalls', () => {
    for (let i = 0; i < 100; i += 1) catchUp.onStall(nowMs, 0.2);
    expect(catchUp.targetS).toBeCloseTo(1.11, 6);
  });

  it('forgets the delays of a busy start without losing the edge', () => {
    arrive(50, (i) => (i < 30 ? 0.4 - i * 0.01 : 0));
    const edge = catchUp.edgeS(nowMs);
    catchUp.forgetJitter();
    expect(catchUp.jitterS).toBe(0);
    expect(catchUp.edgeS(nowMs)).toBe(edge);
    catchUp.reset(nowMs);
    catchUp.forgetJitter();
    expect(catchUp.edgeS(nowMs)).toBeNull();
  });

  it('believes no frame that lasts a second', () => {
    catchUp.onArrival(nowMs, 1, 3);
    expect(catchUp.targetS).toBeCloseTo(0.11, 6);
  });
});
