// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { formatCount } from '../../lib/amounts';
import { formatSize } from '../../lib/size';
import { formatDay } from '../../lib/time';
import { allOf, type Stack } from './use-stacks';
import styles from './tables.module.css';

type UseTableProps = {
  days: readonly string[];
  stacks: readonly Stack[];
  focused: string | null;
};

/** The chart in words, the newest day first: of the camera in focus, or of all together. */
export function UseTable({ days, stacks, focused }: UseTableProps): ReactNode {
  const shown = stacks.find(({ key }) => key === focused) ?? allOf(stacks, days.length);
  const rows = days.map((day, at) => ({
    day,
    size: shown.sizes[at] ?? 0,
    count: shown.counts[at] ?? 0,
  }));
  return (
    // What scrolls must be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Use per day as a table">
      <table className={styles.table}>
        <caption>{shown.name}</caption>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col" className={styles.number}>
              Size
            </th>
            <th scope="col" className={styles.number}>
              Recordings
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map(({ day, size, count }) => (
            <tr key={day}>
              <th scope="row">{formatDay(day)}</th>
              <td className={styles.number}>{formatSize(size)}</td>
              <td className={styles.number}>{count === 0 ? 'none' : formatCount(count, 'file')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
