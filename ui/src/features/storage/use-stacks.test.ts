// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import type { DayUse } from '../../api/storage-types';
import { namesOf } from './names';
import { allOf, daysBetween, stacksOf } from './use-stacks';

const days = daysBetween('2026-11-27', '2026-11-28');

function use(count: number): DayUse[] {
  return Array.from({ length: count }, (_, at) => ({
    day: days[at % 2] ?? '',
    camera_id: at + 1,
    size_bytes: (at + 1) * 100,
    file_count: 1,
  }));
}

const names = namesOf([{ id: 1, name: 'Yard' }], []);

describe('The stacks of a chart', () => {
  it('are one per camera, the largest first, also of one that was removed', () => {
    const [largest, other] = stacksOf(use(2), days, names);
    expect(largest).toMatchObject({ name: 'Removed camera 2', sizes: [0, 200], counts: [0, 1], total: 200 });
    expect(other).toMatchObject({ name: 'Yard', sizes: [100, 0] });
  });

  it('are as many as there are colours; smaller cameras share the last', () => {
    expect(stacksOf(use(8), days, names)).toHaveLength(8);
    const stacks = stacksOf(use(10), days, names);
    expect(stacks).toHaveLength(8);
    expect(stacks.at(-1)).toMatchObject({ key: 'others', name: '3 other cameras', sizes: [400, 200], counts: [2, 1] });
    expect(new Set(stacks.map(({ colour }) => colour)).size).toBe(8);
    expect(allOf(stacks, 2)).toMatchObject({ sizes: [2500, 3000], total: 5500 });
  });

  it('leave out what is of another day', () => {
    expect(stacksOf([{ day: '2026-10-01', camera_id: 1, size_bytes: 5, file_count: 1 }], days, names)).toEqual([]);
  });

  it('reach over the end of a month', () => {
    expect(daysBetween('2026-11-29', '2026-12-01')).toEqual(['2026-11-29', '2026-11-30', '2026-12-01']);
  });
});

describe('The names of cameras', () => {
  it('are in order as people count, those that were removed last', () => {
    const all = namesOf([{ id: 1, name: 'Gate 10' }, { id: 2, name: 'Gate 2' }], [{ camera_id: 1 }, { camera_id: 9 }]);
    expect(all.map(({ name }) => name)).toEqual(['Gate 2', 'Gate 10', 'Removed camera 9']);
  });
});
