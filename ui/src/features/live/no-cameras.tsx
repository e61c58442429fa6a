// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { Note } from '../../components/note';
import styles from './no-cameras.module.css';

function addCommand(origin: string): string {
  return [
    `curl ${origin}/api/cameras \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"name":"Front door","url":"rtsp://192.0.2.10:554/stream1"}'`,
  ].join('\n');
}

/** What to do when there is nothing to see yet. */
export function NoCameras({ disabledCount }: { disabledCount: number }): ReactNode {
  if (disabledCount > 0) {
    return (
      <Note icon="cameraOff" title="All cameras are switched off">
        <p>Switch one on and its picture appears here.</p>
      </Note>
    );
  }
  return (
    <Note icon="live" title="No cameras yet">
      <p>
        To see how it works, start the recorder with a built-in test camera:{' '}
        <code className={styles.inline}>./run --demo</code>
      </p>
      <p>Or add a camera of your own; its picture appears here by itself:</p>
      {/* Long lines scroll inside the box, which therefore must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.command} tabIndex={0} role="region" aria-label="Command to add a camera">
        {addCommand(window.location.origin)}
      </pre>
    </Note>
  );
}
