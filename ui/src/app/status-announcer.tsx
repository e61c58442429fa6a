// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import { camerasQuery } from '../api/cameras';
import type { Camera, CameraStatus } from '../api/types';
import { AnnouncementQueue } from '../lib/announcement-queue';

function sentence({ name, status, last_error }: Camera): string | null {
  switch (status) {
    case 'offline':
      return `${name} is offline${last_error === null ? '' : `: ${last_error.message}`}`;
    case 'online':
      return `${name} is online, not recording`;
    case 'recording':
      return `${name} is recording`;
    case 'disabled':
      return `${name} is switched off`;
    case 'connecting':
      return null;
  }
}

/** Tells screen readers when a camera changes; politely, and not more often than helps. */
export function StatusAnnouncer(): ReactNode {
  const { data: cameras } = useQuery(camerasQuery());
  const [text, setText] = useState('');
  const [queue] = useState(() => new AnnouncementQueue(setText));
  const known = useRef(new Map<number, CameraStatus>());

  useEffect(() => () => queue.stop(), [queue]);

  useEffect(() => {
    for (const camera of cameras ?? []) {
      const before = known.current.get(camera.id);
      const message = sentence(camera);
      // "Connecting" is only on the way to something worth saying.
      if (message === null) continue;
      known.current.set(camera.id, camera.status);
      if (before === undefined || before === camera.status) continue;
      queue.say(String(camera.id), message);
    }
  }, [cameras, queue]);

  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
