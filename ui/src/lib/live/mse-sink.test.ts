// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeMediaSource, FakeVideo, timeRanges, type FakeSourceBuffer } from '../../test/fake-media-source';
import { mediaSourceClass, MseSink, type SinkFailure } from './mse-sink';

const mime = 'video/mp4; codecs="avc1.4d0028"';
const other = 'video/mp4; codecs="avc1.640028"';

let video: FakeVideo;
let failures: SinkFailure[];
let changes: number;
let sink: MseSink;

function buffer(): FakeSourceBuffer {
  const { buffer: made } = FakeMediaSource.newest;
  if (made === null) throw new Error('No buffer was made');
  return made;
}

/** Of each append, its bytes. */
function appended(): number[][] {
  return buffer().appended.map((bytes) => [...bytes]);
}

beforeEach(() => {
  FakeMediaSource.all = [];
  FakeMediaSource.playable = (type) => type.includes('avc1');
  vi.stubGlobal('MediaSource', FakeMediaSource);
  URL.createObjectURL = () => 'blob:1';
  URL.revokeObjectURL = () => undefined;
  video = new FakeVideo();
  failures = [];
  changes = 0;
  sink = new MseSink({
    video: video.element,
    onChange: () => (changes += 1),
    onFailure: (failure) => failures.push(failure),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('MseSink', () => {
  it('waits for the browser, and appends in order and one after the other', () => {
    sink.open();
    expect(video.src).toBe('blob:1');
    expect(video.disableRemotePlayback).toBe(true);
    sink.init(mime, Uint8Array.of(1));
    sink.append(Uint8Array.of(2), 10);
    FakeMediaSource.newest.open();
    expect(FakeMediaSource.newest.duration).toBe(Number.POSITIVE_INFINITY);
    expect(appended()).toEqual([[1, 2]]);
    sink.append(Uint8Array.of(3), null);
    sink.append(Uint8Array.of(4), null);
    buffer().done();
    // What came in the meantime goes in at once.
    expect(appended()).toEqual([[1, 2], [3, 4]]);
    buffer().done();
    expect(changes).toBe(2);
    expect(failures).toEqual([]);
  });

  it('follows to another codec in the same source', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    sink.init(other, Uint8Array.of(2));
    sink.append(Uint8Array.of(3), 10);
    expect(buffer().mime).toBe(mime);
    buffer().done();
    expect(buffer().mime).toBe(other);
    expect(appended()).toEqual([[1], [2, 3]]);
  });

  it('asks to be begun anew where the browser cannot follow', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    buffer().canChange = false;
    sink.init(other, Uint8Array.of(2));
    buffer().done();
    expect(failures).toEqual(['restart']);
  });

  it('says at once what the browser cannot play', () => {
    sink.open();
    sink.init('video/mp4; codecs="hvc1.1.6.L93.B0"', Uint8Array.of(1));
    expect(failures).toEqual(['unplayable']);
    vi.stubGlobal('MediaSource', undefined);
    expect(mediaSourceClass()).toBeNull();
    sink.open();
    expect(failures).toEqual(['unplayable', 'unplayable']);
  });

  it('takes the managed source of an iPhone', () => {
    vi.stubGlobal('MediaSource', undefined);
    vi.stubGlobal('ManagedMediaSource', FakeMediaSource);
    sink.open();
    expect(FakeMediaSource.all).toHaveLength(1);
  });

  it('takes out what is old, up to a keyframe behind the picture', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    for (const key of [10, 12, 14, 16]) sink.append(Uint8Array.of(key), key);
    buffer().buffered = timeRanges([{ start: 10, end: 17 }]);
    video.currentTime = 16.5;
    buffer().done();
    // 14: the group that is shown begins at 16, and a second of the past stays.
    expect(buffer().removed).toEqual([]);
    buffer().done();
    video.currentTime = 17.2;
    sink.append(Uint8Array.of(9), null);
    buffer().done();
    expect(buffer().removed).toEqual([{ start: 0, end: 16 }]);
    buffer().done();
    expect(appended().at(-1)).toEqual([9]);
  });

  it('keeps a group of pictures that is long', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    sink.append(Uint8Array.of(1), 10);
    buffer().buffered = timeRanges([{ start: 10, end: 60 }]);
    video.currentTime = 60;
    buffer().done();
    buffer().done();
    expect(buffer().removed).toEqual([]);
  });

  it('makes room once when the browser is full, and then begins anew', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    buffer().done();
    buffer().buffered = timeRanges([{ start: 10, end: 13 }]);
    video.currentTime = 13;
    buffer().isFull = true;
    sink.append(Uint8Array.of(2), 12);
    expect(buffer().removed).toEqual([{ start: 0, end: 12 }]);
    buffer().isFull = false;
    buffer().buffered = timeRanges([{ start: 12, end: 13 }]);
    buffer().done();
    expect(appended().at(-1)).toEqual([2]);
    buffer().done();

    buffer().isFull = true;
    sink.append(Uint8Array.of(3), null);
    expect(failures).toEqual(['restart']);
  });

  it('does not make room again and again for the same piece', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    buffer().done();
    buffer().buffered = timeRanges([{ start: 10, end: 13 }]);
    video.currentTime = 13;
    buffer().isFull = true;
    sink.append(Uint8Array.of(2), 12);
    buffer().done();
    expect(failures).toEqual(['restart']);
  });

  it('does not gather without an end', () => {
    sink.open();
    sink.init(mime, Uint8Array.of(1));
    sink.append(new Uint8Array(17_000_000), 10);
    expect(failures).toEqual(['restart']);
  });

  it('tells of what cannot be played after all', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    video.dispatchEvent(new Event('error'));
    buffer().appendBuffer = () => {
      throw new DOMException('Broken', 'InvalidStateError');
    };
    sink.append(Uint8Array.of(2), null);
    buffer().done();
    expect(failures).toEqual(['media', 'media']);
  });

  it('tells of a source that takes no such stream after all', () => {
    sink.open();
    FakeMediaSource.newest.addSourceBuffer = () => {
      throw new DOMException('No', 'NotSupportedError');
    };
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    expect(failures).toEqual(['media']);
  });

  it('leaves nothing behind when it is closed', () => {
    sink.open();
    FakeMediaSource.newest.open();
    sink.init(mime, Uint8Array.of(1));
    const made = buffer();
    sink.close();
    sink.close();
    made.done();
    sink.append(Uint8Array.of(2), null);
    video.dispatchEvent(new Event('error'));
    expect([video.src, changes, failures]).toEqual(['', 0, []]);
    expect(sink.endS).toBeNull();
  });

  it('knows where all that is loaded ends', () => {
    video.buffered = timeRanges([{ start: 1, end: 2 }, { start: 3, end: 4.5 }]);
    expect(sink.endS).toBe(4.5);
  });
});
