// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import { previewQuery } from '../../api/storage';
import { enforcePolicy } from '../../api/storage-requests';
import { DialogActions, DialogBody, ModalDialog } from '../../components/modal-dialog';
import { ProgressLine } from '../../components/progress-line';
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
      <DialogActions>
        {enforce.isPending && <ProgressLine label="Asking the recorder to delete" />}
        {failure !== null && (
          <p role="alert" className={styles.problem}>
            {failure.message}
          </p>
        )}
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button danger"
          aria-disabled={isOff}
          onClick={() => {
            if (!isOff) enforce.mutate();
          }}
        >
          Delete now
        </button>
      </DialogActions>
    </ModalDialog>
  );
}
