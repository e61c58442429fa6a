// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { makeCamera, makeVideo } from '../../test/samples';
import { filterCameras } from './camera-filter';
import { parseSort, sortCameras, sortText } from './camera-sort';

const everything = { name: '', group: '', tag: '', state: '' };

function withBitrate(name: string, bitrate_bps: number | null) {
  return makeCamera({ name, stream: { video: makeVideo({ bitrate_bps }), audio: null } });
}

describe('The order of cameras', () => {
  it('is by name unless its address says otherwise', () => {
    expect(parseSort(null)).toEqual({ key: 'name', isDescending: false });
    expect(parseSort('nonsense')).toEqual({ key: 'name', isDescending: false });
    expect(parseSort('-bitrate')).toEqual({ key: 'bitrate', isDescending: true });
    for (const text of ['', '-name', 'fps', '-size']) expect(sortText(parseSort(text))).toBe(text);
  });

  it('has those without a value last, either way', () => {
    const cameras = [withBitrate('A', null), withBitrate('B', 2), withBitrate('C', 10)];
    const names = (text: string): string =>
      sortCameras(cameras, parseSort(text)).map(({ name }) => name).join('');
    expect([names('bitrate'), names('-bitrate'), names('-name')]).toEqual(['BCA', 'CBA', 'CBA']);
  });

  it('begins by status with what needs somebody', () => {
    const statuses = (['disabled', 'recording', 'offline', 'online'] as const).map((status) =>
      makeCamera({ status }),
    );
    const sorted = sortCameras(statuses, parseSort('status')).map(({ status }) => status);
    expect(sorted).toEqual(['offline', 'online', 'recording', 'disabled']);
  });
});

describe('The filter of cameras', () => {
  it('knows a host, but not what every address has', () => {
    const cameras = [makeCamera({ url: 'rtsp://192.0.2.77:554/stream1' })];
    expect(filterCameras(cameras, { ...everything, name: '2.77' })).toHaveLength(1);
    expect(filterCameras(cameras, { ...everything, name: 'stream' })).toHaveLength(0);
  });

  it('counts a camera that is tried again among those that are away', () => {
    const cameras = [makeCamera(), makeCamera({ status: 'connecting' }), makeCamera({ status: 'offline' })];
    expect(filterCameras(cameras, { ...everything, state: 'offline' })).toHaveLength(2);
    expect(filterCameras(cameras, { ...everything, state: 'recording' })).toHaveLength(1);
  });
});
