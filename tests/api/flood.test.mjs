// SPDX-License-Identifier: MIT
// Cameras that send as much as they can: the recorder's memory and threads stay bounded, each is
// told what is wrong, and the other cameras are not disturbed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { Daemon, DemoCameras, until } from '../e2e/daemon.mjs';
import { ScriptedCamera, flood } from './scripted_camera.mjs';

// Meson's tests fill memory when it is allocated, so that what is only reserved would count.
delete process.env.MALLOC_PERTURB_;

const head = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\n';
const track = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n';
const start = ({ headers }) => `RTSP/1.0 200 OK\r\nCSeq: ${headers.cseq}\r\n`;
const request = 'GET_PARAMETER rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n';

/** Interleaved: '$', channel, length, bytes. */
function framed(channel, bytes) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([Buffer.from([0x24, channel]), length, bytes]);
}

let counter = 0;
const next = () => (counter = (Math.imul(counter, 1_664_525) + 1_013_904_223) >>> 0);

function rtp(sender, sequence, payload, type = 96) {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8000 | type, 0);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(sender, 8);
  return framed(0, Buffer.concat([header, payload]));
}

function report() {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32BE(0x80c80006, 0);
  bytes.writeUInt32BE(next(), 4);
  return framed(1, bytes);
}

const many = (count, make) => Buffer.concat(Array.from({ length: count }, (_, i) => make(i)).flat());
/** Parts of a picture, of which none is the last. */
let part = 0;
const parts = () => many(20, () => rtp(7, part++, Buffer.concat([Buffer.from([0x7c, part === 1 ? 0x85 : 0x05]), Buffer.alloc(60_000, 7)])));
const senders = (type) => () =>
  many(200, (i) => {
    const sender = next();
    return [1, 2, 3].map((sequence) => rtp(sender, sequence, Buffer.alloc(20), type ?? i % 128));
  });

/** `begin(request)` in place of the answer to `method`, and then `body` for ever. */
const at = (method, begin, body) => ({
  raw: (socket, said) => said.method === method && (socket.write(begin(said)), void flood(socket, body), true),
});
/** A session that begins well; then what `make` gives, for ever. */
const playing = (make) => at('PLAY', (said) => `${start(said)}Session: ${said.headers.session}\r\n\r\n`, make);

const cases = [
  { what: 'a body of gigabytes', code: /^not_rtsp$/, ...at('DESCRIBE', (said) => `${start(said)}Content-Length: 4000000000\r\n\r\n`, Buffer.alloc(1 << 18, 'a')) },
  { what: 'headers without an end', code: /^not_rtsp$/, ...at('DESCRIBE', start, many(5000, (i) => Buffer.from(`X${i}: y\r\n`))) },
  { what: 'a line without an end', code: /^not_rtsp$/, ...at('OPTIONS', () => '', Buffer.alloc(1 << 18, 'x')) },
  { what: 'a long description', code: /^(bad_sdp|not_rtsp)$/, sdp: head + 'a=x:y\r\n'.repeat(300_000) },
  { what: 'many tracks', code: /^(bad_sdp|not_rtsp)$/, sdp: head + track.repeat(30_000) },
  { what: 'pictures before they are asked for', code: /^(not_rtsp|server_error|timeout)$/, ...at('DESCRIBE', () => '', many(20, () => framed(0, Buffer.alloc(60_000, 7)))) },
  { what: 'a storm of requests', code: /^(not_rtsp|no_video)$/, ...playing(Buffer.from(request.repeat(500))) },
  { what: 'many senders', code: /^stalled$/, ...playing(senders(96)) },
  { what: 'many senders of all types', code: /^stalled$/, ...playing(senders()) },
  { what: 'reports of many senders', code: /^no_video$/, ...playing(() => many(500, report)) },
  { what: 'a picture without an end', code: /^stalled$/, ...playing(parts) },
  { what: 'packets of nothing', code: /^(no_video|not_rtsp|stalled)$/, ...playing(many(20, () => framed(0, Buffer.alloc(60_000, 7)))) },
  { what: 'a circle', code: /^redirected$/, answers: { DESCRIBE: (_, { url }) => `302 Moved Temporarily\r\nLocation: ${url}` } },
];

/** MiB and threads of a process. */
async function sizeOf({ child: { pid } }) {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return { memory: Number(/^VmRSS:\s+(\d+)/m.exec(text)[1]) / 1024, threads: Number(/^Threads:\s+(\d+)/m.exec(text)[1]) };
}

test('floods are bounded, told, and nobody else’s matter', { timeout: 120_000 }, async (t) => {
  const cameras = await DemoCameras.start();
  const daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
  const servers = [];
  t.after(async () => {
    for (const server of servers) server.stop();
    await daemon.remove();
    await cameras.stop();
  });
  const add = async (name, url) => (await (await daemon.post('/api/cameras', { name, url })).json()).id;
  const healthy = await add('Healthy', cameras.url);
  await until('it is recorded', async () => (await daemon.camera(healthy)).status === 'recording');
  const before = await sizeOf(daemon);
  const most = { ...before };
  const watch = setInterval(async () => {
    const now = await sizeOf(daemon).catch(() => before);
    for (const key of ['memory', 'threads']) most[key] = Math.max(most[key], now[key]);
  }, 20);
  t.after(() => clearInterval(watch));

  // One after the other, so that each has all of the way; a camera goes when it was told of twice.
  for (const { what, code, ...options } of cases) {
    const server = await ScriptedCamera.start({ sdp: head + track, clips: {}, ...options });
    servers.push(server);
    const id = await add(what, server.url);
    const failure = await until(`an error of ${what}`, async () => (await daemon.camera(id)).last_error);
    assert.match(failure.code, code, `${what}: ${failure.message}`);
    await until(`another connection of ${what}`, () => server.connections > 1);
    await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' });
    server.stop();
    t.diagnostic(`${what}: ${failure.code}; so far ${(most.memory - before.memory).toFixed(0)} MiB and ${most.threads - before.threads} threads more`);
  }

  assert.ok(most.memory - before.memory < 100, `${most.memory - before.memory} MiB more`);
  assert.ok(most.threads - before.threads < 40, `${most.threads - before.threads} threads more`);
  const { status, last_error: error } = await daemon.camera(healthy);
  assert.deepEqual([status, error], ['recording', null]);
  const figures = await daemon.json(`/api/cameras/${healthy}/recording/status`);
  assert.deepEqual([figures.frames_lost, figures.reconnects], [0, 0]);
  assert.doesNotMatch(daemon.stderr, /CRITICAL|Sanitizer|runtime error/);
});
