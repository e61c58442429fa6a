// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import { alarmsQuery } from '../api/alarms';
import { camerasQuery } from '../api/cameras';
import type { Alarm } from '../api/storage-types';
import type { Camera, CameraStatus } from '../api/types';
import { formatCount } from '../lib/amounts';
import { AnnouncementQueue } from '../lib/announcement-queue';
import { alarmKey, worstFirst } from './alarm-order';

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

/** All in one sentence, for one that replaces another is not spoken. */
function alarmSentence(alarms: readonly Alarm[]): string | null {
  const [worst, ...others] = worstFirst(alarms);
  if (worst === undefined) return null;
  if (others.length === 0) return `Alarm: ${worst.sentence}`;
  return `Alarm: ${worst.sentence} And ${formatCount(others.length, 'more alarm')}.`;
}

/** Tells screen readers when a camera changes, and of alarms; politely, and not more often than helps. */
export function StatusAnnouncer(): ReactNode {
  const { data: cameras } = useQuery(camerasQuery());
  const { data: alarms } = useQuery(alarmsQuery());
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

  const told = useRef<readonly string[]>([]);
  useEffect(() => {
    // Of cameras that are down it was told above.
    const ofStorage = alarms.filter(({ kind }) => kind !== 'camera_down');
    const message = alarmSentence(
      ofStorage.filter((alarm) => !told.current.includes(alarmKey(alarm))),
    );
    told.current = ofStorage.map(alarmKey);
    if (message !== null) queue.say('alarms', message);
  }, [alarms, queue]);

  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
