// SPDX-License-Identifier: MIT
import type { ReactNode, RefObject } from 'react';

import { Icon } from '../../components/icon';
import { useNow } from '../../components/use-now';
import { formatSince } from '../../lib/time';
import { TileAction } from './tile-action';
import type { TileState } from './tile-state';
import styles from './tile-status.module.css';

function browserClock(): number {
  return Date.now();
}

function RetryCountdown({ attempt, retryAt }: { attempt: number; retryAt: number }): ReactNode {
  const seconds = Math.ceil((retryAt - useNow(browserClock)) / 1000);
  const when = seconds > 1 ? ` in ${String(seconds)} s` : '';
  return `Reconnecting, try ${String(attempt)}${when}`;
}

/** The short words at the foot of a tile. */
export function TileStatus({ state }: { state: TileState }): ReactNode {
  switch (state.kind) {
    case 'live':
      return (
        <span className={styles.status}>
          <span className={styles.live}>LIVE</span>
          {state.latencyS !== null && <span>{state.latencyS.toFixed(1)} s</span>}
        </span>
      );
    case 'connecting':
      return <span className={styles.status}>Connecting</span>;
    case 'delayed':
      return (
        <span className={`${styles.status ?? ''} ${styles.delayed ?? ''}`}>
          <Icon name="clock" size={16} />
          Picture {state.ageS} s old
        </span>
      );
    case 'reconnecting':
      return (
        <span className={styles.status}>
          <RetryCountdown attempt={state.attempt} retryAt={state.retryAt} />
        </span>
      );
    case 'placeholder':
    case 'refused':
    case 'offline':
    case 'unplayable':
    case 'off':
      return <span className={styles.status} />;
  }
}

type TileMessageProps = {
  state: TileState;
  cameraName: string;
  zone: string;
  now: number;
  onPlay: () => void;
  onRetry: () => void;
  /** Gets the focus of a button that goes. */
  heir: RefObject<HTMLElement | null>;
};

/** The sentence in the middle of a tile that has no picture to show, and what to do about it. */
export function TileMessage({
  state,
  cameraName,
  zone,
  now,
  onPlay,
  onRetry,
  heir,
}: TileMessageProps): ReactNode {
  const action = { cameraName, heir };
  switch (state.kind) {
    case 'refused':
      return (
        <div className={styles.message}>
          <TileAction icon="play" word="Play" onClick={onPlay} {...action} />
          <span className={styles.hint}>This browser does not play by itself.</span>
        </div>
      );
    case 'reconnecting':
      return (
        <div className={styles.message}>
          <TileAction icon="forward" word="Retry" onClick={onRetry} {...action} />
        </div>
      );
    case 'offline':
      return (
        <div className={styles.message}>
          <Icon name="cameraOff" size={32} />
          <strong>
            Offline{state.since !== null && ` since ${formatSince(state.since, now, zone)}`}
          </strong>
          {state.reason !== null && <span>{state.reason}</span>}
        </div>
      );
    case 'unplayable':
      return (
        <div className={styles.message}>
          <Icon name="warning" size={32} />
          <strong>{state.reason}</strong>
          <span className={styles.hint}>Set the camera to H.264, or use another browser.</span>
        </div>
      );
    case 'off':
      return (
        <div className={styles.message}>
          <Icon name="cameraOff" size={32} />
          <strong>Switched off</strong>
        </div>
      );
    case 'placeholder':
    case 'connecting':
    case 'live':
    case 'delayed':
      return null;
  }
}
