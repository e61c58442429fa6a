// SPDX-License-Identifier: MIT

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export type Named = { id: number; name: string; isRemoved: boolean };

/** All cameras, and those that were removed and have recordings still; in order of their names. */
export function namesOf(
  cameras: readonly { id: number; name: string }[],
  used: readonly { camera_id: number }[],
): Named[] {
  const known = cameras.map(({ id, name }) => ({ id, name, isRemoved: false }));
  const removed = used
    .filter(({ camera_id: id }) => !cameras.some((camera) => camera.id === id))
    .map(({ camera_id: id }) => ({ id, name: `Removed camera ${String(id)}`, isRemoved: true }));
  return [...known, ...removed].sort(
    (a, b) => Number(a.isRemoved) - Number(b.isRemoved) || collator.compare(a.name, b.name),
  );
}
