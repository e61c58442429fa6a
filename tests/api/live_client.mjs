// SPDX-License-Identifier: MIT
// A client of the live socket: keeps what comes on each channel, acknowledges it or not, and takes it apart.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { frameNumbers, until } from '../e2e/daemon.mjs';

const run = promisify(execFile);
const ackEveryMs = 100;

/** The boxes of some bytes, which must be whole ones: `{ type, bytes }`. */
export function boxes(bytes) {
  const out = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    assert.ok(size >= 8 && at + size <= bytes.length, `a box of ${size} bytes at ${at} of ${bytes.length}`);
    out.push({ type: bytes.toString('latin1', at + 4, at + 8), bytes: bytes.subarray(at, at + size) });
    at += size;
  }
  return out;
}

/** How many frames a message has; it is made of whole fragments, or this fails. */
export function fragments(bytes) {
  const types = boxes(bytes).map((box) => box.type);
  assert.match(`${types.join(' ')} `, /^((prft )?moof mdat )+$/);
  return types.filter((type) => type === 'moof').length;
}

/** Whether the first sample of the first fragment is one that decoding can begin with. */
export function beginsWithKeyframe(bytes) {
  const moof = boxes(bytes).find((box) => box.type === 'moof').bytes;
  const at = moof.indexOf('trun', 0, 'latin1') + 4;
  const flags = moof.readUInt32BE(at) & 0xffffff;
  return (flags & 0x4) !== 0 && (moof.readUInt32BE(at + 12) & 0x10000) === 0;
}

/** The decode time of the first fragment's video, in seconds since 1970. */
export function decodeTime(bytes) {
  const at = bytes.indexOf('tfdt', 0, 'latin1') + 8;
  return Number(bytes.readBigUInt64BE(at)) / 90_000;
}

/** What has come on one channel since it was subscribed. */
class Channel {
  /** Texts of the server, in order; each with `at`, how many binary messages came before it. */
  texts = [];
  /** Binary messages, without the channel. */
  messages = [];
  /** When each of them came, in ms of the monotonic clock. */
  times = [];
  /** Where given, gets each binary message in place of the two above; its bytes are lent. */
  onMessage = null;
  received = 0;
  acknowledged = 0;

  all(kind) {
    return this.texts.filter((text) => kind in text).map((text) => text[kind]);
  }

  /** Since the newest init segment, that with it: a file that can be played. */
  file() {
    const { at } = this.texts.findLast((text) => 'init' in text);
    return Buffer.concat(this.messages.slice(at));
  }

  /** Messages behind the init segments. */
  chunks() {
    const inits = new Set(this.texts.filter((text) => 'init' in text).map((text) => text.at));
    return this.messages.filter((_, i) => !inits.has(i));
  }

  frames() {
    return this.chunks().reduce((sum, chunk) => sum + fragments(chunk), 0);
  }

  async numbers() {
    return withFile(this.file(), frameNumbers);
  }
}

/** Calls `use` with the path of a file that has these bytes. */
export async function withFile(bytes, use) {
  const folder = await mkdtemp(path.join(tmpdir(), 'ronin-live-'));
  try {
    const file = path.join(folder, 'live.mp4');
    await writeFile(file, bytes);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What ffprobe says of the tracks: `[{ codec_name, width, … }]`. It must read all without a word. */
export async function probe(bytes) {
  return withFile(bytes, async (file) => {
    const { stdout, stderr } = await run('ffprobe', [
      ...['-v', 'error', '-count_packets', '-of', 'json'],
      ...['-show_entries', 'stream=codec_name,codec_type,width,height,nb_read_packets', file],
    ]);
    assert.equal(stderr, '');
    return JSON.parse(stdout).streams;
  });
}

export class LiveClient {
  channels = new Map();
  /** Texts without a channel. */
  texts = [];
  /** Whether it acknowledges by itself. */
  acks = true;
  /** Whether binary messages are kept, not only counted. */
  keeps = true;

  static async open(url, { acks = true, keeps = true } = {}) {
    const client = new LiveClient();
    client.acks = acks;
    client.keeps = keeps;
    const { hostname, port, host } = new URL(url);
    client.tcp = net.connect(Number(port), hostname);
    client.tcp.setNoDelay(true);
    client.tcp.on('error', (error) => (client.error = error));
    client.tcp.on('close', () => (client.closed = true));
    client.tcp.write(
      `GET /api/live HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        'Sec-WebSocket-Protocol: ronin.live.1\r\n\r\n',
    );
    let waiting = [];
    let length = 0;
    client.tcp.on('data', (piece) => {
      waiting.push(piece);
      length += piece.length;
      if (client.wanted !== undefined && length < client.wanted) return;
      let bytes = waiting.length === 1 ? piece : Buffer.concat(waiting);
      if (client.head === undefined) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        client.head = bytes.subarray(0, end).toString();
        bytes = bytes.subarray(end + 4);
      }
      bytes = client.#take(bytes);
      waiting = bytes.length > 0 ? [bytes] : [];
      length = bytes.length;
    });
    await until('the upgrade', () => client.head ?? client.error, 10_000, 5);
    assert.match(String(client.head), /^HTTP\/1.1 101 /);
    client.timer = setInterval(() => client.acks && client.acknowledge(), ackEveryMs);
    return client;
  }

  #take(bytes) {
    for (;;) {
      this.wanted = 2;
      if (bytes.length < 2) return bytes;
      let length = bytes[1] & 0x7f;
      let at = 2;
      if (length >= 126) {
        at = length === 126 ? 4 : 10;
        this.wanted = at;
        if (bytes.length < at) return bytes;
        length = length === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      }
      this.wanted = at + length;
      if (bytes.length < at + length) return bytes;
      this.#message(bytes[0] & 0x0f, bytes.subarray(at, at + length));
      bytes = bytes.subarray(at + length);
    }
  }

  #message(opcode, payload) {
    if (opcode === 1) {
      const text = JSON.parse(payload.toString());
      const channel = this.channels.get(text.channel);
      if (channel) {
        channel.texts.push({ ...text, at: channel.messages.length });
      } else {
        this.texts.push(text);
      }
    } else if (opcode === 2) {
      const channel = this.channels.get(payload.readUInt32BE(0));
      assert.ok(channel, 'a message on a channel that was not subscribed');
      channel.received += payload.length - 4;
      if (channel.onMessage) {
        channel.onMessage(payload.subarray(4));
      } else {
        channel.messages.push(this.keeps ? Buffer.from(payload.subarray(4)) : Buffer.alloc(0));
        channel.times.push(performance.now());
      }
      if (channel.received - channel.acknowledged > 256 * 1024 && this.acks) this.acknowledge();
    } else if (opcode === 9) {
      this.#frame(10, payload);
    }
  }

  #frame(opcode, payload) {
    const mask = randomBytes(4);
    const head = payload.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | payload.length]) : Buffer.from([0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 255]);
    this.tcp.write(Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4])]));
  }

  send(text) {
    this.#frame(1, Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)));
  }

  sendBinary(bytes) {
    this.#frame(2, bytes);
  }

  subscribe(channel, cameraId, stream = 'main') {
    const known = new Channel();
    this.channels.set(channel, known);
    this.send({ subscribe: { channel, camera_id: cameraId, stream } });
    return known;
  }

  /** Subscribes a channel that is subscribed; what is kept of it goes on. */
  switch(channel, cameraId, stream = 'main') {
    const known = this.channels.get(channel);
    known.received = known.acknowledged = 0;
    this.send({ subscribe: { channel, camera_id: cameraId, stream } });
  }

  unsubscribe(channel) {
    this.send({ unsubscribe: { channel } });
  }

  acknowledge() {
    for (const [channel, known] of this.channels) {
      if (known.received === known.acknowledged || this.closed) continue;
      known.acknowledged = known.received;
      this.send({ ack: { channel, bytes: known.received } });
    }
  }

  pause() {
    this.tcp.pause();
  }

  resume() {
    this.tcp.resume();
  }

  close() {
    clearInterval(this.timer);
    this.tcp.destroy();
  }
}
