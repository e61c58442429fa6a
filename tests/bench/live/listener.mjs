// SPDX-License-Identifier: MIT
// A viewer without a screen: takes the pictures of the live socket and holds number and time of each
// against those before it.
import { decodeTime } from '../../api/live_client.mjs';
import { stallMs } from './pictures.mjs';

/** Before the number in each picture, see src/demo/frame_sei.h. */
const mark = Buffer.from('524f4e494e4e56529d1e4c7ab358e621', 'hex');
const stampBytes = 24;
const frameS = 0.04;

/** Takes out the 3 that stands between two zeros and a small byte inside a NAL unit. */
function unescape(bytes) {
  const out = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(out);
}

/** The numbers of the pictures in a chunk, and when each was due, in ms since 1970. */
export function stampsIn(chunk) {
  const out = [];
  for (let at = chunk.indexOf(mark); at >= 0; at = chunk.indexOf(mark, at + mark.length)) {
    const begin = at + mark.length;
    const stamp = unescape(chunk.subarray(begin, begin + 2 * stampBytes));
    out.push({ number: Number(stamp.readBigUInt64BE(0)), utcMs: Number(stamp.readBigUInt64BE(16) / 1000n) / 1000 });
  }
  return out;
}

export const isInit = (message) => message.toString('latin1', 4, 8) === 'ftyp';

export class Listener {
  pictures = 0;
  /** Pictures that should have come between two others. */
  missing = 0;
  /** Pictures whose time is not that of the one before and the length of a picture. */
  uneven = 0;
  /** How long nothing came, each time that was too long, in ms. */
  stalls = [];
  #late = [];
  #last = null;

  /** `at`: when the message came, in ms since 1970. */
  take(message, at) {
    if (isInit(message)) return;
    const stamps = stampsIn(message);
    if (stamps.length === 0) {
      this.missing += 1;
      return;
    }
    const isBurst = stamps.length > 1;
    const decode = decodeTime(message);
    const last = this.#last;
    if (last !== null) {
      this.missing += Math.abs(stamps[0].number - last.number - 1);
      if (last.decode !== null && Math.abs(decode - last.decode - frameS) > frameS / 2) this.uneven += 1;
      if (at - last.at > stallMs) this.stalls.push(Math.round(at - last.at));
    }
    this.pictures += stamps.length;
    // A burst is what was missed before: its pictures are old, and have one time for all.
    if (!isBurst) this.#late.push(at - stamps[0].utcMs);
    this.#last = { at, number: stamps.at(-1).number, decode: isBurst ? null : decode };
  }

  /** How late the pictures since the last call came, in ms. */
  takeLate() {
    return this.#late.splice(0);
  }
}
