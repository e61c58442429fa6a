// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import type { Camera } from '../../api/types';
import { Choice } from '../../components/choice';
import { Icon } from '../../components/icon';
import { groupsOf, tagsOf } from '../../lib/labels';
import { stateChoices, type CameraFilter } from './camera-filter';
import styles from './camera-filter-bar.module.css';
import { TransferMenu } from './transfer-menu';

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
      <div className={styles.ways}>
        <Link className="button primary" to={{ pathname: '/cameras/new', search }}>
          <Icon name="add" />
          Add camera
        </Link>
        <TransferMenu />
      </div>
    </div>
  );
}
