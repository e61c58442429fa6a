// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { removeCamera, type Footage } from '../../api/camera-requests';
import { noteRemoved, undoMs } from '../../api/removed-cameras';
import type { Camera } from '../../api/types';
import { DangerActions } from '../../components/danger-actions';
import { FieldGroup, TickField } from '../../components/form-field';
import { DialogBody, ModalDialog } from '../../components/modal-dialog';

type RemoveCameraDialogProps = { camera: Camera; onClose: () => void; onRemoved: () => void };

export function RemoveCameraDialog({
  camera,
  onClose,
  onRemoved,
}: RemoveCameraDialogProps): ReactNode {
  const client = useQueryClient();
  const [footage, setFootage] = useState<Footage>('keep');
  const removal = useMutation({
    mutationFn: () => removeCamera(client, camera.id, footage),
    onSuccess: () => {
      const { id, name } = camera;
      noteRemoved(client, { id, name, footage, until: Date.now() + undoMs });
      onRemoved();
    },
  });
  const choice = (value: Footage, label: string, hint: string): ReactNode => (
    <TickField
      type="radio"
      name="footage"
      label={label}
      hint={hint}
      value={value}
      checked={footage === value}
      onChange={() => setFootage(value)}
    />
  );
  return (
    <ModalDialog title={`Remove ${camera.name}?`} isQuestion onClose={onClose}>
      <DialogBody>
        <p>It stops recording at once. For 30 s this can be undone.</p>
        <FieldGroup legend="Its recordings" isColumn>
          {choice('keep', 'Keep the recordings', 'They stay on the disk.')}
          {choice('delete', 'Delete the recordings', 'After 30 s nothing brings them back.')}
        </FieldGroup>
      </DialogBody>
      <DangerActions
        label={footage === 'keep' ? 'Remove camera' : 'Remove camera and recordings'}
        work={removal.isPending ? 'Removing the camera' : null}
        failure={removal.error}
        isOff={removal.isPending}
        onCancel={onClose}
        onConfirm={() => removal.mutate()}
      />
    </ModalDialog>
  );
}
