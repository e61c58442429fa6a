// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSite, useSiteStore, useZone } from '../../api/site';
import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { formatSince, parseInstant } from '../../lib/time';
import styles from './camera-status.module.css';

type Words = { word: string; look: 'recording' | 'online' | 'waiting' | 'failed' | 'off' };

function wordsOf(camera: Camera): Words {
  switch (camera.status) {
    case 'recording':
      return { word: 'Recording', look: 'recording' };
    case 'online':
      return camera.record && camera.last_error?.code === 'storage'
        ? { word: 'Not recording', look: 'failed' }
        : { word: 'Online', look: 'online' };
    case 'connecting':
      return { word: 'Connecting', look: 'waiting' };
    case 'offline':
      return { word: 'Offline', look: 'failed' };
    case 'disabled':
      return { word: 'Switched off', look: 'off' };
  }
}

/** By shape and word, not by colour alone. */
export function CameraStatusMark({ camera }: { camera: Camera }): ReactNode {
  const isLost = useSite().connection.state === 'lost';
  const { word, look } = wordsOf(camera);
  if (isLost) {
    return (
      <span
        className={styles.mark}
        data-look="off"
        title="Not known while there is no connection to the recorder"
      >
        <span className={styles.ring} />
        Not known
      </span>
    );
  }
  return (
    <span className={styles.mark} data-look={look}>
      {look === 'failed' ? (
        <Icon name="warning" size={15} />
      ) : (
        <span className={look === 'recording' ? styles.dot : styles.ring} />
      )}
      {word}
    </span>
  );
}

/** What is wrong now, and since when, of both streams; nothing when all is well. */
export function CameraTrouble({ camera }: { camera: Camera }): ReactNode {
  if (!camera.enabled) return camera.reachable === false ? 'It does not answer.' : null;
  const { sub } = camera;
  return (
    <>
      <MainTrouble camera={camera} />
      {sub?.status === 'offline' && sub.last_error !== null && (
        <span className={styles.sub}>Sub stream: {sub.last_error.message}</span>
      )}
    </>
  );
}

function MainTrouble({ camera }: { camera: Camera }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  if (camera.last_error === null || camera.status === 'recording') return null;
  const at = parseInstant(camera.status_since ?? camera.last_error.at);
  return (
    <>
      {camera.last_error.message}
      {at !== null && (
        <span className={styles.since}>
          {camera.status === 'offline' ? 'Offline since' : 'Since'} {formatSince(at, now(), zone)}.
        </span>
      )}
    </>
  );
}
