// SPDX-License-Identifier: MIT
import type { ReactNode, RefObject } from 'react';
import { Link } from 'react-router';

import { useSiteStore, useZone } from '../../api/site';
import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { formatSince } from '../../lib/time';
import { TileAction } from './tile-action';
import actionStyles from './tile-action.module.css';
import type { TileState } from './tile-state';
import styles from './tile-message.module.css';

type TileMessageProps = {
  state: TileState;
  camera: Camera;
  onPlay: () => void;
  /** The page's own try. */
  onRetry: () => void;
  /** The recorder's. */
  onCameraRetry: () => void;
  /** Gets the focus of a button that goes. */
  heir: RefObject<HTMLElement | null>;
};

function DetailsLink({ camera }: { camera: Camera }): ReactNode {
  return (
    <Link
      className={`button ${actionStyles.action ?? ''}`}
      to={`/cameras/${String(camera.id)}`}
      aria-label={`Details of ${camera.name}`}
    >
      Details
    </Link>
  );
}

/** The sentence in the middle of a tile that has no picture to show, and what to do about it. */
export function TileMessage(props: TileMessageProps): ReactNode {
  const { state, camera, onPlay, onRetry, onCameraRetry, heir } = props;
  const { now } = useSiteStore();
  const zone = useZone();
  const action = { cameraName: camera.name, heir };
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
            Offline{state.since !== null && ` since ${formatSince(state.since, now(), zone)}`}
          </strong>
          {state.reason !== null && <span>{state.reason}</span>}
          <div className={styles.actions}>
            <TileAction icon="forward" word="Retry" onClick={onCameraRetry} {...action} />
            <DetailsLink camera={camera} />
          </div>
        </div>
      );
    case 'unplayable':
      return (
        <div className={styles.message}>
          <Icon name="warning" size={32} />
          <strong>{state.reason}</strong>
          <span className={styles.hint}>
            {camera.sub_url === null
              ? 'Set the camera to H.264, give it a sub stream in H.264, or use another browser.'
              : 'Set the camera to H.264, or use another browser.'}
          </span>
          <div className={styles.actions}>
            <DetailsLink camera={camera} />
          </div>
        </div>
      );
    case 'off':
      return (
        <div className={styles.message}>
          <Icon name="cameraOff" size={32} />
          <strong>Switched off</strong>
          <div className={styles.actions}>
            <DetailsLink camera={camera} />
          </div>
        </div>
      );
    case 'placeholder':
    case 'connecting':
    case 'live':
    case 'delayed':
      return null;
  }
}
