// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import {
  importCameras,
  planImport,
  type ImportBody,
  type OnConflict,
} from '../../api/camera-transfer';
import { ApiError } from '../../api/result';
import type { ImportedCamera } from '../../api/types';
import { FieldGroup, PasswordField, TextField, TickField } from '../../components/form-field';
import { DialogActions, DialogBody, ModalDialog } from '../../components/modal-dialog';
import { ProgressLine } from '../../components/progress-line';
import styles from './camera-dialog.module.css';
import { bodyOf, placeImportErrors, readImportFile } from './import-file';
import { ImportPlan } from './import-plan';

type Secrets = 'open' | 'leave';

/** Adds and changes cameras as a file says, after it has shown what that would do. */
export function ImportCamerasDialog({ onClose }: { onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const [onConflict, setOnConflict] = useState<OnConflict>('skip');
  const [secrets, setSecrets] = useState<Secrets>('open');
  const [passphrase, setPassphrase] = useState('');

  const plan = useMutation({ mutationFn: (body: ImportBody) => planImport(body) });
  const choose = useMutation({
    mutationFn: (chosen: File) => readImportFile(chosen),
    onSuccess: (file) => {
      if (!file.hasSecrets) plan.mutate(file.body);
    },
  });
  const run = useMutation({
    mutationFn: (body: ImportBody) => importCameras(client, body, onConflict),
  });

  const file = choose.data;
  const body = file === undefined ? null : bodyOf(file, secrets === 'open' ? passphrase : null);
  const failure = run.error ?? plan.error;
  const errors = placeImportErrors(failure instanceof ApiError ? failure.fields : []);
  const start = (): void => {
    plan.reset();
    run.reset();
  };
  const isBusy = plan.isPending || run.isPending;
  const needsPassphrase = file?.hasSecrets === true && secrets === 'open' && passphrase === '';
  const isPlanned = plan.data !== undefined;
  const count = (plan.data ?? []).filter(
    ({ result }) => result === 'added' || onConflict === 'update',
  ).length;
  const canGoOn = body !== null && !isBusy && !needsPassphrase && !(isPlanned && count === 0);
  const goOn = (): void => {
    if (!canGoOn) return;
    if (isPlanned) run.mutate(body);
    else plan.mutate(body);
  };

  if (run.data !== undefined) return <Imported cameras={run.data} onClose={onClose} />;
  return (
    <ModalDialog title="Import cameras" onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        <DialogBody>
          <TextField
            type="file"
            label="File"
            accept=".json,application/json"
            hint="An export of this or another recorder. Nothing is stored before you have seen what it does."
            error={choose.error?.message}
            onChange={({ currentTarget }) => {
              const chosen = currentTarget.files?.[0];
              start();
              setPassphrase('');
              if (chosen !== undefined) choose.mutate(chosen);
            }}
          />
          {file?.hasSecrets === true && (
            <FieldGroup legend="The file has sealed secrets" isColumn>
              <TickField
                type="radio"
                name="secrets"
                label="Open them with their passphrase"
                checked={secrets === 'open'}
                onChange={() => {
                  start();
                  setSecrets('open');
                }}
              />
              <TickField
                type="radio"
                name="secrets"
                label="Leave them away, and enter passwords later"
                checked={secrets === 'leave'}
                onChange={() => {
                  start();
                  setSecrets('leave');
                }}
              />
              {secrets === 'open' && (
                <PasswordField
                  label="Passphrase"
                  value={passphrase}
                  error={errors.passphrase ?? undefined}
                  onChange={(event) => {
                    start();
                    setPassphrase(event.currentTarget.value);
                  }}
                />
              )}
            </FieldGroup>
          )}
          {file !== undefined && (
            <ImportPlan
              file={file}
              planned={plan.data}
              errors={errors.rows}
              onConflict={onConflict}
              onConflictChange={(change) => {
                run.reset();
                setOnConflict(change);
              }}
            />
          )}
        </DialogBody>
        <DialogActions>
          {isBusy && (
            <ProgressLine label={run.isPending ? 'Importing the cameras' : 'Checking the file'} />
          )}
          <Problem failure={failure} others={errors.others} hasRows={errors.rows.size > 0} />
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={!canGoOn}>
            {isPlanned ? `Import ${camerasWords(count)}` : 'Check the file'}
          </button>
        </DialogActions>
      </form>
    </ModalDialog>
  );
}

function camerasWords(count: number): string {
  return count === 1 ? '1 camera' : `${String(count)} cameras`;
}

type ProblemProps = { failure: Error | null; others: string[]; hasRows: boolean };

function Problem({ failure, others, hasRows }: ProblemProps): ReactNode {
  if (failure === null) return null;
  const isPlaced = failure instanceof ApiError && failure.fields.length > 0;
  const words = isPlaced ? others.join(' ') : failure.message;
  if (words === '' && !hasRows) return null;
  return (
    <p role="alert" className={styles.problem}>
      {words === '' ? 'Mend what is marked in the file and choose it again; nothing was stored.' : words}
    </p>
  );
}

type ImportedProps = { cameras: ImportedCamera[]; onClose: () => void };

function Imported({ cameras, onClose }: ImportedProps): ReactNode {
  const count = (which: ImportedCamera['result']): number =>
    cameras.filter(({ result }) => result === which).length;
  const parts = [
    `${camerasWords(count('added'))} added`,
    `${String(count('updated'))} changed`,
    `${String(count('skipped'))} left as they were`,
  ];
  return (
    <ModalDialog title="Cameras imported" isQuestion onClose={onClose}>
      <DialogBody>
        <p role="status">{parts.join(', ')}.</p>
      </DialogBody>
      <DialogActions>
        {/* The dialog before is gone, and with it what had the focus. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <button type="button" className="button primary" autoFocus onClick={onClose}>
          Close
        </button>
      </DialogActions>
    </ModalDialog>
  );
}
