// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { AnnouncementQueue } from './announcement-queue';
import { backoffMs } from './backoff';
import { whyUnplayable } from './codec-support';
import { formatSize } from './size';

describe('backoffMs', () => {
  it('doubles from half a second and stops at ten', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => backoffMs(attempt, () => 0));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  });

  it('takes up to a fifth off by chance', () => {
    expect(backoffMs(2, () => 0.999_999)).toBe(800);
  });
});

describe('whyUnplayable', () => {
  const h264Only = (mime: string): boolean => mime.includes('avc1');

  it('names the codec a browser lacks', () => {
    expect(whyUnplayable('h264', h264Only)).toBeNull();
    expect(whyUnplayable('h265', h264Only)).toBe(
      'This browser cannot play H.265 from this camera.',
    );
    expect(whyUnplayable('mjpeg', () => true)).toContain('MJPEG');
  });

  it('tries when the codec is not known yet, unless nothing can be played at all', () => {
    expect(whyUnplayable(null, h264Only)).toBeNull();
    expect(whyUnplayable(null, null)).toContain('cannot play live video');
  });
});

describe('formatSize', () => {
  it('uses decimal units and few digits', () => {
    expect([0, 999, 1500, 61_200_000, 999_600_000, 2e12].map(formatSize)).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '61 MB',
      '1.0 GB',
      '2.0 TB',
    ]);
  });
});

describe('AnnouncementQueue', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('speaks once per camera and 10 s, then only the newest', () => {
    const spoken: string[] = [];
    const queue = new AnnouncementQueue((text) => spoken.push(text));
    queue.say('1', 'Yard is offline');
    queue.say('2', 'Drive is offline');
    queue.say('1', 'Yard is recording');
    queue.say('1', 'Yard is offline again');
    expect(spoken).toEqual(['Yard is offline', 'Drive is offline']);
    vi.advanceTimersByTime(10_000);
    expect(spoken).toEqual(['Yard is offline', 'Drive is offline', 'Yard is offline again']);
    queue.say('1', 'Yard is recording');
    expect(spoken).toHaveLength(3);
    vi.advanceTimersByTime(10_000);
    expect(spoken.at(-1)).toBe('Yard is recording');
  });

  it('leaves no timer behind', () => {
    const queue = new AnnouncementQueue(() => undefined);
    queue.say('1', 'a');
    queue.say('1', 'b');
    queue.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
