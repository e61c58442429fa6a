// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { fitGrid, neighbour } from './grid-fit';

describe('fitGrid', () => {
  it('shows up to sixteen cameras at once on a desktop', () => {
    const columns = [1, 2, 3, 4, 6, 9, 16].map((count) => fitGrid(count, 1864, 1016, 8).columns);
    expect(columns).toEqual([1, 2, 2, 2, 3, 3, 4]);
  });

  it('never lets the tiles leave the area in which they fit', () => {
    for (let count = 1; count <= 16; count += 1) {
      const { columns, tileWidth } = fitGrid(count, 1864, 1016, 8);
      const rows = Math.ceil(count / columns);
      expect(columns * tileWidth + (columns - 1) * 8).toBeLessThanOrEqual(1864);
      expect((rows * tileWidth * 9) / 16 + (rows - 1) * 8).toBeLessThanOrEqual(1016);
    }
  });

  it('scrolls on a phone rather than showing stamps', () => {
    expect(fitGrid(16, 344, 620, 8)).toEqual({ columns: 1, tileWidth: 344 });
    expect(fitGrid(1, 200, 620, 8)).toEqual({ columns: 1, tileWidth: 200 });
  });

  it('takes an area that has no size yet', () => {
    expect(fitGrid(4, 0, 0, 8).tileWidth).toBe(0);
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
});
