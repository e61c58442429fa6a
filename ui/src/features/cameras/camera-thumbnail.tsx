// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';

import { snapshotQuery } from '../../api/snapshots';
import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { useOnScreen } from '../../components/use-on-screen';
import styles from './camera-thumbnail.module.css';

/** Asked of the recorder; shown at the size in the style sheet, also on fine screens. */
const widthPx = 160;

/** What the camera sees, small; the last of it, dimmed, when it is away. Never changes its size. */
export function CameraThumbnail({ camera }: { camera: Camera }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const isVisible = useOnScreen(box);
  const isThere = camera.status === 'recording' || camera.status === 'online';
  const { data: picture } = useQuery({
    ...snapshotQuery(camera.id, widthPx),
    enabled: isVisible && isThere,
  });
  const [broken, setBroken] = useState<string | null>(null);
  const isShown = picture !== undefined && picture !== broken;
  return (
    <div ref={box} className={styles.box} data-dimmed={!isThere}>
      {isShown ? (
        <img
          src={picture}
          alt={isThere ? `Picture of ${camera.name}` : `Last picture of ${camera.name}`}
          onError={() => setBroken(picture)}
        />
      ) : (
        <Icon name={isThere ? 'live' : 'cameraOff'} />
      )}
    </div>
  );
}
