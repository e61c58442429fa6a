// SPDX-License-Identifier: MIT

/** Small MP4s, made of boxes as our muxer writes them. */

type Part = Uint8Array | number[];

function bytesOf(parts: Part[]): Uint8Array<ArrayBuffer> {
  const flat = parts.flatMap((part) => [...part]);
  return Uint8Array.from(flat);
}

export function u32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}

function u64(value: number): number[] {
  return [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)];
}

export function box(type: string, ...parts: Part[]): Uint8Array<ArrayBuffer> {
  const body = bytesOf(parts);
  const name = Array.from(type, (letter) => letter.charCodeAt(0));
  return bytesOf([u32(body.byteLength + 8), name, body]);
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

const videoId = 1;
const audioId = 2;
export const timescale = 90_000;
export const config = [1, 0x4d, 0, 0x28, 0xff];

function track(id: number, handler: string, scale: number, entry: Uint8Array): Uint8Array {
  const name = Array.from(handler, (letter) => letter.charCodeAt(0));
  return box(
    'trak',
    box('tkhd', u32(3), zeros(8), u32(id), zeros(68)),
    box(
      'mdia',
      box('mdhd', zeros(12), u32(scale), zeros(8)),
      box('hdlr', zeros(8), name, zeros(13)),
      box('minf', box('stbl', box('stsd', u32(0), u32(1), entry))),
    ),
  );
}

export function makeInit(hasAudio = false): Uint8Array<ArrayBuffer> {
  const picture = box('avc1', zeros(78), box('avcC', config));
  const sound = box('mp4a', zeros(28));
  return bytesOf([
    box('ftyp', zeros(8)),
    box(
      'moov',
      box('mvhd', zeros(100)),
      track(videoId, 'vide', timescale, picture),
      hasAudio ? track(audioId, 'soun', 16_000, sound) : [],
      box(
        'mvex',
        box('trex', u32(0), u32(videoId), zeros(16)),
        hasAudio ? box('trex', u32(0), u32(audioId), zeros(16)) : [],
      ),
    ),
  ]);
}

export type FragmentShape = {
  decodeS: number;
  isKey?: boolean;
  /** What each frame consists of. */
  frames?: number[][];
  audio?: number[];
  /** Seconds between decoding and showing. */
  offsetS?: number;
  hasTime?: boolean;
};

const frameTicks = timescale / 25;

/** `[prft] moof mdat` of one or more frames of 40 ms. */
export function makeFragment({
  decodeS,
  isKey = false,
  frames = [[1, 2, 3, 4]],
  audio = [],
  offsetS = 0,
  hasTime = false,
}: FragmentShape): Uint8Array<ArrayBuffer> {
  const offset = Math.round(offsetS * timescale);
  const flags = 0x1 | (isKey ? 0x4 : 0) | 0x1_00 | 0x2_00 | (offset === 0 ? 0 : 0x8_00);
  const samples = frames.flatMap((data) => [
    ...u32(frameTicks),
    ...u32(data.length),
    ...(offset === 0 ? [] : u32(offset)),
  ]);
  const make = (videoAt: number, audioAt: number): Uint8Array =>
    box(
      'moof',
      box('mfhd', u32(0), u32(1)),
      box(
        'traf',
        box('tfhd', u32(0x2_00_20), u32(videoId), u32(0x1_01_00_00)),
        box('tfdt', u32(0x1_00_00_00), u64(Math.round(decodeS * timescale))),
        box('trun', u32(0x1_00_00_00 | flags), u32(frames.length), u32(videoAt), isKey ? u32(0x2_00_00_00) : [], samples),
      ),
      audio.length === 0
        ? []
        : box(
            'traf',
            box('tfhd', u32(0x2_00_20), u32(audioId), u32(0x2_00_00_00)),
            box('tfdt', u32(0x1_00_00_00), u64(Math.round(decodeS * 16_000))),
            box('trun', u32(0x1_00_03_01), u32(1), u32(audioAt), u32(1024), u32(audio.length)),
          ),
    );
  const payloadAt = make(0, 0).byteLength + 8;
  return bytesOf([
    hasTime ? box('prft', zeros(24)) : [],
    make(payloadAt + audio.length, payloadAt),
    box('mdat', audio, ...frames),
  ]);
}
