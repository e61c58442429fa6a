// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { OnConflict } from '../../api/camera-transfer';
import type { ImportedCamera } from '../../api/types';
import { FieldGroup, TickField } from '../../components/form-field';
import { nameInFile, type ImportFile } from './import-file';
import styles from './import-plan.module.css';

type ImportPlanProps = {
  file: ImportFile;
  /** What the recorder says it would do, in the order of the file; undefined before it did. */
  planned: readonly ImportedCamera[] | undefined;
  /** What is wrong, by the place in the file. */
  errors: ReadonlyMap<number, readonly string[]>;
  onConflict: OnConflict;
  onConflictChange: (onConflict: OnConflict) => void;
};

/** What an import does with each camera of its file. */
export function ImportPlan({
  file,
  planned,
  errors,
  onConflict,
  onConflictChange,
}: ImportPlanProps): ReactNode {
  const sameName = (planned ?? []).filter(({ result }) => result !== 'added').length;
  const choice = (value: OnConflict, label: string): ReactNode => (
    <TickField
      type="radio"
      name="conflict"
      label={label}
      checked={onConflict === value}
      onChange={() => onConflictChange(value)}
    />
  );
  return (
    <>
      {sameName > 0 && (
        <FieldGroup legend={`Already here by that name: ${String(sameName)}`} isColumn>
          {choice('skip', 'Leave them as they are')}
          {choice('update', 'Change them to what the file says')}
        </FieldGroup>
      )}
      {/* It scrolls, and holds nothing else that the keyboard could scroll it with. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroll} role="region" aria-label="Cameras in the file" tabIndex={0}>
        <table className={styles.table}>
          <caption>
            {file.cameras.length === 1 ? '1 camera' : `${String(file.cameras.length)} cameras`} in
            the file
            {errors.size > 0 && `, ${String(errors.size)} of them not valid`}
          </caption>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Name</th>
              <th scope="col">What happens</th>
            </tr>
          </thead>
          <tbody>
            {file.cameras.map((camera, row) => (
              // Nothing else tells two rows of a faulty file apart.
              <tr key={row} data-bad={errors.has(row)}>
                <th scope="row">{nameInFile(camera, row)}</th>
                <td>{errors.get(row)?.join(' ') ?? fateOf(planned?.[row], onConflict)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function fateOf(planned: ImportedCamera | undefined, onConflict: OnConflict): string {
  if (planned === undefined) return '';
  if (planned.result === 'added') return 'New';
  return onConflict === 'update' ? 'Is changed' : 'Stays as it is';
}
