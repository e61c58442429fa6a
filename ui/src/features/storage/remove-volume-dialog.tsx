// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { removeVolume } from '../../api/storage-requests';
import type { Volume } from '../../api/storage-types';
import { DialogActions, DialogBody, ModalDialog } from '../../components/modal-dialog';
import { ProgressLine } from '../../components/progress-line';
import { formatCount } from '../../lib/amounts';
import styles from './dialogs.module.css';

type RemoveVolumeDialogProps = { volume: Volume; id: number; onClose: () => void };

export function RemoveVolumeDialog({ volume, id, onClose }: RemoveVolumeDialogProps): ReactNode {
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: () => removeVolume(client, id),
    onSuccess: onClose,
  });
  const { path, file_count: count } = volume;
  return (
    <ModalDialog title="Remove this volume?" isQuestion onClose={onClose}>
      <DialogBody>
        <p className={styles.path}>
          Nothing is recorded to {path} any more.{' '}
          {count === 0
            ? 'There is no recording on it.'
            : `Its ${formatCount(count, 'recording')} ${count === 1 ? 'stays' : 'stay'} on the disk as files.`}
        </p>
      </DialogBody>
      <DialogActions>
        {removal.isPending && <ProgressLine label="Removing the volume" />}
        {removal.error !== null && (
          <p role="alert" className={styles.problem}>
            {removal.error.message}
          </p>
        )}
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button danger"
          aria-disabled={removal.isPending}
          onClick={() => {
            if (!removal.isPending) removal.mutate();
          }}
        >
          Remove volume
        </button>
      </DialogActions>
    </ModalDialog>
  );
}
