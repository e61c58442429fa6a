// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { FormDialog } from '../../components/form-dialog';

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
  isTesting,
  isSaving,
  onTest,
  onSave,
  saveWords = ['Save', 'Saving'],
  extraAction,
  ...form
}: CameraDialogProps): ReactNode {
  return (
    <FormDialog
      {...form}
      work={isSaving ? 'Saving the camera' : null}
      onSubmit={onSave}
      actions={
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
      }
    />
  );
}
