// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { Note } from '../../components/note';
import styles from './no-cameras.module.css';

/** What to do when there is nothing to see yet. */
export function NoCameras({ disabledCount }: { disabledCount: number }): ReactNode {
  if (disabledCount > 0) {
    return (
      <Note icon="cameraOff" title="All cameras are switched off">
        <p>Switch one on and its picture appears here.</p>
        <Link className="button" to="/cameras">
          Go to the cameras
        </Link>
      </Note>
    );
  }
  return (
    <Note icon="live" title="No cameras yet">
      <p>Add one, and its picture appears here by itself.</p>
      <Link className="button primary" to="/cameras/new">
        Add camera
      </Link>
      <p>
        To see how it works without a camera, start the recorder with some of its own:{' '}
        <code className={styles.inline}>./run --demo</code>
      </p>
    </Note>
  );
}
