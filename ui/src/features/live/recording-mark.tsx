// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSite } from '../../api/site';
import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import styles from './recording-mark.module.css';
import { recordingBadge } from './tile-state';

/** Says by shape and word, not by colour alone, whether the camera is being recorded. */
export function RecordingMark({ camera }: { camera: Camera }): ReactNode {
  const isLost = useSite().connection.state === 'lost';
  switch (recordingBadge(camera, !isLost)) {
    case 'unknown':
      return (
        <span
          className={`${styles.mark ?? ''} ${styles.off ?? ''}`}
          title="Not known while there is no connection to the recorder"
        >
          <span className={styles.ring} />
          REC unknown
        </span>
      );
    case 'recording':
      return (
        <span className={styles.mark}>
          <span className={styles.dot} />
          REC
        </span>
      );
    case 'failed':
      return (
        <span className={`${styles.mark ?? ''} ${styles.failed ?? ''}`}>
          <Icon name="warning" size={15} />
          REC failed
        </span>
      );
    case 'off':
      return (
        <span className={`${styles.mark ?? ''} ${styles.off ?? ''}`}>
          <span className={styles.ring} />
          REC off
        </span>
      );
  }
}
