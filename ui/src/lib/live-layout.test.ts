// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import {
  arranged,
  cellsOf,
  inOrder,
  layoutId,
  pagesOf,
  swapped,
  type NamedLayout,
} from './live-layout';

const yard: NamedLayout = { id: 'yard', name: 'Yard', grid: '2x2', cells: [3, null, 1, 3] };

describe('inOrder', () => {
  it('puts new cameras at the end and forgets those that are gone', () => {
    expect(inOrder([1, 2, 3, 4], [3, 9, 1])).toEqual([3, 1, 2, 4]);
    expect(inOrder([1, 2], [])).toEqual([1, 2]);
    expect(inOrder([1, 2], [2, 2, 1])).toEqual([2, 1]);
  });
});

describe('cellsOf', () => {
  it('shows no camera twice, and leaves the place of one that is gone empty', () => {
    expect(cellsOf(yard, [1, 2, 3])).toEqual([3, null, 1, null]);
    expect(cellsOf(yard, [2, 3])).toEqual([3, null, null, null]);
  });
});

describe('pagesOf', () => {
  it('fills each page to its last place', () => {
    expect(pagesOf('2x2', [1, 2, 3, 4, 5])).toEqual([
      [1, 2, 3, 4],
      [5, null, null, null],
    ]);
    expect(pagesOf('1', [1, 2])).toEqual([[1], [2]]);
    expect(pagesOf('1+5', [1])).toEqual([[1, null, null, null, null, null]]);
  });

  it('has one page with nothing on it, and no page after the last camera', () => {
    expect(pagesOf('1', [])).toEqual([[null]]);
    expect(pagesOf('1', [1, null, null])).toEqual([[1]]);
    expect(pagesOf('1', [null, 1])).toEqual([[null], [1]]);
  });

  it('has one page without empty places where as many as fit are shown', () => {
    expect(pagesOf('auto', [1, null, 2])).toEqual([[1, 2]]);
  });
});

describe('swapped', () => {
  it('exchanges two places, also with one past the end', () => {
    expect(swapped([1, 2, 3], 0, 2)).toEqual([3, 2, 1]);
    expect(swapped([1], 0, 2)).toEqual([null, null, 1]);
  });
});

describe('layoutId', () => {
  it('makes a name fit for an address', () => {
    expect(layoutId('Back yard', [])).toBe('back-yard');
    expect(layoutId('Büro (oben)', [])).toBe('buro-oben');
    expect(layoutId('Yard', ['yard', 'yard-2'])).toBe('yard-3');
  });

  it('is never the name of a grid, nor nothing', () => {
    expect(layoutId('Auto', [])).toBe('layout');
    expect(layoutId('1', [])).toBe('layout');
    expect(layoutId('庭', ['layout'])).toBe('layout-2');
  });
});

describe('arranged', () => {
  const kept = { order: [3, 1], layouts: [yard], other: 7 };

  it('exchanges two cameras of a named layout, also with an empty place', () => {
    const cells = cellsOf(yard, [1, 2, 3]);
    const [changed] = arranged(kept, { named: yard, cells }, [1, 2, 3], 0, 1).layouts;
    expect(changed?.cells).toEqual([null, 3, 1, null]);
  });

  it('exchanges two of all cameras, whatever a filter hides', () => {
    // Shown are 3 and 2 of 3, 1, 2, 4.
    const after = arranged(kept, { named: null, cells: [3, 2] }, [1, 2, 3, 4], 0, 1);
    expect(after).toEqual({ ...kept, order: [2, 1, 3, 4] });
  });

  it('puts a camera last that is moved to an empty place', () => {
    const cells = [3, 1, 2, null];
    expect(arranged(kept, { named: null, cells }, [1, 2, 3], 0, 3).order).toEqual([1, 2, 3]);
    expect(arranged(kept, { named: null, cells }, [1, 2, 3], 3, 0)).toBe(kept);
  });
});
