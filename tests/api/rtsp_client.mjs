// SPDX-License-Identifier: MIT
// A small RTSP client, so that tests can do what players do not: stop reading, hang up, stay mute.
import { once } from 'node:events';
import net from 'node:net';

import { until } from '../e2e/daemon.mjs';

export class RtspClient {
  #text = '';
  #sequence = 0;
  media = 0; // bytes after the answer to PLAY

  static async connect(url) {
    const client = new RtspClient();
    const { hostname, port } = new URL(url);
    client.url = url;
    client.tcp = net.connect(Number(port), hostname);
    client.tcp.on('error', () => {});
    client.closed = once(client.tcp, 'close');
    client.tcp.on('data', (chunk) => client.#take(chunk));
    await once(client.tcp, 'connect');
    return client;
  }

  #take(chunk) {
    if (this.playing) this.media += chunk.length;
    else this.#text += chunk.toString('latin1');
  }

  /** The status and the whole text of an answer. */
  async ask(method, target = this.url, headers = {}) {
    this.#sequence += 1;
    this.#text = '';
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.tcp.write(`${method} ${target} RTSP/1.0\r\nCSeq: ${this.#sequence}\r\n${lines}\r\n`);
    const text = await until(`the answer to ${method}`, () => {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return this.tcp.destroyed && 'RTSP/1.0 0 closed';
      const length = Number(/Content-Length: (\d+)/i.exec(this.#text)?.[1] ?? 0);
      return this.#text.length >= end + 4 + length && this.#text;
    }, 30_000, 5);
    return { status: Number(text.split(' ')[1]), text };
  }

  /** DESCRIBE, SETUP of the video by TCP, PLAY. Gives the status of what failed, or 200. */
  async play() {
    const described = await this.ask('DESCRIBE', this.url, { Accept: 'application/sdp' });
    if (described.status !== 200) return described.status;
    const control = /m=video[^]*?a=control:(\S+)/.exec(described.text)[1];
    const track = control.startsWith('rtsp:') ? control : `${this.url}/${control}`;
    const setup = await this.ask('SETUP', track, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    if (setup.status !== 200) return setup.status;
    const [, session] = /Session: ([^;\s]+)/.exec(setup.text);
    const { status } = await this.ask('PLAY', this.url, { Session: session });
    this.playing = status === 200;
    return status;
  }

  close() {
    this.tcp.destroy();
  }
}
