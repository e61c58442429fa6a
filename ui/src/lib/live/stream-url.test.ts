// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { liveStreamUrl } from './stream-url';

describe('liveStreamUrl', () => {
  it('asks for a playlist that blocks only where it may, and only of plain HLS', () => {
    const at = (folder: string) => `/api/cameras/7/stream/${folder}/playlist.m3u8`;
    expect(liveStreamUrl(7, 'hls', 'main', false)).toBe(at('hls'));
    expect(liveStreamUrl(7, 'hls', 'main', true)).toBe(`${at('hls')}?block=true`);
    expect(liveStreamUrl(7, 'hls', 'sub', true)).toBe(`${at('hls')}?stream=sub&block=true`);
    expect(liveStreamUrl(7, 'll-hls', 'sub', true)).toBe(`${at('ll')}?stream=sub`);
  });
});
