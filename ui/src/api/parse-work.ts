// SPDX-License-Identifier: MIT
// What events and cameras say of the storage; the rest is read by its own page.
import { list, object, oneOf, optionalNumber, text, instant, type Fields } from './parse-fields';
import type { Alarm, CameraLimits, MovingWork, RetentionWork } from './storage-types';

/** The limits that a camera has, which are also fields of the camera itself. */
export function parseLimits(fields: Fields): CameraLimits {
  return {
    retention_days: optionalNumber(fields, 'retention_days'),
    retention_bytes: optionalNumber(fields, 'retention_bytes'),
    retention_min_days: optionalNumber(fields, 'retention_min_days'),
    sub_retention_days: optionalNumber(fields, 'sub_retention_days'),
    sub_retention_bytes: optionalNumber(fields, 'sub_retention_bytes'),
  };
}

function parseAlarm(value: unknown): Alarm {
  const fields = object(value, 'alarm');
  return {
    id: text(fields, 'id'),
    kind: text(fields, 'kind'),
    severity: oneOf(fields, 'severity', ['warning', 'critical'] as const),
    since: instant(fields, 'since'),
    sentence: text(fields, 'sentence'),
    volume_id: optionalNumber(fields, 'volume_id'),
    camera_id: optionalNumber(fields, 'camera_id'),
  };
}

/** Of an answer, or of an event. */
export function parseAlarms(value: unknown): Alarm[] {
  return list(object(value, 'alarms')['items'], 'items', parseAlarm);
}

export function parseRetentionWork(fields: Fields): RetentionWork {
  return {
    ...parseMovingWork(fields),
    size_bytes: optionalNumber(fields, 'size_bytes') ?? 0,
  };
}

export function parseMovingWork(fields: Fields): MovingWork {
  return {
    running: fields['running'] === true,
    file_count: optionalNumber(fields, 'file_count') ?? 0,
    left_file_count: optionalNumber(fields, 'left_file_count') ?? 0,
  };
}
