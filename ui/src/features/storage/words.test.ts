// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import type { Preview } from '../../api/storage-types';
import { daysLeftWords, deletionWords, fullWords, limitWords } from './words';
import { settingsOf, valuesOf } from './limits-form';

const now = Date.parse('2026-11-28T12:00:00Z');
const zone = 'Europe/Berlin';

function preview(count: number, oldest: string | null): Preview {
  const camera = { camera_id: 1, file_count: count, size_bytes: 310e9, newest: null, keeps_days: null };
  return {
    file_count: count,
    size_bytes: 310e9,
    cameras: [{ ...camera, oldest: null }, { ...camera, oldest }, { ...camera, oldest: '2026-06-03T08:00:00Z' }],
    volumes: [],
    full_at: null,
    warnings: [],
  };
}

describe('What is deleted', () => {
  it('is named with its number, its size and the day of the oldest', () => {
    const words = (count: number, oldest: string | null): string => deletionWords(preview(count, oldest), now, zone);
    expect(words(1204, '2026-05-03T08:00:00Z')).toBe('Deletes 1,204 recordings, 310 GB, the oldest of 3 May');
    expect(words(2, '2025-05-03T23:30:00Z')).toBe('Deletes 2 recordings, 310 GB, the oldest of 4 May 2025');
    expect(words(1, '2026-05-03T08:00:00Z')).toBe('Deletes 1 recording, 310 GB, of 3 May');
    expect(words(0, null)).toBe('Deletes nothing');
    expect(deletionWords({ ...preview(3, null), cameras: [] }, now, zone)).toBe('Deletes 3 recordings, 310 GB');
  });
});

describe('When a disk is full', () => {
  it('is said by day and by the time left', () => {
    const times = [null, '2026-11-28T12:59:00Z', '2026-12-10T12:00:00Z', '2026-11-29T12:00:00Z'];
    expect(times.map((time) => fullWords(time, now, zone))).toEqual(['Not in sight', 'Now', 'About 10 Dec', 'In about 24 hours']);
    expect(times.map((time) => daysLeftWords(time, now))).toEqual([
      'Does not fill up at this rate',
      'Full: the oldest recordings make room',
      'Full in about 12 days',
      'Full in about 24 hours',
    ]);
  });
});

const none = {
  retention_days: null,
  retention_bytes: null,
  retention_min_days: null,
  sub_retention_days: null,
  sub_retention_bytes: null,
};

describe('Limits', () => {
  it('are said one by one', () => {
    expect(limitWords(none)).toEqual([]);
    expect(
      limitWords({ retention_days: 1, retention_bytes: 5e11, retention_min_days: 7, sub_retention_days: 90, sub_retention_bytes: 1e9 }),
    ).toEqual(['1 day', '500 GB', 'at least 7 days', 'sub stream 90 days', 'sub stream 1.0 GB']);
  });

  it('come out of the fields as they went in, to the byte', () => {
    const limits = { ...none, retention_days: 30, retention_bytes: 1_234_567_890_123, min_free_bytes: 2_147_483_648 };
    expect(settingsOf(valuesOf(limits))).toEqual(limits);
  });

  it('are numbers that make sense, or nothing', () => {
    const days = (text: string): boolean => settingsOf({ ...valuesOf(none), retention_days: text }) !== null;
    const bytes = (text: string): boolean => settingsOf({ ...valuesOf(none), retention_bytes: text }) !== null;
    expect(['', ' 30 ', '36500'].every(days)).toBe(true);
    expect(['0', '-1', '1.5', 'x', '36501', '1e3'].some(days)).toBe(false);
    expect(['', '0.5', '1,5', '1000000'].every(bytes)).toBe(true);
    expect(['0', '-1', 'x', '1000001', '1.2.3'].some(bytes)).toBe(false);
  });
});
