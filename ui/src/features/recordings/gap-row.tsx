// SPDX-License-Identifier: MIT
import { memo } from 'react';

import { Icon } from '../../components/icon';
import { formatClock, formatMinute } from '../../lib/time';
import styles from './recording-list.module.css';

type GapRowProps = { start: number; end: number; zone: string };

/** "No recording between 02:10 and 02:22"; with seconds where minutes would say nothing. */
export const GapRow = memo(function GapRow({ start, end, zone }: GapRowProps) {
  const format = end - start < 120_000 ? formatClock : formatMinute;
  return (
    <li className={styles.gap}>
      <Icon name="gap" size={18} />
      {`No recording between ${format(start, zone)} and ${format(end, zone)}`}
    </li>
  );
});
