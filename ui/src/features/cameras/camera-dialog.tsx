// SPDX-License-Identifier: MIT
import { useState, type ReactNode } from 'react';

import { DialogActions, DialogBody, ModalDialog } from '../../components/modal-dialog';
import { ProgressLine } from '../../components/progress-line';
import styles from './camera-dialog.module.css';

type CameraDialogProps = {
  title: string;
  children: ReactNode;
  /** What is wrong and belongs to no field. */
  problem: string | null;
  isTesting: boolean;
  isSaving: boolean;
  /** Whether closing would lose something. */
  isDirty: boolean;
  onTest: () => void;
  onSave: () => void;
  onClose: () => void;
  /** What its last button is called, before and while it does it. */
  saveWords?: readonly [string, string];
  /** In front of the buttons that every such dialog has. */
  extraAction?: ReactNode;
};

/** A form about one camera: fields, a test of the connection, Save. */
export function CameraDialog({
  title,
  children,
  problem,
  isTesting,
  isSaving,
  isDirty,
  onTest,
  onSave,
  onClose,
  saveWords = ['Save', 'Saving'],
  extraAction,
}: CameraDialogProps): ReactNode {
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
          if (!isSaving) onSave();
        }}
      >
        <DialogBody>{children}</DialogBody>
        <DialogActions>
          {isSaving && <ProgressLine label="Saving the camera" />}
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
            <>
              {extraAction}
              {/* Not `disabled`: that would take the focus away. */}
              <button
                type="button"
                className="button"
                aria-disabled={isTesting}
                onClick={isTesting ? undefined : onTest}
              >
                Test connection
              </button>
              <button type="submit" className="button primary" aria-disabled={isSaving}>
                {isSaving ? saveWords[1] : saveWords[0]}
              </button>
            </>
          )}
        </DialogActions>
      </form>
    </ModalDialog>
  );
}
