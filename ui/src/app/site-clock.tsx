// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSite, useSiteStore, useZone } from '../api/site';
import { useNow } from '../components/use-now';
import { formatClock, toRfc3339, zoneLabel } from '../lib/time';
import styles from './site-clock.module.css';

/** The recorder's time in the site's zone, which every time in the UI is shown in. */
export function SiteClock(): ReactNode {
  const { now: clock } = useSiteStore();
  const { zone: siteZone } = useSite();
  const zone = useZone();
  const now = useNow(clock);
  const label = zoneLabel(now, zone);
  const time = formatClock(now, zone);
  return (
    <time
      className={styles.clock}
      dateTime={toRfc3339(now)}
      title={siteZone === null ? `Your browser's time (${zone})` : `Time at the site (${zone})`}
    >
      {/* In the repeated hour the time names its zone itself. */}
      {time.endsWith(label) ? (
        time
      ) : (
        <>
          {time} <span className={styles.zone}>{label}</span>
        </>
      )}
    </time>
  );
}
