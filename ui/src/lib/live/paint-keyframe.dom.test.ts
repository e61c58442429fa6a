// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { makeFragment, makeInit } from '../../test/fake-mp4';
import { readInit, readPictures } from './fmp4';
import { paintKeyframe } from './paint-keyframe';

type Output = (frame: unknown) => void;

const begin = 1_795_400_000;
const mp4 = readInit(makeInit(false));
const [key] = readPictures(makeFragment({ decodeS: begin, isKey: true }), mp4);

let outputs: Output[];
let decoded: { type: string; timestamp: number }[];
let closed: number;
let isBroken: boolean;
let drawn: number;
let canvas: { width: number; height: number };

class FakeDecoder {
  state = 'unconfigured';

  constructor({ output }: { output: Output }) {
    outputs.push(output);
  }

  configure(): void {
    if (isBroken) throw new DOMException('No such codec', 'NotSupportedError');
    this.state = 'configured';
  }

  decode(chunk: { type: string; timestamp: number }): void {
    decoded.push(chunk);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.state = 'closed';
    closed += 1;
  }
}

function paint(): void {
  paintKeyframe(canvas as unknown as HTMLCanvasElement, 'avc1.4d0028', mp4, key!);
}

function give(output: Output | undefined): number {
  let freed = 0;
  output?.({ displayWidth: 640, displayHeight: 360, close: () => (freed += 1) });
  return freed;
}

beforeEach(() => {
  outputs = [];
  decoded = [];
  closed = 0;
  isBroken = false;
  drawn = 0;
  const getContext = (): object => ({ drawImage: () => (drawn += 1) });
  canvas = Object.assign({ width: 0, height: 0 }, { getContext });
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('EncodedVideoChunk', function chunk(this: object, init: object) {
    Object.assign(this, init);
  });
  vi.stubGlobal('isSecureContext', true);
});
afterEach(() => vi.unstubAllGlobals());

describe('paintKeyframe', () => {
  it('draws the keyframe where nothing is, and lets go of the decoder', async () => {
    paint();
    expect(decoded).toMatchObject([{ type: 'key', timestamp: begin * 1e6 }]);
    expect(give(outputs[0])).toBe(1);
    expect([canvas.width, canvas.height, drawn]).toEqual([640, 360, 1]);
    await Promise.resolve();
    expect(closed).toBe(1);
  });

  it('leaves a picture alone that is there, or that came in the meantime', () => {
    paint();
    canvas.width = 320;
    expect(give(outputs[0])).toBe(1);
    paint();
    expect([canvas.width, drawn, outputs.length]).toEqual([320, 0, 1]);
  });

  it('does nothing where the page may not decode, or cannot decode this', () => {
    isBroken = true;
    paint();
    vi.stubGlobal('isSecureContext', false);
    paint();
    expect([decoded, drawn, outputs.length]).toEqual([[], 0, 1]);
  });
});
