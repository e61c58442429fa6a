// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { Camera } from '../../api/types';
import { Choice } from '../../components/choice';
import { groupsOf, tagsOf, type LabelFilter } from '../../lib/labels';
import styles from './live-filter-bar.module.css';

type LiveFilterBarProps = {
  cameras: readonly Camera[];
  filter: LabelFilter;
  onChange: (change: Partial<LabelFilter>) => void;
};

/** Which cameras are watched; nothing where they have no group and no tag. */
export function LiveFilterBar({ cameras, filter, onChange }: LiveFilterBarProps): ReactNode {
  const groups = groupsOf(cameras);
  const tags = tagsOf(cameras);
  if (groups.length + tags.length === 0 && filter.group === '' && filter.tag === '') return null;
  return (
    <div className={styles.bar} role="group" aria-label="Filter the cameras">
      <Choice
        label="Group"
        all="All groups"
        values={groups}
        value={filter.group}
        onChange={(group) => onChange({ group })}
      />
      <Choice
        label="Tag"
        all="All tags"
        values={tags}
        value={filter.tag}
        onChange={(tag) => onChange({ tag })}
      />
    </div>
  );
}
