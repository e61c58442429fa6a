// SPDX-License-Identifier: MIT

/** What of a stream's init segment (ISO/IEC 14496-12, `ftyp moov`) is needed to read its fragments. */
export type Mp4Init = {
  video: Mp4Track;
  audioIds: readonly number[];
  /** `avcC` or `hvcC`, without its head; null for codecs that say all in their frames. */
  config: Uint8Array | null;
};

export type Mp4Track = { id: number; timescale: number };

export type Mp4Sample = {
  /** Seconds on the stream's own axis, UTC since 1970 for a live stream. */
  decodeS: number;
  presentS: number;
  durationS: number;
  isKey: boolean;
  data: Uint8Array;
};

export class Mp4Error extends Error {}

export type Box = { type: string; start: number; body: number; end: number };

/** Boxes in memory; throws `Mp4Error` and, beyond the end, `RangeError`. */
export class BoxReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  type(at: number): string {
    const { bytes } = this;
    return String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
  }

  boxes(start = 0, end = this.bytes.byteLength): Box[] {
    const found: Box[] = [];
    let at = start;
    while (at < end) {
      if (end - at < 8) throw new Mp4Error('a box without a head');
      let size = this.view.getUint32(at);
      let body = at + 8;
      if (size === 1 && end - at >= 16) {
        size = this.u64(body);
        body += 8;
      } else if (size === 0) {
        size = end - at;
      }
      if (size < body - at || size > end - at) throw new Mp4Error('a box of a wrong size');
      found.push({ type: this.type(at + 4), start: at, body, end: at + size });
      at += size;
    }
    return found;
  }

  inside(box: Box, type: string): Box[] {
    return this.boxes(box.body, box.end).filter((one) => one.type === type);
  }

  first(box: Box, type: string): Box {
    const found = this.inside(box, type)[0];
    if (found === undefined) throw new Mp4Error(`no ${type}`);
    return found;
  }

  u64(at: number): number {
    return this.view.getUint32(at) * 2 ** 32 + this.view.getUint32(at + 4);
  }

  version(box: Box): number {
    return this.view.getUint8(box.body);
  }

  flags(box: Box): number {
    return this.view.getUint32(box.body) & 0xff_ff_ff;
  }
}

/** Whatever is read out of bounds is no MP4 that can be played. */
export function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new Mp4Error('it ends too early');
    throw error;
  }
}

function handlerOf(file: BoxReader, trak: Box): string {
  return file.type(file.first(file.first(trak, 'mdia'), 'hdlr').body + 8);
}

export function trackIdOf(file: BoxReader, trak: Box): number {
  const header = file.first(trak, 'tkhd');
  return file.view.getUint32(header.body + (file.version(header) === 1 ? 20 : 12));
}

function timescaleOf(file: BoxReader, trak: Box): number {
  const header = file.first(file.first(trak, 'mdia'), 'mdhd');
  const timescale = file.view.getUint32(header.body + (file.version(header) === 1 ? 20 : 12));
  if (timescale === 0) throw new Mp4Error('no timescale');
  return timescale;
}

const sampleEntryHead = 78;

function configOf(file: BoxReader, trak: Box): Uint8Array | null {
  const media = file.first(file.first(trak, 'mdia'), 'minf');
  const table = file.first(file.first(media, 'stbl'), 'stsd');
  const entry = file.boxes(table.body + 8, table.end)[0];
  if (entry === undefined) throw new Mp4Error('no sample entry');
  const config = file
    .boxes(entry.body + sampleEntryHead, entry.end)
    .find(({ type }) => type === 'avcC' || type === 'hvcC');
  return config === undefined ? null : file.bytes.slice(config.body, config.end);
}

export function readInit(bytes: Uint8Array): Mp4Init {
  return guarded(() => {
    const file = new BoxReader(bytes);
    const moov = file.boxes().find(({ type }) => type === 'moov');
    if (moov === undefined) throw new Mp4Error('no moov');
    const tracks = file.inside(moov, 'trak');
    const video = tracks.find((trak) => handlerOf(file, trak) === 'vide');
    if (video === undefined) throw new Mp4Error('no picture in it');
    return {
      video: { id: trackIdOf(file, video), timescale: timescaleOf(file, video) },
      audioIds: tracks.filter((trak) => trak !== video).map((trak) => trackIdOf(file, trak)),
      config: configOf(file, video),
    };
  });
}

type Defaults = { duration: number; size: number; flags: number };

function readDefaults(file: BoxReader, header: Box): Defaults {
  const flags = file.flags(header);
  let at = header.body + 8;
  const next = (flag: number, width = 4): number => {
    if ((flags & flag) === 0) return 0;
    const value = file.view.getUint32(at + width - 4);
    at += width;
    return value;
  };
  next(0x1, 8);
  next(0x2);
  return { duration: next(0x8), size: next(0x10), flags: next(0x20) };
}

const notSync = 0x1_00_00;

function readRun(
  file: BoxReader,
  run: Box,
  moof: Box,
  start: { decode: number; timescale: number; defaults: Defaults },
): { samples: Mp4Sample[]; decode: number } {
  const flags = file.flags(run);
  const count = file.view.getUint32(run.body + 4);
  let at = run.body + 8;
  const next = (): number => {
    const value = file.view.getUint32(at);
    at += 4;
    return value;
  };
  if ((flags & 0x1) === 0) throw new Mp4Error('no data offset');
  let data = moof.start + next();
  const firstFlags = (flags & 0x4) === 0 ? null : next();
  const { timescale, defaults } = start;
  let { decode } = start;
  const samples: Mp4Sample[] = [];
  for (let i = 0; i < count; i += 1) {
    const duration = (flags & 0x1_00) === 0 ? defaults.duration : next();
    const size = (flags & 0x2_00) === 0 ? defaults.size : next();
    const own = (flags & 0x4_00) === 0 ? defaults.flags : next();
    const offset = (flags & 0x8_00) === 0 ? 0 : next() | 0;
    if (data + size > file.bytes.byteLength) throw new Mp4Error('a frame beyond the end');
    const sampleFlags = i === 0 && firstFlags !== null ? firstFlags : own;
    samples.push({
      decodeS: decode / timescale,
      presentS: (decode + offset) / timescale,
      durationS: duration / timescale,
      isKey: (sampleFlags & notSync) === 0,
      data: file.bytes.subarray(data, data + size),
    });
    data += size;
    decode += duration;
  }
  return { samples, decode };
}

function readFragment(file: BoxReader, moof: Box, { id, timescale }: Mp4Track): Mp4Sample[] {
  const out: Mp4Sample[] = [];
  for (const traf of file.inside(moof, 'traf')) {
    const header = file.first(traf, 'tfhd');
    if (file.view.getUint32(header.body + 4) !== id) continue;
    const time = file.first(traf, 'tfdt');
    const at = time.body + 4;
    let decode = file.version(time) === 1 ? file.u64(at) : file.view.getUint32(at);
    const defaults = readDefaults(file, header);
    for (const run of file.inside(traf, 'trun')) {
      const read = readRun(file, run, moof, { decode, timescale, defaults });
      decode = read.decode;
      out.push(...read.samples);
    }
  }
  return out;
}

/** The pictures of all fragments in `bytes`, in the order in which they are decoded. */
export function readPictures(bytes: Uint8Array, init: Mp4Init): Mp4Sample[] {
  return guarded(() => {
    const file = new BoxReader(bytes);
    const fragments = file.boxes().filter(({ type }) => type === 'moof');
    return fragments.flatMap((moof) => readFragment(file, moof, init.video));
  });
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}
