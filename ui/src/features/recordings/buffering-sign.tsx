// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import styles from './buffering-sign.module.css';

/** In a corner of the picture, which stays in sight. */
export function BufferingSign(): ReactNode {
  return (
    <p className={styles.sign} role="status">
      <span className={styles.ring} />
      Buffering
    </p>
  );
}
