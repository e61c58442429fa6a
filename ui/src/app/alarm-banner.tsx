// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { alarmsQuery } from '../api/alarms';
import type { Alarm } from '../api/storage-types';
import { Icon } from '../components/icon';
import { IconButton } from '../components/icon-button';
import { useFocusRescue } from '../components/use-focus-rescue';
import styles from './alarm-banner.module.css';
import { alarmKey, alarmLink, worstFirst } from './alarm-order';

/** The worst of what is wrong, on every page; below the page, where it moves nothing. */
export function AlarmBanner(): ReactNode {
  const { data: alarms } = useQuery(alarmsQuery());
  const [putAway, setPutAway] = useState<readonly string[]>([]);
  // What is new brings the others back with it.
  if (alarms.every((alarm) => putAway.includes(alarmKey(alarm)))) return null;
  return <Alarms alarms={worstFirst(alarms)} onHide={() => setPutAway(alarms.map(alarmKey))} />;
}

type AlarmsProps = { alarms: Alarm[]; onHide: () => void };

function Alarms({ alarms, onHide }: AlarmsProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLElement>(null);
  const listId = useId();
  useFocusRescue(box);
  const [worst, ...others] = alarms;
  if (worst === undefined) return null;
  const shown = isOpen ? alarms : [worst];
  return (
    <aside
      ref={box}
      className={styles.banner}
      aria-label="Alarms"
      data-severity={worst.severity}
    >
      <ul id={listId} className={styles.list}>
        {shown.map((alarm) => (
          <li key={alarm.id}>
            <Icon name="warning" size={18} />
            <Link to={alarmLink(alarm)}>{alarm.sentence}</Link>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        {others.length > 0 && (
          <button
            type="button"
            className={styles.more}
            aria-expanded={isOpen}
            aria-controls={listId}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? 'Show fewer' : `and ${String(others.length)} more`}
          </button>
        )}
        <IconButton icon="close" label="Put the alarms away" onClick={onHide} />
      </div>
    </aside>
  );
}
