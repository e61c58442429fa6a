// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import styles from './nothing-chosen.module.css';

/** In place of the player. */
export function NothingChosen({ isGone }: { isGone: boolean }): ReactNode {
  return isGone ? (
    <div className={styles.nothing} role="alert">
      This recording does not exist any more. Choose another one from the list.
    </div>
  ) : (
    <div className={`${styles.nothing ?? ''} ${styles.invitation ?? ''}`}>
      Choose a recording from the list to play it here.
    </div>
  );
}
