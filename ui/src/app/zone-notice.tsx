// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSite } from '../api/site';
import styles from './zone-notice.module.css';

/** Says that times are not those of the site, as long as that is so. */
export function ZoneNotice(): ReactNode {
  const { unknownZone } = useSite();
  if (unknownZone === null) return null;
  const what = unknownZone === '' ? 'not named' : `"${unknownZone}", unknown to this browser`;
  return (
    <p className={styles.notice} role="status">
      All times are in UTC: the time zone of the recorder is {what}.
    </p>
  );
}
