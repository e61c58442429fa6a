// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSite, useSiteStore, useZone } from '../api/site';
import { useNow } from '../components/use-now';
import { ZonedClock } from '../components/zoned-clock';
import { toRfc3339 } from '../lib/time';
import styles from './site-clock.module.css';

/** The recorder's time in the site's zone, which every time in the UI is shown in. */
export function SiteClock(): ReactNode {
  const { now: clock } = useSiteStore();
  const { zone: siteZone, unknownZone } = useSite();
  const zone = useZone();
  const now = useNow(clock);
  return (
    <time
      className={styles.clock}
      dateTime={toRfc3339(now)}
      title={whose(siteZone, unknownZone) + ` (${zone})`}
    >
      <ZonedClock ms={now} zone={zone} />
    </time>
  );
}

function whose(siteZone: string | null, unknownZone: string | null): string {
  if (siteZone === null) return "Your browser's time";
  return unknownZone === null ? 'Time at the site' : "The recorder's time";
}
