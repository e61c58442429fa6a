// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { config, makeFragment, makeInit } from '../../test/fake-mp4';
import { joined, Mp4Error, readInit, readPictures } from './fmp4';
import { fragmentsWithoutAudio, initWithoutAudio } from './without-audio';

const second = 1_795_400_000;

describe('readInit', () => {
  it('finds the picture, its clock and the configuration of its decoder', () => {
    const init = readInit(makeInit());
    expect(init.video).toEqual({ id: 1, timescale: 90_000 });
    expect(init.audioIds).toEqual([]);
    expect([...(init.config ?? [])]).toEqual(config);
  });

  it('finds the sound', () => {
    expect(readInit(makeInit(true)).audioIds).toEqual([2]);
  });

  it('reads at any place in memory', () => {
    const bytes = makeInit();
    const moved = new Uint8Array(bytes.byteLength + 3);
    moved.set(bytes, 3);
    expect(readInit(moved.subarray(3)).video.id).toBe(1);
  });

  it('says what is wrong with anything else', () => {
    expect(() => readInit(new Uint8Array())).toThrow(Mp4Error);
    expect(() => readInit(makeInit().subarray(0, 200))).toThrow(Mp4Error);
    expect(() => readInit(makeFragment({ decodeS: 1 }))).toThrow('no moov');
    expect(() => readInit(Uint8Array.of(0, 0, 0, 4, 1, 2, 3, 4))).toThrow('wrong size');
    expect(() => readInit(Uint8Array.of(0, 0, 0))).toThrow('without a head');
  });
});

describe('readPictures', () => {
  const init = readInit(makeInit());

  it('reads time, length, kind and payload of each frame', () => {
    const bytes = makeFragment({ decodeS: second, isKey: true, frames: [[7, 8], [9]], hasTime: true });
    const frames = readPictures(bytes, init);
    expect(frames.map(({ isKey }) => isKey)).toEqual([true, false]);
    expect(frames.map(({ data }) => [...data])).toEqual([[7, 8], [9]]);
    expect(frames[0]?.decodeS).toBeCloseTo(second, 6);
    expect(frames[1]?.decodeS).toBeCloseTo(second + 0.04, 6);
    expect(frames[1]?.durationS).toBeCloseTo(0.04, 6);
  });

  it('knows frames that are shown later than they are decoded', () => {
    const [frame] = readPictures(makeFragment({ decodeS: 5, offsetS: 0.08 }), init);
    expect(frame?.presentS).toBeCloseTo(5.08, 6);
  });

  it('reads a missed group of pictures that is one message, and leaves the sound out', () => {
    const bytes = joined([
      makeFragment({ decodeS: 1, isKey: true, frames: [[1]], audio: [50, 51] }),
      makeFragment({ decodeS: 1.04, frames: [[2]] }),
    ]);
    const frames = readPictures(bytes, readInit(makeInit(true)));
    expect(frames.map(({ data }) => [...data])).toEqual([[1], [2]]);
  });

  it('refuses a frame that is cut off', () => {
    const bytes = makeFragment({ decodeS: 1, frames: [[1, 2, 3]] });
    expect(() => readPictures(bytes.subarray(0, bytes.byteLength - 2), init)).toThrow(Mp4Error);
  });
});

describe('a stream without its sound', () => {
  const whole = makeInit(true);
  const init = readInit(whole);

  it('has an init segment of the picture alone', () => {
    const alone = initWithoutAudio(whole, init);
    expect(readInit(alone).audioIds).toEqual([]);
    expect([...alone]).toEqual([...makeInit(false)]);
  });

  it('has the same pictures', () => {
    const bytes = joined([
      makeFragment({ decodeS: 1, isKey: true, frames: [[1], [2]], audio: [50, 51], hasTime: true }),
      makeFragment({ decodeS: 1.08, frames: [[3]] }),
      makeFragment({ decodeS: 1.12, frames: [[4]], audio: [60] }),
    ]);
    const alone = fragmentsWithoutAudio(bytes, init);
    expect(alone.byteLength).toBeLessThan(bytes.byteLength);
    expect(readPictures(alone, init)).toEqual(readPictures(bytes, init));
  });

  it('is not copied where there is none', () => {
    const bytes = makeFragment({ decodeS: 1 });
    expect(fragmentsWithoutAudio(bytes, readInit(makeInit()))).toBe(bytes);
  });
});
