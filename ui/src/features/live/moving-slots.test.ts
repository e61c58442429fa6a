// SPDX-License-Identifier: MIT
import { describe, expect, it, vi } from 'vitest';

import { MovingSlots } from './moving-slots';

function moving(slots: MovingSlots): number[] {
  return [1, 2, 3, 4, 5, 6].filter((camera) => slots.isMoving(camera));
}

describe('MovingSlots', () => {
  it('are for all where there is no limit', () => {
    const slots = new MovingSlots();
    for (const camera of [1, 2, 3, 4, 5, 6]) slots.want(camera, camera);
    expect(moving(slots)).toHaveLength(6);
  });

  it('are for the first ones in sight, whichever came first', () => {
    const slots = new MovingSlots();
    slots.setLimit(2);
    for (const camera of [3, 1, 2]) slots.want(camera, camera);
    expect(moving(slots)).toEqual([1, 2]);
    slots.leave(1);
    expect(moving(slots)).toEqual([2, 3]);
    slots.want(3, 0);
    slots.want(1, 1);
    expect(moving(slots)).toEqual([1, 3]);
  });

  it('tell when something changes, and only then', () => {
    const slots = new MovingSlots();
    slots.setLimit(1);
    const told = vi.fn();
    const stop = slots.subscribe(told);
    slots.want(1, 1);
    slots.want(2, 2);
    expect(told).toHaveBeenCalledTimes(1);
    slots.leave(1);
    expect(told).toHaveBeenCalledTimes(2);
    stop();
    slots.leave(2);
    expect(told).toHaveBeenCalledTimes(2);
  });
});
