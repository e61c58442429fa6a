// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { timeRanges } from '../test/fake-media-source';
import { dropPlayedUntil } from './hls-loader';

const playing = (start: number, currentTime: number, end: number) => ({
  media: { buffered: timeRanges([{ start, end }]), currentTime },
  latestLevelDetails: { edge: 131.08 },
});

describe('dropPlayedUntil', () => {
  it('keeps what was played for half a minute, and then four seconds of it', () => {
    expect(dropPlayedUntil(playing(101, 130.8, 131.08))).toBeNull();
    expect(dropPlayedUntil(playing(100, 130.8, 131.08))).toBeCloseTo(126.8);
  });

  it('drops nothing while there is a part to load, but for too much', () => {
    expect(dropPlayedUntil(playing(100, 130.8, 131))).toBeNull();
    expect(dropPlayedUntil(playing(70, 130.8, 131))).toBeCloseTo(126.8);
  });

  it('drops nothing before anything was buffered', () => {
    expect(dropPlayedUntil({ media: null, latestLevelDetails: { edge: 1 } })).toBeNull();
    expect(dropPlayedUntil({ ...playing(100, 130.8, 131.08), latestLevelDetails: null })).toBeNull();
    const empty = { buffered: timeRanges([]), currentTime: 50 };
    expect(dropPlayedUntil({ media: empty, latestLevelDetails: { edge: 60 } })).toBeNull();
  });
});
