// SPDX-License-Identifier: MIT
// A coded clip, cut into RTP packets (RFC 3550; 6184 for H.264, 7798 for H.265, 3640 for AAC).
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { buildRoot } from '../e2e/daemon.mjs';

const mtu = 1400;
const fps = 10;

/** Where the NAL units of a byte stream lie. */
function units(bytes) {
  const starts = [];
  for (let at = bytes.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; at = bytes.indexOf('\0\0\x01', at + 3, 'latin1')) {
    starts.push(at);
  }
  return starts.map((at, i) => {
    let end = starts[i + 1] ?? bytes.length;
    while (bytes[end - 1] === 0) end--;
    return bytes.subarray(at + 3, end);
  });
}

const kinds = {
  h264: {
    header: 1,
    type: (unit) => unit[0] & 0x1f,
    isSlice: (type) => type >= 1 && type <= 5,
    isKey: (type) => type === 5,
    parameters: [7, 8],
    delimiter: 9,
  },
  h265: {
    header: 2,
    type: (unit) => (unit[0] >> 1) & 0x3f,
    isSlice: (type) => type < 32,
    isKey: (type) => type >= 16 && type <= 21,
    parameters: [32, 33, 34],
    delimiter: 35,
  },
};

/** Pictures as lists of NAL units, without delimiters. */
function pictures(bytes, kind) {
  const out = [];
  let head = [];
  for (const unit of units(bytes)) {
    const type = kind.type(unit);
    if (type === kind.delimiter) continue;
    if (!kind.isSlice(type)) {
      head.push(unit);
      continue;
    }
    if ((unit[kind.header] & 0x80) !== 0) out.push({ units: [], key: kind.isKey(type) });
    out.at(-1).units.push(...head, unit);
    head = [];
  }
  return out;
}

function fragments(unit, codec) {
  const out = [];
  const { header } = kinds[codec];
  const type = kinds[codec].type(unit);
  for (let at = header; at < unit.length; at += mtu) {
    const flags = (at === header ? 0x80 : 0) | (at + mtu >= unit.length ? 0x40 : 0) | type;
    const head = codec === 'h264' ? [(unit[0] & 0xe0) | 28, flags] : [(unit[0] & 0x81) | (49 << 1), unit[1], flags];
    out.push(Buffer.concat([Buffer.from(head), unit.subarray(at, at + mtu)]));
  }
  return out;
}

/** One packet with several small units. */
function aggregate(small, codec) {
  const head = codec === 'h264' ? [0x78] : [48 << 1, 1];
  const parts = [Buffer.from(head)];
  for (const unit of small) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(unit.length);
    parts.push(length, unit);
  }
  return Buffer.concat(parts);
}

const startCode = Buffer.from([0, 0, 0, 1]);

/**
 * RTP payloads of one picture. `way`: 'plain'; 'aggregated' (STAP-A); 'whole' (one unit a packet,
 * packetization-mode 0); 'annexb' (parameter sets and slice as one byte stream in fragments);
 * 'bare' (no parameter sets); 'seiFirst'.
 */
function payloads(picture, codec, way) {
  const kind = kinds[codec];
  const isParameters = (unit) => kind.parameters.includes(kind.type(unit));
  let list = picture.units;
  if (way === 'bare') list = list.filter((unit) => !isParameters(unit));
  if (way === 'seiFirst' && picture.key) {
    const sei = Buffer.from([0x06, 0x05, 0x11, ...Array(17).fill(0x55), 0x80]);
    list = [sei, ...list.filter(isParameters), ...list.filter((unit) => !isParameters(unit))];
  }
  if (way === 'annexb' && picture.key) {
    const all = Buffer.concat(list.flatMap((unit, i) => (i === 0 ? [unit] : [startCode, unit])));
    return fragments(all, codec);
  }
  const out = [];
  let small = [];
  for (const unit of list) {
    if (way === 'aggregated' && unit.length < 300) {
      small.push(unit);
      continue;
    }
    if (small.length > 0) out.push(aggregate(small, codec));
    small = [];
    out.push(...(unit.length <= mtu || way === 'whole' ? [unit] : fragments(unit, codec)));
  }
  if (small.length > 0) out.push(aggregate(small, codec));
  return out;
}

/** A track under way: numbers its packets for one connection. */
export class RtpTrack {
  sequence = (Math.random() * 0xffff) | 0;
  ssrc = (Math.random() * 0x7fffffff) | 0;

  constructor(payloadType, rate) {
    this.payloadType = payloadType;
    this.rate = rate;
    this.time = (Math.random() * 0x7fffffff) | 0;
  }

  /** Packets of one moment; the last one has the marker. */
  packets(list) {
    return list.map((payload, i) => {
      const head = Buffer.alloc(12);
      head[0] = 0x80;
      head[1] = this.payloadType | (i === list.length - 1 ? 0x80 : 0);
      this.sequence = (this.sequence + 1) & 0xffff;
      head.writeUInt16BE(this.sequence, 2);
      head.writeUInt32BE(this.time >>> 0, 4);
      head.writeUInt32BE(this.ssrc, 8);
      return Buffer.concat([head, payload]);
    });
  }

  advance(seconds) {
    this.time = (this.time + Math.round(seconds * this.rate)) >>> 0;
  }
}

/** Ten seconds that begin with a keyframe. */
export class Clip {
  fps = fps;

  constructor(codec, bytes) {
    this.codec = codec;
    this.pictures = pictures(bytes, kinds[codec]);
    const { parameters, type } = kinds[codec];
    this.parameters = parameters.map((wanted) => this.pictures[0].units.find((unit) => type(unit) === wanted));
  }

  /** `sprop-…` of SDP. */
  get sprop() {
    const text = this.parameters.map((unit) => unit.toString('base64'));
    return this.codec === 'h264'
      ? `sprop-parameter-sets=${text.join(',')}`
      : `sprop-vps=${text[0]};sprop-sps=${text[1]};sprop-pps=${text[2]}`;
  }

  /** The newest keyframe is sent first. */
  picture(index, way = 'plain') {
    return payloads(this.pictures[index % this.pictures.length], this.codec, way);
  }
}

/** Sound of 20 ms, all silent: A-law and mu-law as they are, AAC with the headers of RFC 3640. */
export function soundPayload(encoding) {
  if (/^pcm[au]$/i.test(encoding)) return Buffer.alloc(160, /a$/i.test(encoding) ? 0xd5 : 0xff);
  const silent = Buffer.from('00c800802380', 'hex');
  const head = Buffer.alloc(4);
  head.writeUInt16BE(16);
  head.writeUInt16BE(silent.length << 3, 2);
  return Buffer.concat([head, silent]);
}

/** Encoded once by the fake camera, kept in the build. */
export async function loadClip(codec) {
  const folder = path.join(buildRoot, 'test-clips', `quirks-${codec}`);
  await mkdir(folder, { recursive: true });
  const find = async () => (await readdir(folder)).find((name) => name.endsWith(`.${codec}`));
  if ((await find()) === undefined) {
    const program = path.join(buildRoot, 'tests/support/ronin-fake-camera');
    const args = ['--cache', folder, '--video', codec, `--fps=${fps}`, '--kbit=200'];
    await new Promise((done, fail) => {
      // It ends when there is nothing more to read.
      execFile(program, args, { timeout: 120_000 }, (error) => (error ? fail(error) : done())).stdin.end();
    });
  }
  return new Clip(codec, await readFile(path.join(folder, await find())));
}
