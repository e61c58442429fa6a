// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { formatSize } from '../../lib/size';
import { formatDayShort } from '../../lib/time';
import styles from './use-legend.module.css';
import type { Stack } from './use-stacks';

type UseLegendProps = {
  stacks: readonly Stack[];
  /** Whose sizes are shown; null: all days together. */
  day: { at: number; day: string } | null;
  focused: string | null;
  onFocus: (key: string | null) => void;
};

/** Which colour is which camera. One that is pressed stands out alone. */
export function UseLegend({ stacks, day, focused, onFocus }: UseLegendProps): ReactNode {
  const sizeOf = ({ sizes, total }: Stack): number => (day === null ? total : (sizes[day.at] ?? 0));
  return (
    <div className={styles.box}>
      <p className={styles.head}>
        <span>{day === null ? 'All these days' : formatDayShort(day.day)}</span>
        <span>{formatSize(stacks.reduce((all, stack) => all + sizeOf(stack), 0))}</span>
      </p>
      <ul className={styles.legend} aria-label="Cameras in the chart">
        {stacks.map((stack) => {
          const isFocused = stack.key === focused;
          return (
            <li key={stack.key}>
              <button
                type="button"
                aria-pressed={isFocused}
                onClick={() => onFocus(isFocused ? null : stack.key)}
              >
                <span className={styles.swatch} style={{ background: stack.colour }} />
                <span className={styles.name}>{stack.name}</span>
                <span>{formatSize(sizeOf(stack))}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
