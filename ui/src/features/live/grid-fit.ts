// SPDX-License-Identifier: MIT

export type GridFit = { columns: number; tileWidth: number };

const aspect = 16 / 9;
const smallestTile = 260;

/**
 * The number of columns that makes 16:9 tiles largest in the given area. Where that would make them
 * too small to see anything, they take their smallest width and the page scrolls.
 */
export function fitGrid(count: number, width: number, height: number, gap: number): GridFit {
  let best: GridFit = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns - 1)) / columns;
    const byHeight = ((height - gap * (rows - 1)) / Math.max(1, rows)) * aspect;
    const tileWidth = Math.min(byWidth, byHeight);
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  if (best.tileWidth >= Math.min(smallestTile, width)) return rounded(best);
  const columns = Math.max(
    1,
    Math.min(count, Math.floor((width + gap) / (smallestTile + gap))),
  );
  return rounded({ columns, tileWidth: (width - gap * (columns - 1)) / columns });
}

function rounded({ columns, tileWidth }: GridFit): GridFit {
  return { columns, tileWidth: Math.max(0, Math.floor(tileWidth)) };
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
