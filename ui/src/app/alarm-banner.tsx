// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { alarmsQuery } from '../api/alarms';
import type { Alarm } from '../api/storage-types';
import { Icon } from '../components/icon';
import { IconButton } from '../components/icon-button';
import { useFocusRescue } from '../components/use-focus-rescue';
import styles from './alarm-banner.module.css';
import { alarmKey, alarmLink, worstFirst } from './alarm-order';

/** The worst of what is wrong, on every page; the badge in the header has the number and the list of all. */
export function AlarmBanner(): ReactNode {
  const { data: alarms } = useQuery(alarmsQuery());
  const [putAway, setPutAway] = useState<readonly string[]>([]);
  const [worst] = worstFirst(alarms);
  // What is new brings the others back with it.
  if (worst === undefined || alarms.every((alarm) => putAway.includes(alarmKey(alarm)))) return null;
  return <Worst alarm={worst} onHide={() => setPutAway(alarms.map(alarmKey))} />;
}

function Worst({ alarm, onHide }: { alarm: Alarm; onHide: () => void }): ReactNode {
  const box = useRef<HTMLElement>(null);
  useFocusRescue(box);
  const { sentence, severity } = alarm;
  return (
    <aside ref={box} className={styles.banner} aria-label="Alarms" data-severity={severity}>
      <Icon name="warning" size={18} />
      <Link to={alarmLink(alarm)} title={sentence}>
        {sentence}
      </Link>
      <IconButton icon="close" label="Put the alarms away" onClick={onHide} />
    </aside>
  );
}
