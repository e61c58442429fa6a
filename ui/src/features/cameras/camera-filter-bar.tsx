// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { groupsOf, stateChoices, tagsOf, type CameraFilter } from './camera-filter';
import styles from './camera-filter-bar.module.css';

type CameraFilterBarProps = {
  cameras: readonly Camera[];
  shownCount: number;
  filter: CameraFilter;
  onChange: (change: Partial<CameraFilter>) => void;
};

/** Which cameras are listed, and the way to another one. */
export function CameraFilterBar({
  cameras,
  shownCount,
  filter,
  onChange,
}: CameraFilterBarProps): ReactNode {
  const { search } = useLocation();
  const count = cameras.length;
  const all = count === 1 ? '1 camera' : `${String(count)} cameras`;
  return (
    <div className={styles.bar}>
      <input
        type="search"
        className={`field ${styles.name ?? ''}`}
        aria-label="Filter by name or address"
        placeholder="Name or address"
        value={filter.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Choice
        label="Group"
        all="All groups"
        values={groupsOf(cameras)}
        value={filter.group}
        onChange={(group) => onChange({ group })}
      />
      <Choice
        label="Tag"
        all="All tags"
        values={tagsOf(cameras)}
        value={filter.tag}
        onChange={(tag) => onChange({ tag })}
      />
      {/* One camera needs no choice. */}
      <Choice
        label="State"
        all="All states"
        values={count > 1 ? [...stateChoices.keys()] : []}
        words={stateChoices}
        value={filter.state}
        onChange={(state) => onChange({ state })}
      />
      <p className={styles.count} role="status">
        {shownCount === count ? all : `${String(shownCount)} of ${all}`}
      </p>
      <Link className="button primary" to={{ pathname: '/cameras/new', search }}>
        <Icon name="add" />
        Add camera
      </Link>
    </div>
  );
}

type ChoiceProps = {
  label: string;
  all: string;
  values: readonly string[];
  /** Of a value, where it is not its own. */
  words?: ReadonlyMap<string, string>;
  value: string;
  onChange: (value: string) => void;
};

/** Only where there is something to choose from, or was when the address was made. */
function Choice({ label, all, values, words, value, onChange }: ChoiceProps): ReactNode {
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
