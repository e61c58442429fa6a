// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import type { DeviceProfile } from '../../api/types';
import { freeName, suggestStreams } from './profiles';

function profile(token: string, width: number | null, height: number | null): DeviceProfile {
  return { token, name: token, codec: 'h264', width, height, fps: 25, url: `rtsp://a/${token}` };
}

describe('suggestStreams', () => {
  it('records the largest, and shows the smallest in grids', () => {
    const profiles = [profile('b', 640, 360), profile('a', 2560, 1440), profile('c', 1280, 720)];
    expect(suggestStreams(profiles)).toEqual({ url: 'rtsp://a/a', sub_url: 'rtsp://a/b' });
  });

  it('has no sub stream where none is smaller', () => {
    const none = { url: 'rtsp://a/a', sub_url: '' };
    expect(suggestStreams([profile('a', 640, 360)])).toEqual(none);
    expect(suggestStreams([profile('a', 640, 360), profile('b', 640, 360)])).toEqual(none);
    expect(suggestStreams([profile('a', null, null), profile('b', null, null)])).toEqual(none);
  });

  it('has nothing to suggest where there is none', () => {
    expect(suggestStreams([])).toBeNull();
  });
});

it('freeName finds one that nobody has', () => {
  expect(freeName('Yard', [])).toBe('Yard');
  expect(freeName('Yard', ['yard', 'Yard 2'])).toBe('Yard 3');
});
