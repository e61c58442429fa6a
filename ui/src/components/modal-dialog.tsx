// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { IconButton } from './icon-button';
import styles from './modal-dialog.module.css';

type ModalDialogProps = {
  title: string;
  /** Escape and the cross in the corner ask for it; a click beside the dialog does not. */
  onClose: () => void;
  children: ReactNode;
  /** For a question with a short answer. */
  isQuestion?: boolean;
};

/** A window over the page, open as long as it is drawn; the page behind it cannot be reached. */
export function ModalDialog({
  title,
  onClose,
  children,
  isQuestion = false,
}: ModalDialogProps): ReactNode {
  return (
    <ModalOverlay
      isOpen
      className={styles.overlay ?? ''}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className={`${styles.modal ?? ''} ${isQuestion ? (styles.small ?? '') : ''}`}>
        <Dialog className={styles.dialog ?? ''} role={isQuestion ? 'alertdialog' : 'dialog'}>
          <header className={styles.header}>
            <Heading slot="title" level={2} className={styles.title}>
              {title}
            </Heading>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What scrolls when there is not enough room. */
export function DialogBody({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles.body}>{children}</div>;
}

/** Stays in sight below the body. */
export function DialogActions({ children }: { children: ReactNode }): ReactNode {
  return <footer className={styles.actions}>{children}</footer>;
}
