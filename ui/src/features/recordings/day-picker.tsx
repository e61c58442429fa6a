// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { IconButton } from '../../components/icon-button';
import { addDays, isDay } from '../../lib/time';
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
      <input
        type="date"
        className="field"
        aria-label="Day"
        value={day}
        max={today}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          // While being typed it is empty, or in the year 0002.
          if (isDay(chosen) && chosen >= '1970-01-02') onChange(chosen);
        }}
      />
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
