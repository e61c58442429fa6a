// SPDX-License-Identifier: MIT
import type { Alarm } from '../api/storage-types';

/** Of this alarm, this time: it may end and come back. */
export function alarmKey({ id, since }: Alarm): string {
  return `${id} ${since}`;
}

/** Critical before others, and of those the newest first. */
export function worstFirst(alarms: readonly Alarm[]): Alarm[] {
  const rank = ({ severity }: Alarm): number => (severity === 'critical' ? 0 : 1);
  return [...alarms].sort((a, b) => rank(a) - rank(b) || b.since.localeCompare(a.since));
}

/** The page on which something can be done about it. */
export function alarmLink({ kind, camera_id }: Alarm): string {
  return kind === 'camera_down' && camera_id !== null
    ? `/live/cam/${String(camera_id)}`
    : '/storage';
}
