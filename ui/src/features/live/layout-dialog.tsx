// SPDX-License-Identifier: MIT
import { useState, type ReactNode } from 'react';

import type { Camera } from '../../api/types';
import { FieldGroup, SelectField, TextField } from '../../components/form-field';
import { FormDialog } from '../../components/form-dialog';
import {
  gridFacts,
  gridKinds,
  isGridKind,
  layoutId,
  type Cell,
  type GridKind,
  type NamedLayout,
} from '../../lib/live-layout';

type LayoutDialogProps = {
  /** Null for a new one. */
  before: NamedLayout | null;
  /** What the page shows now: a new layout begins with it. */
  shown: { grid: GridKind; cells: readonly Cell[] };
  taken: readonly NamedLayout[];
  cameras: readonly Camera[];
  onSave: (layout: NamedLayout) => void;
  onClose: () => void;
};

const longestName = 64;
/** Of a layout that shows as many as fit, beyond the cameras that it has. */
const spare = 1;

/** A layout's name, its grid, and which camera is in which place. */
export function LayoutDialog(props: LayoutDialogProps): ReactNode {
  const { before, shown, taken, cameras, onSave, onClose } = props;
  const [name, setName] = useState(before?.name ?? '');
  const [grid, setGrid] = useState<GridKind>(before?.grid ?? shown.grid);
  const [cells, setCells] = useState<readonly Cell[]>(before?.cells ?? shown.cells);
  const [isChanged, setIsChanged] = useState(false);
  const [error, setError] = useState<string>();

  const size = gridFacts(grid).cells;
  const used = cells.findLastIndex((cell) => cell !== null) + 1;
  // Whole pages, so that every place of the last one can be filled.
  const places = Number.isFinite(size)
    ? Math.max(1, Math.ceil(used / size)) * size
    : Math.min(used + spare, cameras.length);

  const put = (place: number, camera: Cell): void => {
    const next: Cell[] = Array.from({ length: Math.max(places, cells.length) }, (_, i) =>
      // A camera that is put somewhere leaves the place where it was.
      cells[i] === camera ? null : (cells[i] ?? null),
    );
    next[place] = camera;
    setCells(next);
    setIsChanged(true);
  };
  const save = (): void => {
    const trimmed = name.trim();
    const others = taken.filter(({ id }) => id !== before?.id);
    if (trimmed === '') setError('A layout needs a name, such as “Yard”.');
    else if (others.some((other) => other.name === trimmed)) {
      setError('Another layout has this name.');
    } else {
      const id = before?.id ?? layoutId(trimmed, taken.map((one) => one.id));
      const last = cells.findLastIndex((cell) => cell !== null);
      onSave({ id, name: trimmed, grid, cells: cells.slice(0, last + 1) });
    }
  };
  return (
    <FormDialog
      title={before === null ? 'New named layout' : `Change ${before.name}`}
      work={null}
      problem={null}
      isDirty={isChanged}
      onSubmit={save}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Save
          </button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        maxLength={longestName}
        error={error}
        onChange={({ currentTarget: { value } }) => {
          setName(value);
          setError(undefined);
          setIsChanged(true);
        }}
      />
      <SelectField
        label="Grid"
        value={grid}
        onChange={({ currentTarget: { value } }) => {
          if (isGridKind(value)) setGrid(value);
          setIsChanged(true);
        }}
      >
        {gridKinds.map((kind) => (
          <option key={kind} value={kind}>
            {gridFacts(kind).long}
          </option>
        ))}
      </SelectField>
      <FieldGroup legend="Cameras">
        {Array.from({ length: places }, (_, place) => (
          <SelectField
            key={place}
            label={`Place ${String(place + 1)}`}
            value={String(cells[place] ?? '')}
            onChange={({ currentTarget: { value } }) =>
              put(place, value === '' ? null : Number(value))
            }
          >
            <option value="">Empty</option>
            {cameras.map(({ id, name: camera }) => (
              <option key={id} value={id}>
                {camera}
              </option>
            ))}
          </SelectField>
        ))}
      </FieldGroup>
    </FormDialog>
  );
}
