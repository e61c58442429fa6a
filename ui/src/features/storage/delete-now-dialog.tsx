// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import { previewQuery } from '../../api/storage';
import { enforcePolicy } from '../../api/storage-requests';
import { DangerActions } from '../../components/danger-actions';
import { DialogBody, ModalDialog } from '../../components/modal-dialog';
import styles from './dialogs.module.css';
import { deletionWords } from './words';

/** Does at once what is done by itself every hour. */
export function DeleteNowDialog({ onClose }: { onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const { now } = useSiteStore();
  const zone = useZone();
  const { data, error } = useQuery({ ...previewQuery({}), staleTime: 0 });
  const enforce = useMutation({
    mutationFn: () => enforcePolicy(client),
    onSuccess: onClose,
  });
  const isOff = data === undefined || data.file_count === 0 || enforce.isPending;
  const failure = enforce.error ?? (data === undefined ? error : null);
  return (
    <ModalDialog title="Delete now?" isQuestion onClose={onClose}>
      <DialogBody>
        <p>What exceeds the limits is deleted by itself every hour. This does it at once.</p>
        <p role="status" className={data !== undefined && data.file_count > 0 ? styles.warning : styles.soft}>
          {data === undefined
            ? 'Looking through the recordings …'
            : data.file_count === 0
              ? 'Nothing exceeds the limits.'
              : `${deletionWords(data, now(), zone)}. Nothing brings them back.`}
        </p>
      </DialogBody>
      <DangerActions
        label="Delete now"
        work={enforce.isPending ? 'Asking the recorder to delete' : null}
        failure={failure}
        isOff={isOff}
        onCancel={onClose}
        onConfirm={() => enforce.mutate()}
      />
    </ModalDialog>
  );
}
