// SPDX-License-Identifier: MIT
import { useId, type ReactNode } from 'react';

import styles from './work-progress.module.css';

type WorkProgressProps = { label: string; words: string; done: number; left: number };

/** Of work that takes a while; said once when it begins, and then only to who asks. */
export function WorkProgress({ label, words, done, left }: WorkProgressProps): ReactNode {
  const id = useId();
  const total = done + left;
  return (
    <div className={styles.work}>
      <p id={id} role="status">
        {label}
      </p>
      {/* Without a value it says that nobody knows how long. */}
      <progress aria-labelledby={id} max={Math.max(1, total)} value={total === 0 ? undefined : done} />
      <p>{words}</p>
    </div>
  );
}
