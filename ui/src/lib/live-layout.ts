// SPDX-License-Identifier: MIT

/** How many pictures are side by side. */
export const gridKinds = ['auto', '1', '2x2', '3x3', '4x4', '1+5'] as const;
export type GridKind = (typeof gridKinds)[number];

type GridFacts = {
  /** On a button. */
  short: string;
  /** For who hears it, and as its hint. */
  long: string;
  columns: number;
  rows: number;
  /** On one page. */
  cells: number;
  /** The key that chooses it. */
  key: string | null;
};

const facts: Record<GridKind, GridFacts> = {
  auto: {
    short: 'Auto',
    long: 'As many as fit',
    columns: 0,
    rows: 0,
    cells: Number.POSITIVE_INFINITY,
    key: 'a',
  },
  '1': { short: '1', long: 'One camera', columns: 1, rows: 1, cells: 1, key: '1' },
  '2x2': { short: '2×2', long: 'Two by two', columns: 2, rows: 2, cells: 4, key: '2' },
  '3x3': { short: '3×3', long: 'Three by three', columns: 3, rows: 3, cells: 9, key: '3' },
  '4x4': { short: '4×4', long: 'Four by four', columns: 4, rows: 4, cells: 16, key: '4' },
  '1+5': { short: '1+5', long: 'One large, five small', columns: 3, rows: 3, cells: 6, key: null },
};

export function isGridKind(text: string): text is GridKind {
  return Object.hasOwn(facts, text);
}

export function gridFacts(kind: GridKind): GridFacts {
  return facts[kind];
}

/** What one place of a grid holds: a camera by its number, or nothing. */
export type Cell = number | null;

/** A layout that somebody has given a name, with a camera for each place. */
export type NamedLayout = { id: string; name: string; grid: GridKind; cells: Cell[] };

/** Cameras in the order that was chosen for them; those without one come after, as they are given. */
export function inOrder(ids: readonly number[], order: readonly number[]): number[] {
  const there = new Set(ids);
  const known = [...new Set(order)].filter((id) => there.has(id));
  const placed = new Set(known);
  return [...known, ...ids.filter((id) => !placed.has(id))];
}

/** Places of cameras that are gone are empty; no camera is twice in a layout. */
export function cellsOf({ cells }: NamedLayout, ids: readonly number[]): Cell[] {
  const free = new Set(ids);
  return cells.map((id) => (id !== null && free.delete(id) ? id : null));
}

/** The pages of a grid, each full to its last place; always at least one. */
export function pagesOf(kind: GridKind, cells: readonly Cell[]): Cell[][] {
  const { cells: size } = facts[kind];
  if (!Number.isFinite(size)) return [cells.filter((cell) => cell !== null)];
  const last = cells.findLastIndex((cell) => cell !== null);
  const count = Math.max(1, Math.ceil((last + 1) / size));
  return Array.from({ length: count }, (_, page) =>
    Array.from({ length: size }, (_, place) => cells[page * size + place] ?? null),
  );
}

/** What is in the two places changes places. */
export function swapped(cells: readonly Cell[], from: number, to: number): Cell[] {
  const out = [...cells];
  while (out.length <= Math.max(from, to)) out.push(null);
  [out[from], out[to]] = [out[to] ?? null, out[from] ?? null];
  return out;
}

/** A short name for the address: "Back yard" is "back-yard", or "back-yard-2" if that is taken. */
export function layoutId(name: string, taken: readonly string[]): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  // What is all of letters that an address does not take, and the names of grids.
  const base = words === '' || words === 'cam' || isGridKind(words) ? 'layout' : words;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${String(number)}`;
    if (!taken.includes(id)) return id;
  }
}

/** Cameras on the page of a layout, and how a move changes what was set up. */
export type Arrangement = {
  named: NamedLayout | null;
  /** What each place holds, over all pages. */
  cells: readonly Cell[];
};

type Arranged = { order: number[]; layouts: NamedLayout[] };

/**
 * After the contents of two places have changed places. `ids`: of all cameras, also of those that a
 * filter leaves out, in the order in which they are shown.
 */
export function arranged<Kept extends Arranged>(
  kept: Kept,
  { named, cells }: Arrangement,
  ids: readonly number[],
  from: number,
  to: number,
): Kept {
  if (named !== null) {
    const changed = { ...named, cells: swapped(cells, from, to) };
    const layouts = kept.layouts.map((one) => (one.id === named.id ? changed : one));
    return { ...kept, layouts };
  }
  const moved = cells[from] ?? null;
  if (moved === null) return kept;
  const order = inOrder(ids, kept.order);
  const other = cells[to] ?? null;
  // An empty place is behind all the others.
  if (other === null) return { ...kept, order: [...order.filter((id) => id !== moved), moved] };
  return { ...kept, order: swapped(order, order.indexOf(moved), order.indexOf(other)) as number[] };
}
