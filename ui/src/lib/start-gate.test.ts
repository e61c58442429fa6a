// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { StartGate } from './start-gate';

describe('StartGate', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('lets four in at once and the rest in order', () => {
    const gate = new StartGate();
    const started: number[] = [];
    const tickets = [1, 2, 3, 4, 5, 6].map((name) => gate.enter(() => started.push(name)));
    expect(started).toEqual([1, 2, 3, 4]);
    tickets[2]?.leave();
    expect(started).toEqual([1, 2, 3, 4, 5]);
    tickets[0]?.leave();
    expect(started).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes the slot of a start that lasts longer than 5 s', () => {
    const gate = new StartGate(1);
    const second = vi.fn();
    gate.enter(() => undefined);
    gate.enter(second);
    vi.advanceTimersByTime(4999);
    expect(second).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(second).toHaveBeenCalledOnce();
  });

  it('frees one slot however often a ticket is given back', () => {
    const gate = new StartGate(1);
    const first = gate.enter(() => undefined);
    gate.enter(() => undefined);
    const third = vi.fn();
    gate.enter(third);
    first.leave();
    first.leave();
    expect(third).not.toHaveBeenCalled();
    expect(gate.pending).toBe(1);
  });

  it('forgets who left the queue', () => {
    const gate = new StartGate(1);
    const inside = gate.enter(() => undefined);
    const impatient = vi.fn();
    gate.enter(impatient).leave();
    inside.leave();
    expect(impatient).not.toHaveBeenCalled();
    expect(gate.pending).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
