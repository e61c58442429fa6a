// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import {
  defaultPreferences,
  isWritable,
  layoutOf,
  readPreferences,
  writePreferences,
  type Preferences,
} from './preferences';

const yard = { id: 'yard', name: 'Yard', grid: '2x2', cells: [1, null, 3] } as const;
const set: Preferences = {
  layout: 'yard',
  order: [3, 1],
  layouts: [{ ...yard, cells: [...yard.cells] }],
  patrolS: 30,
  hasSingleKeys: false,
};

describe('preferences', () => {
  it('come back as they were written', () => {
    expect(readPreferences(writePreferences({}, set))).toEqual(set);
  });

  it('keep what this page does not know', () => {
    const raw = { theme: 'dark', live: { future: 1, layout: '1' } };
    const written = writePreferences(raw, { ...set, layout: '3x3' });
    expect(written).toMatchObject({
      version: 1,
      theme: 'dark',
      live: { future: 1, layout: '3x3' },
    });
  });

  it('are the usual ones wherever they are no good', () => {
    for (const raw of [null, 7, 'x', [], {}, { live: 3 }, { live: { layout: 'gone', order: 'x' } }]) {
      expect(readPreferences(raw)).toEqual(defaultPreferences);
    }
    const odd = {
      live: {
        layout: '4x4',
        order: [1, 'x', 2.5, 3],
        patrol_s: 1,
        layouts: [yard, { id: 'auto', name: 'No', grid: '1', cells: [] }, { id: 'a' }, null],
      },
    };
    const { layout, order, patrolS, layouts } = readPreferences(odd);
    expect({ layout, order, patrolS }).toEqual({ layout: '4x4', order: [1, 3], patrolS: 10 });
    expect(layouts).toEqual([yard]);
  });

  it('of a newer page are read, but not written over', () => {
    expect(isWritable({ version: 2, live: {} })).toBe(false);
    expect(isWritable({ version: 1 })).toBe(true);
    expect(isWritable({})).toBe(true);
    expect(readPreferences({ version: 2, live: { layout: '2x2' } }).layout).toBe('2x2');
  });
});

describe('layoutOf', () => {
  it('finds a grid or a named layout, and else what was chosen last', () => {
    expect(layoutOf(set, '1+5')).toEqual({ key: '1+5', grid: '1+5', named: null });
    expect(layoutOf(set, 'yard')).toMatchObject({ key: 'yard', grid: '2x2' });
    expect(layoutOf(set, 'gone')).toMatchObject({ key: 'yard', grid: '2x2' });
    expect(layoutOf(set, undefined)).toMatchObject({ key: 'yard' });
    expect(layoutOf({ ...set, layouts: [] }, undefined)).toMatchObject({ key: 'auto' });
  });
});
