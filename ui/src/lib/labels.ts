// SPDX-License-Identifier: MIT

/** What cameras are put in order by. */
export type Labelled = { group: string | null; tags: readonly string[] };

/** Empty parts let everything pass. */
export type LabelFilter = { group: string; tag: string };

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The groups and tags that there are, each once and in order. */
export function groupsOf(all: readonly Labelled[]): string[] {
  const groups = all.flatMap(({ group }) => (group === null ? [] : [group]));
  return [...new Set(groups)].sort(collator.compare);
}

export function tagsOf(all: readonly Labelled[]): string[] {
  return [...new Set(all.flatMap(({ tags }) => tags))].sort(collator.compare);
}

export function hasLabels({ group, tags }: Labelled, filter: LabelFilter): boolean {
  return (
    (filter.group === '' || group === filter.group) &&
    (filter.tag === '' || tags.includes(filter.tag))
  );
}
