// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';

/** Empty parts let everything pass. */
export type CameraFilter = { name: string; group: string; tag: string };

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The groups and tags that there are, each once and in order. */
export function groupsOf(cameras: readonly Camera[]): string[] {
  const groups = cameras.flatMap(({ group }) => (group === null ? [] : [group]));
  return [...new Set(groups)].sort(collator.compare);
}

export function tagsOf(cameras: readonly Camera[]): string[] {
  return [...new Set(cameras.flatMap(({ tags }) => tags))].sort(collator.compare);
}

/** Those that pass, by name: "Gate 2" before "Gate 10". */
export function filterCameras(cameras: readonly Camera[], filter: CameraFilter): Camera[] {
  const part = filter.name.trim().toLowerCase();
  return cameras
    .filter(
      ({ name, group, tags }) =>
        name.toLowerCase().includes(part) &&
        (filter.group === '' || group === filter.group) &&
        (filter.tag === '' || tags.includes(filter.tag)),
    )
    .sort((a, b) => collator.compare(a.name, b.name));
}
