// SPDX-License-Identifier: MIT
import { useState, type ReactNode } from 'react';

import styles from './form-dialog.module.css';
import { DialogActions, DialogBody, ModalDialog } from './modal-dialog';
import { ProgressLine } from './progress-line';

type FormDialogProps = {
  title: string;
  /** The fields. */
  children: ReactNode;
  /** The buttons at its end; the one that saves is of type "submit". */
  actions: ReactNode;
  /** While it is done: what is done. */
  work: string | null;
  /** What is wrong and belongs to no field. */
  problem: string | null;
  /** Whether closing would lose something; then it is asked about. */
  isDirty: boolean;
  onSubmit: () => void;
  onClose: () => void;
};

/** A dialog with fields and an end that stays in sight below them. */
export function FormDialog({
  title,
  children,
  actions,
  work,
  problem,
  isDirty,
  onSubmit,
  onClose,
}: FormDialogProps): ReactNode {
  const [isLeaving, setIsLeaving] = useState(false);
  const leave = (): void => {
    if (isDirty && !isLeaving) setIsLeaving(true);
    else onClose();
  };
  return (
    <ModalDialog title={title} onClose={leave}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (work === null) onSubmit();
        }}
      >
        <DialogBody>{children}</DialogBody>
        <DialogActions>
          {work !== null && <ProgressLine label={work} />}
          {problem !== null && (
            <p role="alert" className={styles.problem}>
              {problem}
            </p>
          )}
          {isLeaving ? (
            <>
              <p role="alert" className={styles.question}>
                Discard what was entered?
              </p>
              <button type="button" className="button" onClick={() => setIsLeaving(false)}>
                Keep editing
              </button>
              <button type="button" className="button" onClick={onClose}>
                Discard
              </button>
            </>
          ) : (
            actions
          )}
        </DialogActions>
      </form>
    </ModalDialog>
  );
}
