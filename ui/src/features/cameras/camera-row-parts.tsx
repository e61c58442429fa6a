// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import type { Camera } from '../../api/types';
import { IconButton } from '../../components/icon-button';
import { IconLink } from '../../components/icon-link';
import styles from './camera-row-parts.module.css';

/** The id of the element that gets the focus when what was opened from a row closes. */
export function linkId(cameraId: number): string {
  return `camera-${String(cameraId)}`;
}

/** The name, which opens the settings. */
export function CameraLink({ camera }: { camera: Camera }): ReactNode {
  const { search } = useLocation();
  return (
    <Link
      id={linkId(camera.id)}
      className={styles.link}
      to={{ pathname: `/cameras/${String(camera.id)}`, search }}
    >
      {camera.name}
    </Link>
  );
}

/** Group and tags, where it has any. */
export function CameraLabels({ camera }: { camera: Camera }): ReactNode {
  const labels = [...(camera.group === null ? [] : [camera.group]), ...camera.tags];
  if (labels.length === 0) return null;
  return <p className={styles.labels}>{labels.join(' · ')}</p>;
}

/** What is begun from a row and has no address of its own. */
export type CameraActionHandlers = {
  onRemove: (camera: Camera) => void;
  onReplace: (camera: Camera) => void;
};

type CameraActionsProps = { camera: Camera } & CameraActionHandlers;

export function CameraActions({ camera, onRemove, onReplace }: CameraActionsProps): ReactNode {
  const { search } = useLocation();
  return (
    <div className={styles.actions}>
      <IconLink icon="live" label={`Watch ${camera.name}`} to={`/live/cam/${String(camera.id)}`} />
      <IconLink
        icon="edit"
        label={`Edit ${camera.name}`}
        to={{ pathname: `/cameras/${String(camera.id)}`, search }}
      />
      <IconButton
        icon="replace"
        label={`Replace ${camera.name}`}
        onClick={() => onReplace(camera)}
      />
      <IconButton icon="remove" label={`Remove ${camera.name}`} onClick={() => onRemove(camera)} />
    </div>
  );
}
