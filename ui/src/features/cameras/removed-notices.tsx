// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { removedCamerasQuery } from '../../api/removed-cameras';
import { RemovedNotice } from './removed-notice';
import styles from './removed-notices.module.css';

/** What was removed in the last half minute, on whatever page, with the way back. */
export function RemovedNotices(): ReactNode {
  const { data: removed } = useQuery(removedCamerasQuery());
  return (
    <div className={styles.notices} role="status">
      {removed.map((one) => (
        <RemovedNotice key={one.id} removed={one} />
      ))}
    </div>
  );
}
