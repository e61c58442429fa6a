// SPDX-License-Identifier: MIT
// Who speaks to a camera by the recorder, and the ear at the other end.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';

import { Socket } from '../e2e/daemon.mjs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A sine as samples of 16 bits, little-endian. */
export function tone(hz, seconds, rate, loudness = 0.5) {
  const out = Buffer.alloc(Math.round(seconds * rate) * 2);
  for (let i = 0; i * 2 < out.length; i++) {
    out.writeInt16LE(Math.round(32_767 * loudness * Math.sin((2 * Math.PI * hz * i) / rate)), i * 2);
  }
  return out;
}

/** A WebSocket at /api/talk. */
export class Talker {
  static async open(daemon) {
    const talker = new Talker();
    talker.socket = await Socket.open(daemon.url, '/api/talk', 'ronin.talk.1');
    return talker;
  }

  get messages() {
    return this.socket.messages;
  }

  /** One frame, masked as a client's must be (RFC 6455, 5.3). */
  #frame(opcode, payload) {
    const mask = randomBytes(4);
    const long = payload.length > 125;
    const head = Buffer.alloc(long ? 4 : 2);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (long ? 126 : payload.length);
    if (long) head.writeUInt16BE(payload.length, 2);
    const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]));
    this.socket.tcp.write(Buffer.concat([head, mask, masked]));
  }

  text(value) {
    this.#frame(1, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
  }

  samples(bytes) {
    this.#frame(2, bytes);
  }

  start(camera_id, sample_rate_hz = 16_000) {
    this.text({ start: { camera_id, sample_rate_hz } });
  }

  /** The next message that has `name`, from the given one on. */
  async message(name, from = 0) {
    const matches = (one) => this.messages.indexOf(one) >= from && name in one;
    return (await this.socket.message(name, matches))[name];
  }

  /**
   * Speaks in messages of 20 ms, as fast as time goes; `until`: stops early when it gives true. When it
   * is late, it does not catch up.
   */
  async speak(samples, rate, { until = () => false, faster = 1 } = {}) {
    const step = (rate / 50) * 2;
    let due = performance.now();
    for (let at = 0; at < samples.length && !until(); at += step) {
      if (due > performance.now()) await pause(due - performance.now());
      due = Math.max(due, performance.now() - 100) + 20 / faster;
      this.samples(samples.subarray(at, at + step));
    }
  }

  close() {
    this.socket.close();
  }
}

const decoders = {
  // ITU-T G.711.
  pcmu: (byte) => {
    const value = ~byte & 0xff;
    const magnitude = ((((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4)) - 0x84;
    return value & 0x80 ? -magnitude : magnitude;
  },
  pcma: (byte) => {
    const value = byte ^ 0x55;
    const exponent = (value & 0x70) >> 4;
    const mantissa = (value & 0x0f) << 4;
    const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
    return value & 0x80 ? magnitude : -magnitude;
  },
};

/** Keeps the packets of a back channel. */
export class Ear {
  packets = [];

  take(packet) {
    this.packets.push({
      at: performance.now(),
      marker: (packet[1] & 0x80) !== 0,
      type: packet[1] & 0x7f,
      sequence: packet.readUInt16BE(2),
      time: packet.readUInt32BE(4),
      payload: Buffer.from(packet.subarray(12)),
    });
  }

  /** How many sequence numbers are missing, or twice there. */
  gaps() {
    return this.packets.slice(1).filter((one, i) => one.sequence !== ((this.packets[i].sequence + 1) & 0xffff)).length;
  }

  /** The steps of the RTP time that are not `usual`, with their markers. */
  steps(usual) {
    const all = this.packets.slice(1).map(({ time, marker }, i) => ({ step: (time - this.packets[i].time) >>> 0, marker }));
    return all.filter(({ step }) => step !== usual);
  }

  /** What was heard, as samples. */
  g711(law) {
    return Int16Array.from(Buffer.concat(this.packets.map(({ payload }) => payload)), decoders[law]);
  }

  /** … of AAC as in RFC 3640 with one unit in a packet, decoded by ffmpeg. */
  aac(rate) {
    const rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000];
    const units = this.packets.map(({ payload }) => payload.subarray(4));
    const frames = units.map((unit) => {
      const length = unit.length + 7;
      const head = [0xff, 0xf1, (1 << 6) | (rates.indexOf(rate) << 2), (1 << 6) | (length >> 11), (length >> 3) & 0xff, ((length & 7) << 5) | 0x1f, 0xfc];
      return Buffer.concat([Buffer.from(head), unit]);
    });
    return new Promise((done, fail) => {
      const args = ['-v', 'error', '-f', 'aac', '-i', '-', '-f', 's16le', '-ac', '1', '-ar', String(rate), '-'];
      const child = execFile('ffmpeg', args, { encoding: 'buffer' }, (error, stdout, stderr) => {
        if (error) fail(new Error(stderr.toString()));
        else done(new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length)));
      });
      child.stdin.end(Buffer.concat(frames));
    });
  }
}

/** The pitch of a sound by its crossings of zero, without its first and last tenth. */
export function pitch(samples, rate) {
  const inner = samples.subarray(Math.round(samples.length / 10), Math.round((samples.length * 9) / 10));
  let crossings = 0;
  for (let i = 1; i < inner.length; i++) if (inner[i - 1] < 0 && inner[i] >= 0) crossings++;
  return (crossings * rate) / inner.length;
}

/** Of its loudest sample, 0 to 1. */
export function peak(samples) {
  return samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0) / 32_768;
}
