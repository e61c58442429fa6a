// SPDX-License-Identifier: MIT
import type { DayUse } from '../../api/storage-types';
import { addDays } from '../../lib/time';
import type { Named } from './names';

/** One colour of the chart: a camera, or all those that are too small for one of their own. */
export type Stack = {
  key: string;
  name: string;
  colour: string;
  /** By day, as in `days`. */
  sizes: number[];
  counts: number[];
  total: number;
};

/** Each at least 3:1 on both the dark and the light ground. */
const colours = ['#3b82f6', '#d97706', '#059669', '#db2777', '#8b5cf6', '#0891b2', '#dc2626', '#65a30d'];
const otherColour = '#737b87';

/** The days from `first` to `last`, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

function sum(lists: readonly (readonly number[])[], length: number): number[] {
  return Array.from({ length }, (_, at) => lists.reduce((all, list) => all + (list[at] ?? 0), 0));
}

type Plain = Omit<Stack, 'colour'>;

function joined(key: string, name: string, parts: readonly Plain[], length: number): Plain {
  return {
    key,
    name,
    sizes: sum(parts.map(({ sizes }) => sizes), length),
    counts: sum(parts.map(({ counts }) => counts), length),
    total: parts.reduce((all, { total }) => all + total, 0),
  };
}

/** The largest first; more cameras than colours share the last one. */
export function stacksOf(
  use: readonly DayUse[],
  days: readonly string[],
  names: readonly Named[],
): Stack[] {
  const place = new Map(days.map((day, at) => [day, at]));
  const byCamera = new Map<number, Plain>();
  for (const { camera_id: id, day, size_bytes, file_count } of use) {
    const at = place.get(day);
    if (at === undefined) continue;
    const name = names.find((named) => named.id === id)?.name ?? `Removed camera ${String(id)}`;
    const stack = byCamera.get(id) ?? joined(String(id), name, [], days.length);
    stack.sizes[at] = (stack.sizes[at] ?? 0) + size_bytes;
    stack.counts[at] = (stack.counts[at] ?? 0) + file_count;
    stack.total += size_bytes;
    byCamera.set(id, stack);
  }
  const all = [...byCamera.values()].sort((a, b) => b.total - a.total);
  const hasRoom = all.length <= colours.length;
  const own = hasRoom ? all : all.slice(0, colours.length - 1);
  const rest = hasRoom ? [] : all.slice(own.length);
  const stacks = own.map((stack, at) => ({ ...stack, colour: colours[at] ?? otherColour }));
  if (rest.length === 0) return stacks;
  const name = `${String(rest.length)} other cameras`;
  return [...stacks, { ...joined('others', name, rest, days.length), colour: otherColour }];
}

/** All of them together, for a table without a choice. */
export function allOf(stacks: readonly Stack[], length: number): Plain {
  return joined('all', 'All cameras', stacks, length);
}
