// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { formatClockOnly, zoneLabel } from '../lib/time';
import styles from './zoned-clock.module.css';

/** "02:14:05 CET": a time with the zone it is in at that moment, which is named once. */
export function ZonedClock({ ms, zone }: { ms: number; zone: string }): ReactNode {
  return (
    <>
      {formatClockOnly(ms, zone)} <span className={styles.zone}>{zoneLabel(ms, zone)}</span>
    </>
  );
}
