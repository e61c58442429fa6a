// SPDX-License-Identifier: MIT
import { gridFacts, type GridKind } from '../../lib/live-layout';

export type GridFit = {
  columns: number;
  tileWidth: number;
  tileHeight: number;
  /** Of the first row, where that is another. */
  firstHeight: number;
};

/** Between tiles; `camera-grid.module.css` has it, too. */
const gap = 8;
/** That a phone plays at a time; the others show single pictures. */
export const mostOnPhone = 4;
const aspect = 16 / 9;
const smallestTile = 260;

/**
 * The number of columns that makes 16:9 tiles largest in the given area. Where that would make them
 * too small to see anything, they take their smallest width and the page scrolls.
 */
export function fitGrid(count: number, width: number, height: number, gap: number): GridFit {
  let best = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const tileWidth = widest(columns, rows, width, height, gap);
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  if (best.tileWidth >= Math.min(smallestTile, width)) return fit(best.columns, best.tileWidth);
  const columns = Math.max(
    1,
    Math.min(count, Math.floor((width + gap) / (smallestTile + gap))),
  );
  return fit(columns, (width - gap * (columns - 1)) / columns);
}

/** All of a grid of that kind is in sight, however small its tiles are then. */
export function fitKind(
  kind: GridKind,
  count: number,
  width: number,
  height: number,
  gap: number,
): GridFit {
  if (kind === 'auto') return fitGrid(count, width, height, gap);
  const { columns, rows } = gridFacts(kind);
  return fit(columns, widest(columns, rows, width, height, gap));
}

/** A phone: the first one as wide as the page, the others two in a row below it. */
export function fitPhone(count: number, width: number, gap: number): GridFit {
  const columns = count > 1 ? 2 : 1;
  const small = fit(columns, (width - gap * (columns - 1)) / columns);
  return { ...small, firstHeight: Math.max(0, Math.floor(width / aspect)) };
}

/** Of all of a page, or of the one camera that is enlarged. */
export function fitOf(
  kind: GridKind,
  count: number,
  { width, height }: { width: number; height: number },
  { isEnlarged, isPhone }: { isEnlarged: boolean; isPhone: boolean },
): GridFit {
  if (isEnlarged) return fitKind('1', 1, width, height, gap);
  return isPhone ? fitPhone(count, width, gap) : fitKind(kind, count, width, height, gap);
}

/** For the style sheet. */
export function gridVariables(fit: GridFit): Record<`--${string}`, string> {
  return {
    '--columns': String(fit.columns),
    '--tile-width': `${String(fit.tileWidth)}px`,
    '--tile-height': `${String(fit.tileHeight)}px`,
    '--first-height': `${String(fit.firstHeight)}px`,
  };
}

function widest(
  columns: number,
  rows: number,
  width: number,
  height: number,
  gap: number,
): number {
  const byWidth = (width - gap * (columns - 1)) / columns;
  const byHeight = ((height - gap * (rows - 1)) / Math.max(1, rows)) * aspect;
  return Math.min(byWidth, byHeight);
}

function fit(columns: number, width: number): GridFit {
  const tileWidth = Math.max(0, Math.floor(width));
  const tileHeight = Math.max(0, Math.floor(width / aspect));
  return { columns, tileWidth, tileHeight, firstHeight: tileHeight };
}

/** Where a tile lies that takes more than one place, as `grid-area`; null for all others. */
export function largeArea(kind: GridKind, place: number, isPhone: boolean): string | null {
  if (place !== 0) return null;
  if (isPhone) return '1 / 1 / 2 / -1';
  return kind === '1+5' ? '1 / 1 / 3 / 3' : null;
}

/** Which tile an arrow key leads to, from tile `index`; the same one at an edge. */
export function neighbour(key: string, index: number, count: number, columns: number): number {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const target = index + (steps[key] ?? 0);
  return target >= 0 && target < count ? target : index;
}

/** The column and row of each place of one large and five small ones: right of it, then below. */
const besideLarge = [
  [0, 0],
  [2, 0],
  [2, 1],
  [0, 2],
  [1, 2],
  [2, 2],
] as const;

/** The same for a grid with a large tile; `columns` of the others. */
export function neighbourIn(
  kind: GridKind,
  key: string,
  index: number,
  count: number,
  columns: number,
): number {
  if (kind !== '1+5') return neighbour(key, index, count, columns);
  const from = besideLarge[index];
  if (from === undefined) return index;
  const size = index === 0 ? 2 : 1;
  const at: Record<string, [number, number]> = {
    ArrowLeft: [from[0] - 1, from[1]],
    ArrowRight: [from[0] + size, from[1]],
    ArrowUp: [from[0], from[1] - 1],
    ArrowDown: [from[0], from[1] + size],
  };
  const [x, y] = at[key] ?? from;
  if (x >= 0 && y >= 0 && x < 2 && y < 2) return 0;
  const found = besideLarge.findIndex(([column, row]) => column === x && row === y);
  return found >= 0 && found < count ? found : index;
}
