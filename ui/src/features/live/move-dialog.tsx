// SPDX-License-Identifier: MIT
import { useState, type ReactNode } from 'react';

import type { Camera } from '../../api/types';
import { SelectField } from '../../components/form-field';
import { FormDialog } from '../../components/form-dialog';
import { gridFacts, type Cell } from '../../lib/live-layout';
import type { ShownLayout } from '../../lib/preferences';

type MoveDialogProps = {
  layout: ShownLayout;
  /** Over all pages. */
  cells: readonly Cell[];
  cameras: readonly Camera[];
  place: number;
  onMove: (to: number) => void;
  onClose: () => void;
};

/** The same as dragging, for whoever cannot or will not drag. */
export function MoveDialog(props: MoveDialogProps): ReactNode {
  const { layout, cells, cameras, place, onMove, onClose } = props;
  const nameOf = (cell: Cell): string => cameras.find(({ id }) => id === cell)?.name ?? 'empty';
  const [to, setTo] = useState(place);
  const { cells: size } = gridFacts(layout.grid);
  // In a layout with a name the empty places count as well, to the end of its last page.
  const count =
    layout.named !== null && Number.isFinite(size)
      ? Math.max(1, Math.ceil(cells.length / size)) * size
      : cells.length;
  return (
    <FormDialog
      title={`Move ${nameOf(cells[place] ?? null)}`}
      work={null}
      problem={null}
      isDirty={false}
      onSubmit={() => (to === place ? onClose() : onMove(to))}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Move
          </button>
        </>
      }
    >
      <SelectField
        label="To"
        hint="The camera that is there comes here in its place."
        value={String(to)}
        onChange={({ currentTarget: { value } }) => setTo(Number(value))}
      >
        {Array.from({ length: count }, (_, i) => (
          <option key={i} value={i}>
            {`Place ${String(i + 1)}: ${i === place ? 'here' : nameOf(cells[i] ?? null)}`}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
