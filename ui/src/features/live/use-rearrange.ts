// SPDX-License-Identifier: MIT
import { useState } from 'react';

import { swapped, type Cell } from '../../lib/live-layout';

type Picked = { id: number; from: number; to: number };

export type Rearrange = {
  /** As they would be if it were dropped now. */
  cells: readonly Cell[];
  pickedId: number | null;
  pickUp: (id: number) => void;
  /** Says where an arrow key leads from a place. */
  step: (next: (place: number) => number) => void;
  drop: () => void;
  cancel: () => void;
  /** For who does not see it. */
  words: string;
};

/** Moves a camera by keyboard: picked up, carried from place to place, dropped or put back. */
export function useRearrange(
  cells: readonly Cell[],
  nameOf: (id: number) => string,
  onMove: (from: number, to: number) => void,
): Rearrange {
  const [picked, setPicked] = useState<Picked | null>(null);
  const [words, setWords] = useState('');
  // Another page, or another browser that moved it meanwhile: nothing is picked up any more.
  const held = picked !== null && cells[picked.from] === picked.id ? picked : null;
  const place = (at: number): string => `place ${String(at + 1)} of ${String(cells.length)}`;
  return {
    cells: held === null ? cells : swapped(cells, held.from, held.to),
    pickedId: held?.id ?? null,
    words,
    pickUp: (id) => {
      const from = cells.indexOf(id);
      if (from < 0) return;
      setPicked({ id, from, to: from });
      setWords(
        `${nameOf(id)} is picked up, ${place(from)}. ` +
          'Shift with an arrow key moves it, Enter drops it, Escape puts it back.',
      );
    },
    step: (next) => {
      if (held === null) return;
      const to = next(held.to);
      setPicked({ ...held, to });
      setWords(`${nameOf(held.id)}: ${place(to)}`);
    },
    drop: () => {
      if (held === null) return;
      if (held.from !== held.to) onMove(held.from, held.to);
      setPicked(null);
      setWords(`${nameOf(held.id)} is dropped, ${place(held.to)}`);
    },
    cancel: () => {
      if (held === null) return;
      setPicked(null);
      setWords(`${nameOf(held.id)} is back, ${place(held.from)}`);
    },
  };
}
