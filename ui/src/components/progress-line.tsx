// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import styles from './progress-line.module.css';

/** A thin line that moves while something is on its way; takes no space from what follows. */
export function ProgressLine({ label }: { label: string }): ReactNode {
  return (
    <div className={styles.line} role="progressbar" aria-label={label}>
      <div className={styles.runner} />
    </div>
  );
}
