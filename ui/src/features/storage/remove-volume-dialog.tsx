// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { removeVolume } from '../../api/storage-requests';
import type { Volume } from '../../api/storage-types';
import { DangerActions } from '../../components/danger-actions';
import { DialogBody, ModalDialog } from '../../components/modal-dialog';
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
      <DangerActions
        label="Remove volume"
        work={removal.isPending ? 'Removing the volume' : null}
        failure={removal.error}
        isOff={removal.isPending}
        onCancel={onClose}
        onConfirm={() => removal.mutate()}
      />
    </ModalDialog>
  );
}
