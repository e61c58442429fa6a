// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';
import { Link } from 'react-router';

import { alarmsQuery } from '../api/alarms';
import { camerasQuery } from '../api/cameras';
import { useSiteStore, useZone } from '../api/site';
import type { Alarm } from '../api/storage-types';
import type { Camera } from '../api/types';
import { Icon } from '../components/icon';
import { formatCount } from '../lib/amounts';
import { formatSince, parseInstant } from '../lib/time';
import styles from './alarm-badge.module.css';
import { alarmKey, alarmLink, worstFirst } from './alarm-order';

type CameraAlarms = { offline: Camera[]; failed: Camera[] };

function alarmsOf(cameras: readonly Camera[]): CameraAlarms {
  return {
    offline: cameras.filter((camera) => camera.enabled && camera.status === 'offline'),
    failed: cameras.filter(
      (camera) =>
        camera.enabled &&
        camera.record &&
        camera.status === 'online' &&
        camera.last_error?.code === 'storage',
    ),
  };
}

const kindNames: Partial<Record<string, string>> = {
  volume_low: 'Disk nearly full',
  volume_full: 'Disk full',
  volume_missing: 'Disk missing',
  volume_error: 'Disk fails',
  volume_slow: 'Disk too slow',
  retention_held: 'Deleting waits',
  retention_short: 'Kept for less than wanted',
  catalog_damaged: 'List of recordings damaged',
  retention_stuck: 'Deleting does not help',
};

/** "1 offline": always in sight when something is wrong; opens the list of what. */
export function AlarmBadge(): ReactNode {
  const { data: cameras } = useQuery(camerasQuery());
  const list = useRef<HTMLDivElement>(null);
  const { offline, failed } = alarmsOf(cameras ?? []);
  // Cameras that are down are among the offline ones, a moment earlier.
  const { data: alarms } = useQuery(alarmsQuery());
  const ofStorage = worstFirst(alarms.filter(({ kind }) => kind !== 'camera_down'));
  const count = offline.length + failed.length + ofStorage.length;
  if (count === 0) return null;

  const words = [
    offline.length > 0 ? `${String(offline.length)} offline` : null,
    failed.length > 0 ? `${String(failed.length)} not recording` : null,
    ofStorage.length > 0 ? formatCount(ofStorage.length, 'alarm') : null,
  ].filter((word) => word !== null);
  return (
    <>
      <button type="button" className={styles.badge} popoverTarget="alarms">
        <Icon name="warning" size={16} />
        {/* On a phone there is room for one of them only, or for their number. */}
        {words.length > 1 && (
          <span className={styles.count} aria-hidden="true">
            {count}
          </span>
        )}
        <span className={words.length > 1 ? styles.words : undefined}>{words.join(', ')}</span>
      </button>
      <div ref={list} id="alarms" popover="auto" className={styles.list}>
        <h2>Needs attention</h2>
        <ul>
          {[...offline, ...failed].map((camera) => (
            <li key={camera.id}>
              <Link
                to={`/live/cam/${String(camera.id)}`}
                onClick={() => list.current?.hidePopover()}
              >
                {camera.name}
              </Link>
              <Reason camera={camera} />
            </li>
          ))}
          {ofStorage.map((alarm) => (
            <li key={alarmKey(alarm)}>
              <Link to={alarmLink(alarm)} onClick={() => list.current?.hidePopover()}>
                {kindNames[alarm.kind] ?? 'Storage'}
              </Link>
              <StorageReason alarm={alarm} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function Reason({ camera }: { camera: Camera }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const since = camera.status_since === null ? null : parseInstant(camera.status_since);
  return (
    <p>
      {camera.status === 'offline' ? 'Offline' : 'Recording failed'}
      {since !== null && ` since ${formatSince(since, now(), zone)}`}
      {camera.last_error !== null && `: ${camera.last_error.message}`}
    </p>
  );
}

function StorageReason({ alarm }: { alarm: Alarm }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const since = parseInstant(alarm.since);
  return (
    <p>
      {alarm.sentence}
      {since !== null && ` Since ${formatSince(since, now(), zone)}.`}
    </p>
  );
}
