// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import styles from './danger-actions.module.css';
import { DialogActions } from './modal-dialog';
import { ProgressLine } from './progress-line';

type DangerActionsProps = {
  /** What the button does, as it says. */
  label: string;
  /** While it is done: what is done. */
  work: string | null;
  failure: Error | null;
  /** The button stays where it is, and does nothing. */
  isOff: boolean;
  onCancel: () => void;
  onConfirm: () => void;
};

/** The end of a question about something that is hard to take back. */
export function DangerActions({
  label,
  work,
  failure,
  isOff,
  onCancel,
  onConfirm,
}: DangerActionsProps): ReactNode {
  return (
    <DialogActions>
      {work !== null && <ProgressLine label={work} />}
      {failure !== null && (
        <p role="alert" className={styles.problem}>
          {failure.message}
        </p>
      )}
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
      <button
        type="button"
        className="button danger"
        aria-disabled={isOff}
        onClick={() => {
          if (!isOff) onConfirm();
        }}
      >
        {label}
      </button>
    </DialogActions>
  );
}
