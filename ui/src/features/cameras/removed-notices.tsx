// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';

import { removedCamerasQuery } from '../../api/removed-cameras';
import styles from './removed-notices.module.css';

// There seldom is one.
const RemovedNotice = lazy(async () => ({ default: (await import('./removed-notice')).RemovedNotice }));

/** What was removed in the last half minute, on whatever page, with the way back. */
export function RemovedNotices(): ReactNode {
  const { data: removed } = useQuery(removedCamerasQuery());
  return (
    <div className={styles.notices} role="status">
      <Suspense fallback={null}>
        {removed.map((one) => (
          <RemovedNotice key={one.id} removed={one} />
        ))}
      </Suspense>
    </div>
  );
}
