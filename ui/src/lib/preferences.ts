// SPDX-License-Identifier: MIT
import { isGridKind, type Cell, type GridKind, type NamedLayout } from './live-layout';

/** What the viewer set up; kept on the recorder as JSON, with the names that the fields have here. */
export type Preferences = {
  /** What the live page opens with: a kind of grid, or the id of a named layout. */
  layout: string;
  /** Of the cameras, in every layout without a name of its own. */
  order: number[];
  layouts: NamedLayout[];
  /** How long patrol stays on a page, in seconds. */
  patrolS: number;
  /** Whether letters and signs alone do something; whoever speaks to a computer switches them off. */
  hasSingleKeys: boolean;
};

export const patrolTimes = [5, 10, 20, 30, 60] as const;

const currentVersion = 1;
const mostLayouts = 50;
const mostCells = 256;

export const defaultPreferences: Preferences = {
  layout: 'auto',
  order: [],
  layouts: [],
  patrolS: 10,
  hasSingleKeys: true,
};

/** The object as it was read: what is not known here stays in it when it is written. */
export type RawPreferences = Record<string, unknown>;

function asObject(value: unknown): RawPreferences {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as RawPreferences) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function readLayout(value: unknown): NamedLayout[] {
  const { id, name, grid, cells } = asObject(value);
  if (typeof id !== 'string' || id === '' || isGridKind(id)) return [];
  if (typeof name !== 'string' || typeof grid !== 'string' || !isGridKind(grid)) return [];
  const places = asList(cells).slice(0, mostCells);
  return [{ id, name, grid, cells: places.map((cell): Cell => (isId(cell) ? cell : null)) }];
}

/** Whether this page may write over it; a newer one may have put in what this one would spoil. */
export function isWritable(raw: unknown): boolean {
  const { version } = asObject(raw);
  return version === undefined || (typeof version === 'number' && version <= currentVersion);
}

/** Takes whatever it is given: what is no good is as if it had never been set. */
export function readPreferences(raw: unknown): Preferences {
  const live = asObject(asObject(raw)['live']);
  const layouts = asList(live['layouts']).flatMap(readLayout).slice(0, mostLayouts);
  const { layout, patrol_s: patrol, single_keys: keys } = live;
  const isKnown = (id: string): boolean => isGridKind(id) || layouts.some((one) => one.id === id);
  return {
    layout: typeof layout === 'string' && isKnown(layout) ? layout : defaultPreferences.layout,
    order: asList(live['order']).filter(isId),
    layouts,
    patrolS: patrolTimes.find((time) => time === patrol) ?? defaultPreferences.patrolS,
    hasSingleKeys: keys !== false,
  };
}

/** `raw` with the preferences in it. */
export function writePreferences(raw: unknown, preferences: Preferences): RawPreferences {
  const { layout, order, layouts, patrolS, hasSingleKeys } = preferences;
  const before = asObject(raw);
  return {
    ...before,
    version: currentVersion,
    live: {
      ...asObject(before['live']),
      layout,
      order,
      layouts,
      patrol_s: patrolS,
      single_keys: hasSingleKeys,
    },
  };
}

export type ShownLayout = { key: string; grid: GridKind; named: NamedLayout | null };

/** The layout of that key; the one that was chosen last where there is none of that key. */
export function layoutOf(preferences: Preferences, key: string | undefined): ShownLayout {
  for (const wanted of [key, preferences.layout]) {
    if (wanted === undefined) continue;
    if (isGridKind(wanted)) return { key: wanted, grid: wanted, named: null };
    const named = preferences.layouts.find(({ id }) => id === wanted);
    if (named !== undefined) return { key: wanted, grid: named.grid, named };
  }
  return { key: 'auto', grid: 'auto', named: null };
}
