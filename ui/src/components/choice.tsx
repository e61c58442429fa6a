// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import styles from './choice.module.css';

type ChoiceProps = {
  label: string;
  /** The words for no choice. */
  all: string;
  values: readonly string[];
  /** Of a value, where it is not its own. */
  words?: ReadonlyMap<string, string>;
  value: string;
  onChange: (value: string) => void;
};

/** Only where there is something to choose from, or was when the address was made. */
export function Choice({ label, all, values, words, value, onChange }: ChoiceProps): ReactNode {
  if (values.length === 0 && value === '') return null;
  const listed = value === '' || values.includes(value) ? values : [...values, value];
  return (
    <select
      className={`field ${styles.choice ?? ''}`}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {listed.map((one) => (
        <option key={one} value={one}>
          {words?.get(one) ?? one}
        </option>
      ))}
    </select>
  );
}
