// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import type { Recording } from '../../api/types';
import { makeRecording } from '../../test/samples';
import { followingOf, recordingAt, rowsOf } from './rows';

const now = Date.parse('2026-11-23T04:00:00Z');

function recording(id: number, start: string, end: string | null, more = {}): Recording {
  const from = `2026-11-23T${start}Z`;
  const to = end === null ? null : `2026-11-23T${end}Z`;
  return makeRecording({
    id,
    start: from,
    end: to,
    duration_s: to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000,
    ...more,
  });
}

function words(recordings: Recording[]): string[] {
  return rowsOf(recordings, now).map((row) => {
    if (row.kind === 'recording') return `#${String(row.recording.id)}`;
    const time = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
    return `gap ${time(row.span.start)}-${time(row.span.end)}`;
  });
}

describe('rowsOf', () => {
  it('lists the newest first and says where nothing was recorded', () => {
    const list = [
      recording(1, '01:00:00', '01:15:00'),
      recording(2, '01:15:00.100', '01:30:00'),
      recording(3, '01:42:00', '01:57:00'),
    ];
    expect(words(list)).toEqual(['#3', 'gap 01:30:00-01:42:00', '#2', '#1']);
  });

  it('does not call two seconds a gap', () => {
    const before = recording(1, '01:00:00', '01:15:00');
    expect(words([before, recording(2, '01:15:02', '01:30:00')])).toEqual(['#2', '#1']);
    expect(words([before, recording(2, '01:15:02.001', '01:30:00')])).toHaveLength(3);
  });

  it('sees no gap where a longer file covers it', () => {
    const list = [
      recording(1, '01:00:00', '02:00:00'),
      recording(2, '01:10:00', '01:20:00'),
      recording(3, '01:59:00', '02:10:00'),
    ];
    expect(words(list)).toEqual(['#3', '#2', '#1']);
  });

  it('lets the file being written end now', () => {
    expect(rowsOf([recording(1, '03:50:00', null)], now)[0]?.span.end).toBe(now);
  });
});

describe('followingOf', () => {
  const current = recording(1, '01:00:00', '01:15:00');

  it('goes on with the file that begins within two seconds', () => {
    const next = recording(2, '01:15:01.900', '01:30:00');
    expect(followingOf([next, current], current, now)).toEqual({
      kind: 'seamless',
      recording: next,
    });
  });

  it('also when it begins a moment before the end', () => {
    const next = recording(2, '01:14:59', '01:30:00');
    expect(followingOf([current, next], current, now).kind).toBe('seamless');
  });

  it('stops before a gap, and knows what comes after', () => {
    const next = recording(2, '01:15:02.100', '01:30:00');
    const later = recording(3, '01:30:00', '01:45:00');
    expect(followingOf([current, later, next], current, now)).toMatchObject({
      kind: 'later',
      recording: { id: 2 },
    });
  });

  it('skips missing files, other cameras, and what came before', () => {
    const others = [
      recording(2, '01:15:00', '01:30:00', { state: 'missing' }),
      recording(3, '01:15:00', '01:30:00', { camera_id: 2 }),
      recording(4, '00:45:00', '01:00:00'),
    ];
    expect(followingOf([current, ...others], current, now)).toEqual({ kind: 'none' });
  });

  it('goes on into the file that is still being written', () => {
    const open = recording(2, '01:15:00', null, { state: 'recording' });
    expect(followingOf([current, open], current, now).kind).toBe('seamless');
  });
});

describe('recordingAt', () => {
  const list = [
    recording(1, '01:00:00', '01:15:00'),
    recording(2, '01:20:00', '01:35:00', { state: 'missing' }),
    recording(3, '01:40:00', null, { state: 'recording' }),
  ];
  const at = (time: string): unknown => {
    const found = recordingAt(list, Date.parse(`2026-11-23T${time}Z`), now);
    return found === null ? null : [found.recording.id, found.seconds];
  };

  it('finds the recording with the picture, also one that is being written', () => {
    expect(at('01:10:00')).toEqual([1, 600]);
    expect(at('01:41:00')).toEqual([3, 60]);
  });

  it('finds the end of the one before, or the beginning of the first', () => {
    expect(at('01:18:00')).toEqual([1, 900]);
    expect(at('01:30:00')).toEqual([1, 900]);
    expect(at('00:30:00')).toEqual([1, 0]);
    expect(recordingAt([], now, now)).toBeNull();
  });
});
