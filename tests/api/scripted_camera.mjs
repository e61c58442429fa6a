// SPDX-License-Identifier: MIT
// An RTSP camera that follows a script: it may answer anything, byte by byte if need be, and where
// the session shall work it sends RTP in the RTSP connection.
import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

import { RtpTrack, soundPayload } from './rtp_clip.mjs';
import { listen } from './rtsp_server.mjs';

const fixed = { 0: 'PCMU/8000', 8: 'PCMA/8000' };

/** The tracks that an SDP describes, as far as this camera has to know. */
function tracksOf(sdp) {
  return sdp
    .split(/^(?=m=)/m)
    .filter((section) => section.startsWith('m='))
    .map((section) => {
      const [, kind, type] = /^m=(\S+) \S+ \S+ (\d+)/.exec(section) ?? [];
      const map = new RegExp(`a=rtpmap:\\s*${type} +(\\S+)`, 'i').exec(section)?.[1] ?? fixed[type] ?? 'unknown/90000';
      const [encoding, rate] = map.split('/');
      return { kind, type: Number(type), encoding, rate: Number(rate) || 90_000, control: /^a=control:(.*?)\r?$/m.exec(section)?.[1], isBack: /^a=sendonly/m.test(section) };
    });
}

function isTrackAt(track, uri) {
  if (/^rtsp:/.test(track.control ?? '')) return uri === track.control;
  const part = track.control === undefined || track.control === '*' ? '' : track.control;
  return part === '' || uri.endsWith(`/${part}`) || uri.includes(`/${part}?`);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const hashes = { MD5: 'md5', 'SHA-256': 'sha256' };

/** Who may see the stream; `algorithms` in the order in which they are offered. */
class Guard {
  constructor({ user = 'admin', password, algorithms = ['MD5'], qop = false, stale = 0, eachNonceOnce = false }) {
    Object.assign(this, { user, password, algorithms, qop, stale, eachNonceOnce });
    this.nonces = new Set();
  }

  challenge(stale) {
    return this.algorithms.map((algorithm) => {
      if (algorithm === 'Basic') return 'WWW-Authenticate: Basic realm="IP Camera"\r\n';
      const nonce = randomBytes(8).toString('hex');
      this.nonces.add(nonce);
      const name = algorithm === 'MD5' && this.algorithms.length === 1 && !this.qop ? '' : `, algorithm=${algorithm}`;
      return (
        `WWW-Authenticate: Digest realm="IP \\"Camera\\"", nonce="${nonce}"${name}` +
        `${this.qop ? ', qop="auth"' : ''}, stale=${stale ? 'TRUE' : 'FALSE'}\r\n`
      );
    });
  }

  /** Nothing when the request may pass, else the headers of the 401. */
  refuse(request) {
    const given = request.headers.authorization;
    if (given === undefined) return this.challenge(false).join('');
    if (/^Basic /i.test(given)) {
      const right = Buffer.from(`${this.user}:${this.password}`).toString('base64');
      return this.algorithms.includes('Basic') && given.slice(6) === right ? undefined : this.challenge(false).join('');
    }
    const said = Object.fromEntries([...given.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)].map((m) => [m[1], m[2]?.replace(/\\(.)/g, '$1') ?? m[3]]));
    const algorithm = said.algorithm ?? 'MD5';
    const hash = (text) => createHash(hashes[algorithm] ?? 'md5').update(text).digest('hex');
    const middle = this.qop ? `${said.nonce}:${said.nc}:${said.cnonce}:auth` : said.nonce;
    const right = hash(`${hash(`${this.user}:IP "Camera":${this.password}`)}:${middle}:${hash(`${request.method}:${request.uri}`)}`);
    if (said.response !== right || !this.algorithms.includes(algorithm)) return this.challenge(false).join('');
    if (!this.nonces.has(said.nonce)) return this.challenge(true).join('');
    if (this.stale > 0) {
      this.stale--;
      this.nonces.clear();
      return this.challenge(true).join('');
    }
    if (this.eachNonceOnce) this.nonces.delete(said.nonce);
    return undefined;
  }
}

/**
 * Options, all but `clips` and `sdp` with a default:
 * - `clips`: `{ h264, h265 }`; `sdp`: text, or a function of the camera
 * - `way`: how the clip is packed (rtp_clip.mjs), 'marked' (the SPS alone, marked, with the time of
 *   the picture before) or 'stray' (packets of another payload type in between)
 * - `sequence`: of the first RTP packet
 * - `path`: of the camera's URL; `public`: what OPTIONS names; `auth`: options of Guard
 * - `bytewise`: each answer goes out byte by byte
 * - `edit(answer, request)`: changes the text of an answer
 * - `answers`: a method's own answer: status and headers, `'403 Forbidden\r\nRetry-After: 5'`, or a function of the request
 * - `raw(socket, request)`: takes over when it returns true; `onConnect(socket)`
 * - `isUri(uri, request)`: whether SETUP and PLAY name what they should
 * - `tls`: `{ key, cert }`
 * - `backChannel`: a track that is only described to who asks for a back channel; what comes by it goes to
 *   `onPacket(packet, session)`
 */
export class ScriptedCamera {
  requests = [];
  connections = 0;
  sockets = new Set();

  static async start(options) {
    const camera = new ScriptedCamera();
    const defaults = { path: '/stream', public: 'OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, GET_PARAMETER', answers: {}, way: 'plain' };
    camera.options = { ...defaults, ...options };
    if (options.auth) camera.guard = new Guard(options.auth);
    const serve = (socket) => camera.serve(socket);
    const server = options.tls ? tls.createServer(options.tls, serve) : net.createServer(serve);
    server.on('tlsClientError', () => {});
    const { url, stop } = await listen(server, options.address);
    Object.assign(camera, { server, stop });
    camera.host = new URL(url).host;
    camera.url = `${options.tls ? 'rtsps' : 'rtsp'}://${camera.host}${camera.options.path}`;
    const { sdp = '' } = camera.options;
    camera.sdp = typeof sdp === 'function' ? sdp(camera) : sdp;
    camera.tracks = tracksOf(camera.sdp + (options.backChannel ?? ''));
    return camera;
  }

  serve(socket) {
    this.connections++;
    this.sockets.add(socket);
    const session = { socket, id: randomBytes(4).toString('hex'), playing: [], timers: [], queue: Promise.resolve() };
    let bytes = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.sockets.delete(socket);
      session.timers.forEach(clearInterval);
    });
    this.options.onConnect?.(socket);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        if (bytes[0] === 0x24) {
          if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt16BE(2)) return;
          const packet = bytes.subarray(4, 4 + bytes.readUInt16BE(2));
          if (session.playing.some((one) => one.track.isBack && one.channel === bytes[1])) this.options.onPacket?.(packet, session);
          bytes = bytes.subarray(4 + bytes.readUInt16BE(2));
          continue;
        }
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        const request = this.read(bytes.subarray(0, end).toString('latin1'));
        bytes = bytes.subarray(end + 4 + (Number(request.headers['content-length']) || 0));
        session.queue = session.queue.then(() => this.handle(session, request)).catch(() => socket.destroy());
      }
    });
  }

  /** Ends all connections. */
  hangUp() {
    for (const socket of this.sockets) socket.destroy();
  }

  read(text) {
    const [line, ...fields] = text.split('\r\n');
    const [method, uri] = line.split(' ');
    const headers = Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
    const request = { method, uri, headers };
    this.requests.push(request);
    return request;
  }

  async handle(session, request) {
    if (await this.options.raw?.(session.socket, request)) return;
    const refused = this.guard?.refuse(request);
    const own = this.options.answers[request.method];
    let answer;
    if (refused !== undefined && request.method !== 'OPTIONS') {
      answer = this.answer(request, '401 Unauthorized', refused);
    } else if (own !== undefined) {
      const said = typeof own === 'function' ? own(request, this) : own;
      answer = said === undefined ? this.usual(session, request) : this.answer(request, ...said.split(/\r\n(.*)/s));
    } else {
      answer = this.usual(session, request);
    }
    const text = this.options.edit?.(answer, request) ?? answer;
    await this.write(session.socket, Buffer.from(text, 'latin1'));
    if (request.method === 'SETUP') this.settle(session, request, text);
    if (request.method === 'PLAY' && / 200 /.test(text.slice(0, 14))) this.play(session);
    if (request.method === 'TEARDOWN') session.timers.forEach(clearInterval);
  }

  answer(request, status, headers = '', body = '') {
    const more = headers !== '' && !headers.endsWith('\r\n') ? `${headers}\r\n` : headers;
    const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n`;
    return `RTSP/1.0 ${status}\r\nCSeq: ${request.headers.cseq}\r\n${more}${length}\r\n${body}`;
  }

  usual(session, request) {
    const { method, uri, headers } = request;
    if (method === 'OPTIONS') return this.answer(request, '200 OK', `Public: ${this.options.public}`);
    if (method === 'DESCRIBE') {
      const back = /backchannel/.test(headers.require ?? '') ? (this.options.backChannel ?? '') : '';
      return this.answer(request, '200 OK', `Content-Type: application/sdp\r\nContent-Base: ${this.url}/`, this.sdp + back);
    }
    if (method === 'SETUP') {
      session.next = this.tracks.find((track) => !session.playing.some((one) => one.track === track) && isTrackAt(track, uri));
      if (session.next === undefined || this.options.isUri?.(uri, request) === false) return this.answer(request, '404 Not Found');
      const channels = /interleaved=(\d+-\d+)/.exec(headers.transport)?.[1];
      if (channels === undefined) return this.answer(request, '461 Unsupported Transport');
      return this.answer(request, '200 OK', `Transport: RTP/AVP/TCP;unicast;interleaved=${channels};ssrc=1234ABCD\r\nSession: ${session.id};timeout=60`);
    }
    if (headers.session?.trim() !== session.id) return this.answer(request, '454 Session Not Found');
    if (method === 'PLAY') {
      if (this.options.isUri?.(uri, request) === false) return this.answer(request, '404 Not Found');
      return this.answer(request, '200 OK', `Session: ${session.id}\r\nRange: npt=now-\r\nRTP-Info: ${this.rtpInfo(session)}`);
    }
    if (method === 'TEARDOWN') return this.answer(request, '200 OK');
    if (method === 'GET_PARAMETER' && this.options.public.includes(method)) return this.answer(request, '200 OK');
    return this.answer(request, '501 Not Implemented');
  }

  /** Takes note of the channels that the camera itself has named. */
  settle(session, request, text) {
    if (session.next === undefined || !/ 200 /.test(text.slice(0, 14))) return;
    const channel = /interleaved=(\d+)/.exec(text)?.[1] ?? /interleaved=(\d+)/.exec(request.headers.transport)[1];
    const rtp = new RtpTrack(session.next.type, session.next.rate);
    rtp.sequence = this.options.sequence ?? rtp.sequence;
    session.playing.push({ track: session.next, channel: Number(channel), uri: request.uri, rtp });
    session.next = undefined;
  }

  rtpInfo(session) {
    return session.playing.map(({ uri, rtp }) => `url=${uri};seq=${(rtp.sequence + 1) & 0xffff};rtptime=${rtp.time}`).join(',');
  }

  play(session) {
    if (session.socket.destroyed) return; // nothing would end its timers
    for (const one of session.playing.filter(({ track }) => !track.isBack)) {
      const clip = this.options.clips[one.track.encoding.toLowerCase()];
      if (one.track.kind === 'video' && clip === undefined) continue;
      let index = 0;
      const send = () => {
        const lists = one.track.kind === 'video' ? [clip.picture(index++, this.options.way)] : Array(5).fill([soundPayload(one.track.encoding)]);
        for (const list of lists) {
          this.sendOddly(session, one, list);
          this.send(session, one, one.rtp.packets(list));
          one.rtp.advance(0.1 / lists.length);
        }
      };
      send();
      session.timers.push(setInterval(send, 100));
    }
  }

  send(session, { channel }, packets) {
    for (const packet of packets) {
      const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
      session.socket.write(Buffer.concat([head, packet]));
    }
  }

  /** What some cameras send before a picture. */
  sendOddly(session, one, list) {
    if (one.track.kind !== 'video') return;
    if (this.options.way === 'stray') {
      const [packet] = one.rtp.packets([Buffer.alloc(8)]);
      packet[1] = 50;
      this.send(session, one, [packet]);
    }
    if (this.options.way === 'marked' && (list[0][0] & 0x1f) === 7) {
      one.rtp.advance(-0.1);
      this.send(session, one, one.rtp.packets([list.shift()]));
      one.rtp.advance(0.1);
    }
  }

  async write(socket, bytes) {
    if (!this.options.bytewise) {
      socket.write(bytes);
      return;
    }
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
  }
}

/** Text a little at a time, for as long as somebody listens. */
export async function drip(socket, text, everyMs) {
  for (let at = 0; !socket.destroyed; at = (at + 1) % text.length) {
    socket.write(text[at]);
    await pause(everyMs);
  }
}

/** Text without an end, as fast as it is read; or what a function gives. */
export async function flood(socket, text) {
  while (!socket.destroyed) {
    if (!socket.write(typeof text === 'function' ? text() : text)) await Promise.race([new Promise((done) => socket.once('drain', done)), pause(1000)]);
    await new Promise(setImmediate);
  }
}
