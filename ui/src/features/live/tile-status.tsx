// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import { Icon } from '../../components/icon';
import { useNow } from '../../components/use-now';
import type { LiveTransport } from '../../lib/live/events';
import { formatClock, formatSince } from '../../lib/time';
import type { TileState } from './tile-state';
import { transportName } from './tile-stats';
import styles from './tile-status.module.css';

function browserClock(): number {
  return Date.now();
}

function RetryCountdown({ attempt, retryAt }: { attempt: number; retryAt: number }): ReactNode {
  const seconds = Math.ceil((retryAt - useNow(browserClock)) / 1000);
  const when = seconds > 1 ? ` in ${String(seconds)} s` : '';
  return `Reconnecting, try ${String(attempt)}${when}`;
}

/** Of a picture that does not move, so that it is taken for nothing else. */
function PictureTime({ at }: { at: number }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const time = now() - at < 60_000 ? formatClock(at, zone) : formatSince(at, now(), zone);
  return (
    <>
      <Icon name="clock" size={16} />
      <span>Picture from {time}</span>
    </>
  );
}

/** A picture every few seconds: how old the one is that is seen. */
function SinglePicture({ at }: { at: number }): ReactNode {
  const { now } = useSiteStore();
  const ageS = Math.max(0, Math.round((useNow(now) - at) / 1000));
  return (
    <>
      <Icon name="clock" size={16} />
      <span>{ageS < 60 ? `${String(ageS)} s old` : 'Old picture'}</span>
    </>
  );
}

type TileStatusProps = {
  state: TileState;
  /** Since when the picture is held; null while it is not. */
  frozenAt: number | null;
  /** Only single pictures are shown, for want of room. */
  isSingle: boolean;
  /** When the picture was taken that is seen while none moves. */
  pictureAt: number | null;
  showsLatency: boolean;
  transport: LiveTransport | null;
};

/** Later than this is said without being asked. */
const lateS = 2;

/** The short words at the foot of a tile. */
export function TileStatus(props: TileStatusProps): ReactNode {
  const { state, frozenAt, isSingle, pictureAt, showsLatency, transport } = props;
  const zone = useZone();
  if (frozenAt !== null) {
    return (
      <span className={`${styles.status ?? ''} ${styles.delayed ?? ''}`}>
        <Icon name="pause" size={16} />
        <span>Held at {formatClock(frozenAt, zone)}</span>
      </span>
    );
  }
  const isOld = pictureAt !== null;
  switch (state.kind) {
    case 'live': {
      const { latencyS } = state;
      const isTold = latencyS !== null && (showsLatency || latencyS > lateS);
      return (
        <span className={styles.status}>
          {transport?.transport === 'jpeg' ? (
            <span>Single pictures</span>
          ) : (
            <span className={styles.live}>LIVE</span>
          )}
          {isTold && <span>{latencyS.toFixed(1)} s</span>}
          {transport !== null && (
            <span className={styles.stream} title={transportName(transport)}>
              {transport.stream}
            </span>
          )}
        </span>
      );
    }
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
          <Icon name="forward" size={16} />
          <span>
            <RetryCountdown attempt={state.attempt} retryAt={state.retryAt} />
          </span>
        </span>
      );
    case 'placeholder':
      return (
        <span className={styles.status}>
          {isOld && (isSingle ? <SinglePicture at={pictureAt} /> : <PictureTime at={pictureAt} />)}
        </span>
      );
    case 'offline':
    case 'unplayable':
      return (
        <span className={styles.status}>{isOld && <PictureTime at={pictureAt} />}</span>
      );
    case 'refused':
    case 'off':
      return <span className={styles.status} />;
  }
}
