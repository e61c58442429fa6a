// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { gridKinds } from '../../lib/live-layout';
import { fitGrid, fitKind, fitPhone, largeArea, neighbour, neighbourIn } from './grid-fit';

describe('fitGrid', () => {
  it('shows up to sixteen cameras at once on a desktop', () => {
    const columns = [1, 2, 3, 4, 6, 9, 16].map((count) => fitGrid(count, 1864, 1016, 8).columns);
    expect(columns).toEqual([1, 2, 2, 2, 3, 3, 4]);
  });

  it('never lets the tiles leave the area in which they fit', () => {
    for (let count = 1; count <= 16; count += 1) {
      const { columns, tileWidth, tileHeight } = fitGrid(count, 1864, 1016, 8);
      const rows = Math.ceil(count / columns);
      expect(columns * tileWidth + (columns - 1) * 8).toBeLessThanOrEqual(1864);
      expect(rows * tileHeight + (rows - 1) * 8).toBeLessThanOrEqual(1016);
    }
  });

  it('scrolls in a narrow window rather than showing stamps', () => {
    expect(fitGrid(16, 344, 620, 8)).toMatchObject({ columns: 1, tileWidth: 344 });
    expect(fitGrid(1, 200, 620, 8)).toMatchObject({ columns: 1, tileWidth: 200 });
  });

  it('takes an area that has no size yet', () => {
    expect(fitGrid(4, 0, 0, 8).tileWidth).toBe(0);
    expect(fitKind('3x3', 9, 0, 0, 8)).toMatchObject({ columns: 3, tileWidth: 0, tileHeight: 0 });
  });
});

describe('fitKind', () => {
  it('keeps a whole grid in sight, in every shape of window', () => {
    for (const kind of gridKinds.filter((one) => one !== 'auto')) {
      for (const [width, height] of [[1864, 1016], [1264, 700], [700, 900]] as const) {
        const { columns, tileWidth, tileHeight } = fitKind(kind, 4, width, height, 8);
        const rows = kind === '2x2' ? 2 : kind === '1' ? 1 : kind === '4x4' ? 4 : 3;
        expect(columns * tileWidth + (columns - 1) * 8).toBeLessThanOrEqual(width);
        expect(rows * tileHeight + (rows - 1) * 8).toBeLessThanOrEqual(height);
      }
    }
  });

  it('does not depend on how many cameras there are', () => {
    expect(fitKind('3x3', 1, 1200, 700, 8)).toEqual(fitKind('3x3', 9, 1200, 700, 8));
  });
});

describe('fitPhone', () => {
  it('has a large one and two in each row below it', () => {
    expect(fitPhone(5, 344, 8)).toEqual({
      columns: 2,
      tileWidth: 168,
      tileHeight: 94,
      firstHeight: 193,
    });
    expect(fitPhone(1, 344, 8)).toMatchObject({ columns: 1, tileWidth: 344 });
  });
});

describe('largeArea', () => {
  it('is for the first place of one large and five small ones, and of a phone', () => {
    expect(largeArea('1+5', 0, false)).toBe('1 / 1 / 3 / 3');
    expect(largeArea('1+5', 1, false)).toBeNull();
    expect(largeArea('3x3', 0, false)).toBeNull();
    expect(largeArea('3x3', 0, true)).toBe('1 / 1 / 2 / -1');
  });
});

describe('neighbour', () => {
  it('moves in rows and columns, and stays at the edges', () => {
    expect(neighbour('ArrowRight', 0, 5, 2)).toBe(1);
    expect(neighbour('ArrowDown', 1, 5, 2)).toBe(3);
    expect(neighbour('ArrowDown', 3, 5, 2)).toBe(3);
    expect(neighbour('ArrowUp', 0, 5, 2)).toBe(0);
    expect(neighbour('ArrowLeft', 0, 5, 2)).toBe(0);
  });

  it('goes around a large tile as it is seen', () => {
    const from = (index: number, key: string): number => neighbourIn('1+5', key, index, 6, 3);
    expect(from(0, 'ArrowRight')).toBe(1);
    expect(from(0, 'ArrowDown')).toBe(3);
    expect(from(0, 'ArrowLeft')).toBe(0);
    expect(from(1, 'ArrowDown')).toBe(2);
    expect(from(2, 'ArrowLeft')).toBe(0);
    expect(from(2, 'ArrowDown')).toBe(5);
    expect(from(4, 'ArrowUp')).toBe(0);
    expect(from(5, 'ArrowUp')).toBe(2);
    expect(from(5, 'ArrowDown')).toBe(5);
    expect(neighbourIn('1+5', 'ArrowDown', 2, 3, 3)).toBe(2);
    expect(neighbourIn('2x2', 'ArrowDown', 0, 4, 2)).toBe(2);
  });
});
