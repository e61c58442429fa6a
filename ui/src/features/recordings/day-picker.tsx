// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { IconButton } from '../../components/icon-button';
import { addDays } from '../../lib/time';
import { DayField } from './day-field';
import styles from './day-picker.module.css';

type DayPickerProps = { day: string; today: string; onChange: (day: string) => void };

export function DayPicker({ day, today, onChange }: DayPickerProps): ReactNode {
  return (
    <div className={styles.picker} role="group" aria-label="Day">
      <IconButton
        icon="previous"
        label="Previous day"
        onClick={() => onChange(addDays(day, -1))}
      />
      <DayField day={day} latest={today} onChange={onChange} />
      <IconButton
        icon="next"
        label="Next day"
        disabled={day >= today}
        onClick={() => onChange(addDays(day, 1))}
      />
      <button
        type="button"
        className={`button ${styles.today ?? ''}`}
        aria-pressed={day === today}
        onClick={() => onChange(today)}
      >
        Today
      </button>
    </div>
  );
}
