// SPDX-License-Identifier: MIT
// What a camera does is known at once: events, whether it is there, how often its password is sent,
// its newest picture, its pipeline.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, DemoCameras, Socket, assertTook, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';
import { loadClip } from './rtp_clip.mjs';
import { listen } from './rtsp_server.mjs';
import { ScriptedCamera } from './scripted_camera.mjs';

holdAllAnswers();

const sdp = (codec) => `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 ${codec}/90000\r\na=control:track1\r\n`;
const run = promisify(execFile);
const password = 'of somebody else';

/** Made by this machine for itself, so that nobody trusts it. */
async function makeCertificate() {
  const folder = await mkdtemp(path.join(tmpdir(), 'ronin-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert]);
  const pair = { key: await readFile(key), cert: await readFile(cert) };
  await rm(folder, { recursive: true });
  return pair;
}

let daemon;
let cameras;
let clips;
const servers = [];

async function scripted(options) {
  const camera = await ScriptedCamera.start({ sdp: sdp('H264'), clips, ...options });
  servers.push(camera);
  return camera;
}

async function send(method, target, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await daemon.fetch(target, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${target}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

const add = async (camera) => (await send('POST', '/api/cameras', camera)).id;
const patch = (id, change) => send('PATCH', `/api/cameras/${id}`, change);
const untilCamera = (id, what, matches) =>
  until(`camera ${id}: ${what}`, async () => {
    const camera = await daemon.camera(id);
    return matches(camera) && camera;
  });

before(async () => {
  clips = { h264: await loadClip('h264'), h265: await loadClip('h265') };
  cameras = await DemoCameras.start({ count: 2 });
  daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true', '--set', 'status_poll_s=1'] });
});
after(async () => {
  await daemon?.remove();
  await cameras?.stop();
  for (const server of servers) server.stop();
});

describe('each change is pushed within a second of being known', () => {
  let events;
  let id;

  before(async () => {
    events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
    const plain = events.messages;
    events.messages = [];
    for (const one of plain) events.messages.push({ ...one, received: Date.now() });
    events.messages.push = (one) => Array.prototype.push.call(events.messages, { ...one, received: Date.now() });
  });
  after(() => events?.close());

  /** The message that tells it, sent after `begin`; `known` gives the time of what it tells. */
  async function pushed(what, begin, matches, known) {
    const message = await until(what, () => events.messages.find((one) => one.received >= begin && matches(one)), 30_000, 10);
    const late = message.received - Date.parse(message.at);
    assertTook(late, 1000, `${what}, under way`);
    if (known !== undefined) {
      const waited = Date.parse(message.at) - Date.parse(known(message));
      assertTook(waited, 1000, `${what}, known`);
    }
    return message;
  }
  const ofCamera = (matches) => (one) => one.type === 'camera' && one.camera.id === id && matches(one.camera);
  const since = ({ camera }) => camera.status_since;
  const updated = ({ camera }) => camera.updated;

  test('added, and recorded', async () => {
    const begin = Date.now();
    id = await add({ name: 'Pushed', url: cameras.urls[0] });
    await pushed('added', begin, ofCamera(() => true), ({ camera }) => camera.created);
    await pushed('recorded', begin, ofCamera(({ status }) => status === 'recording'));
  });

  test('renamed', async () => {
    const begin = Date.now();
    await patch(id, { name: 'Renamed' });
    await pushed('renamed', begin, ofCamera(({ name }) => name === 'Renamed'), updated);
  });

  test('recording switched off and on', async () => {
    for (const [action, status] of [['stop', 'online'], ['start', 'recording']]) {
      const begin = Date.now();
      await send('POST', `/api/cameras/${id}/recording/${action}`);
      await pushed(action, begin, ofCamera(({ record }) => record === (action === 'start')), updated);
      await pushed(status, begin, ofCamera((camera) => camera.status === status));
    }
  });

  test('stopped answering, and back', async () => {
    const begin = Date.now();
    cameras.say('refuse 1 port');
    cameras.say('close 1');
    const { camera, received } = await pushed('offline', begin, ofCamera(({ status }) => status === 'offline'), since);
    assertTook(received - begin, 5000);
    assert.notEqual(camera.last_error, null);
    const again = Date.now();
    cameras.say('allow 1');
    await pushed('back', again, ofCamera(({ status }) => status === 'recording'), since);
  });

  test('back right after it was tried, which no longer pause follows', async () => {
    cameras.say('refuse 1 port');
    cameras.say('close 1');
    let last = null;
    // The pauses between tries grow: after so many the next would be one of six seconds or more.
    for (let tries = 0; tries < 4; tries += 1) {
      const { last_error: error } = await untilCamera(id, `try ${tries}`, ({ status, last_error: one }) =>
        status === 'offline' && one?.code === 'refused' && one.at !== last);
      last = error.at;
    }
    const again = Date.now();
    cameras.say('allow 1');
    const { received } = await pushed('back', again, ofCamera(({ status }) => status === 'recording'), since);
    assertTook(received - again, 4500);
  });

  test('disabled, and still there; enabled', async () => {
    const begin = Date.now();
    await patch(id, { enabled: false });
    await pushed('disabled', begin, ofCamera(({ status }) => status === 'disabled'), since);
    await pushed('there', begin, ofCamera(({ reachable }) => reachable === true), ({ camera }) => camera.reachable_at);
    const again = Date.now();
    await patch(id, { enabled: true });
    const { camera } = await pushed('enabled', again, ofCamera(({ status }) => status === 'recording'), since);
    assert.equal(camera.reachable, null);
  });

  test('password refused', async () => {
    const camera = await scripted({ auth: { password: 'right' } });
    const begin = Date.now();
    await patch(id, { url: camera.url, username: 'admin', password });
    await pushed('refused', begin, ofCamera(({ last_error: error }) => error?.code === 'unauthorized'), (one) => one.camera.last_error.at);
  });

  test('removed', async () => {
    const begin = Date.now();
    await send('DELETE', `/api/cameras/${id}`);
    await pushed('removed', begin, (one) => one.type === 'camera_removed' && one.camera_id === id);
  });

  for (const [signal, what] of [['SIGSTOP', 'silent'], ['SIGKILL', 'gone']]) {
    test(`a camera that is ${what} is offline within 5 s`, async (t) => {
      const own = await DemoCameras.start();
      t.after(() => own.child.kill('SIGKILL'));
      id = await add({ name: `Camera that gets ${signal}`, url: own.url });
      await untilCamera(id, 'recorded', ({ status }) => status === 'recording');
      const begin = Date.now();
      own.child.kill(signal);
      const { received } = await pushed('offline', begin, ofCamera(({ status }) => status === 'offline'), since);
      t.diagnostic(`${signal}: seen after ${received - begin} ms`);
      assertTook(received - begin, 5000);
      await send('DELETE', `/api/cameras/${id}`);
    });
  }
});

describe('whether a camera is there that is not connected to', () => {
  const asked = ({ requests }) => requests.filter(({ method }) => method === 'OPTIONS').length;
  const off = (name, url) => add({ name, url, enabled: false });
  const untilReachable = (id, is) => untilCamera(id, `reachable ${is}`, ({ reachable }) => reachable === is);

  test('it is asked again and again, without a path and without a password', async () => {
    const camera = await scripted({ path: '/main?token=canary', auth: { password }, bytewise: true });
    const id = await off('Asked', camera.url.replace('://', `://admin:${encodeURIComponent(password)}@`));
    const { reachable_at: at } = await untilReachable(id, true);
    await until('three questions', () => asked(camera) >= 3, 10_000);
    await untilCamera(id, 'asked again', (one) => one.reachable_at > at);
    for (const { method, uri, headers } of camera.requests) {
      assert.deepEqual([method, uri, headers.authorization], ['OPTIONS', `rtsp://${camera.host}/`, undefined]);
    }
    camera.stop();
    const gone = await untilReachable(id, false);
    assert.equal(gone.status, 'disabled');
    await send('DELETE', `/api/cameras/${id}`);
  });

  test('what is not RTSP, or says nothing, is none', async () => {
    const mute = await listen(net.createServer(() => {}));
    const web = await listen(net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    servers.push(mute, web);
    for (const [name, { url }] of Object.entries({ mute, web })) {
      const id = await off(name, url);
      await untilReachable(id, false);
      await send('DELETE', `/api/cameras/${id}`);
    }
  });

  test('behind TLS it is asked too, whoever made its certificate', async () => {
    const camera = await scripted({ tls: await makeCertificate() });
    const id = await off('Encrypted', camera.url);
    await untilReachable(id, true);
    assert.equal(camera.requests[0].uri, `rtsps://${camera.host}/`);
    await send('DELETE', `/api/cameras/${id}`);
  });

  test('a new address is asked anew; one that is connected to is not asked', async () => {
    const camera = await scripted({});
    const id = await off('Moved', 'rtsp://127.0.0.1:9/s');
    await untilReachable(id, false);
    assert.equal((await patch(id, { url: camera.url })).reachable, null);
    await untilReachable(id, true);
    await patch(id, { enabled: true });
    const online = await untilCamera(id, 'recorded', ({ status }) => status === 'recording');
    assert.deepEqual([online.reachable, online.reachable_at], [null, null]);
    await send('DELETE', `/api/cameras/${id}`);
  });
});

describe('a password that is refused', () => {
  const said = ({ requests }) => requests.filter(({ headers }) => headers.authorization !== undefined).length;
  const refused = (id, at) =>
    untilCamera(id, 'refused', ({ status, last_error: error }) => status === 'offline' && error?.code === 'unauthorized' && error.at !== at);

  test('is sent three times in five minutes, whatever is changed or tested meanwhile', async () => {
    const camera = await scripted({ auth: { password: 'right' } });
    const id = await add({ name: 'Locked', url: camera.url, username: 'admin', password });
    await refused(id);
    assert.equal(said(camera), 1);
    await untilCamera(id, 'there', ({ reachable }) => reachable === true);
    const tested = await send('POST', `/api/cameras/${id}/test`);
    assert.equal(tested.error.code, 'unauthorized');
    assert.equal(said(camera), 2);
    let last = await refused(id);
    for (const change of [{ record_audio: false }, { enabled: false }, { enabled: true }, { transport: 'tcp' }, { url: `${camera.url}/sub` }, { name: 'Still locked' }]) {
      await patch(id, change);
      if (change.enabled === false) await untilCamera(id, 'off', ({ status }) => status === 'disabled');
      else if (!change.name) last = await refused(id, last.last_error.at);
    }
    assert.equal(said(camera), 3);
    assert.match(last.last_error.message, /three times in five minutes/);
    assert.deepEqual(await send('POST', `/api/cameras/${id}/test`), { ok: false, error: { code: 'unauthorized', message: last.last_error.message } });
    const other = await send('POST', '/api/cameras/test', { url: camera.url, username: 'admin', password: 'another wrong one' });
    assert.equal(other.error.code, 'unauthorized');
    assert.equal(said(camera), 4);

    await patch(id, { password: 'right', url: camera.url });
    await untilCamera(id, 'recorded', ({ status }) => status === 'recording');
    await send('DELETE', `/api/cameras/${id}`);
  });
});

describe('the newest picture', () => {
  let id;
  const shot = (query = '', headers = {}, of = id) => daemon.fetch(`/api/cameras/${of}/snapshot.jpg${query}`, { headers });
  const widthOf = (jpeg) => {
    for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
      if (jpeg[at + 1] >= 0xc0 && jpeg[at + 1] <= 0xc2) return jpeg.readUInt16BE(at + 7);
    }
    return 0;
  };
  const bytesOf = async (answer) => {
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal(answer.headers.get('content-type'), 'image/jpeg');
    return Buffer.from(await answer.arrayBuffer());
  };

  before(async () => {
    id = await add({ name: 'Seen', url: cameras.urls[1] });
    await untilCamera(id, 'recorded', ({ status }) => status === 'recording');
  });

  test('is a JPEG of the wanted width', async () => {
    for (const [query, width] of [['?width=160', 160], ['?width=200', 320], ['?width=1000', 640], ['', 640]]) {
      assert.equal(widthOf(await bytesOf(await shot(query))), width, query);
    }
    const head = await daemon.fetch(`/api/cameras/${id}/snapshot.jpg`, { method: 'HEAD' });
    assert.equal(head.status, 200);
  });

  test('is at most one keyframe interval old, and sent once to each client', async () => {
    const first = await shot('?width=160');
    const etag = first.headers.get('etag');
    const taken = Number(/^"(\d+)-160"$/.exec(etag)[1]) / 1000;
    const age = Date.parse(first.headers.get('date')) - taken;
    assertTook(age, 2000); // keyframes come every second, and Date has whole seconds
    assert.match(first.headers.get('cache-control'), /no-cache/);
    assert.equal(Date.parse(first.headers.get('last-modified')), Math.floor(taken / 1000) * 1000);
    await bytesOf(first);
    let known = etag;
    let same = 0;
    await until('a newer one, after none', async () => {
      const answer = await shot('?width=160', { 'If-None-Match': known });
      if (answer.status === 304) same++;
      else known = answer.headers.get('etag');
      return known !== etag && same > 0;
    }, 10_000, 20);
    assert.equal((await shot('?width=320', { 'If-None-Match': known })).status, 200);
  });

  test('many at once get it too', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, (_, at) => shot(`?width=${100 + at}`).then(bytesOf)));
    assert.ok(all.every((jpeg) => widthOf(jpeg) === 160));
  });

  test('of H.265 is one, too', async () => {
    const camera = await scripted({ sdp: sdp('H265') });
    const of = await add({ name: 'H.265', url: camera.url });
    await untilCamera(of, 'recorded', ({ status }) => status === 'recording');
    assert.ok(widthOf(await bytesOf(await shot('', {}, of))) > 0);
    await send('DELETE', `/api/cameras/${of}`);
  });

  test('stays when the camera goes away, for who takes an old one', async () => {
    const before = Date.now();
    cameras.say('refuse 2 503');
    cameras.say('close 2');
    await untilCamera(id, 'offline', ({ status }) => status === 'offline');
    assert.equal((await shot()).status, 503);
    assert.equal((await shot('?last=false')).status, 503);
    assert.equal((await shot('?last=perhaps')).status, 400);
    const answer = await until('the last picture', async () => {
      const given = await shot('?width=160&last=true');
      return given.status === 200 && given;
    });
    const taken = Date.parse(answer.headers.get('last-modified'));
    assert.ok(Math.abs(taken - before) < 15_000, `${taken - before} ms off`);
    assert.equal(widthOf(await bytesOf(answer)), 640);
    assert.equal(Date.parse((await shot('?last=true')).headers.get('last-modified')), taken);
  });

  test('comes back sooner when somebody asks for it', async () => {
    const retry = (of = id) => daemon.post(`/api/cameras/${of}/retry`, {});
    const attempts = async () => {
      const text = await (await daemon.fetch('/metrics')).text();
      return Number(/ronin_camera_connection_attempts_total\{[^}]*camera="Seen"[^}]*\} (\d+)/.exec(text)[1]);
    };
    const first = await attempts();
    const started = Date.now();
    // By itself it would wait 1, 2, 4, 8 and 16 s in between.
    for (let i = 0; i < 6; i++) await until('a try', async () => (await retry()).status === 202);
    await until('six tries', async () => (await attempts()) >= first + 6);
    assert.ok(Date.now() - started < 20_000, `${Date.now() - started} ms`);
    cameras.say('allow 2');
    await until('a try', async () => (await retry()).status === 202);
    await untilCamera(id, 'recorded', ({ status }) => status === 'recording');
    const refused = await retry();
    assert.equal(refused.status, 409);
    assert.match((await refused.json()).detail, /connected/);
    assert.equal((await retry(999_999)).status, 404);
    // A newer one takes its place.
    await until('a new picture', async () => (await shot()).status === 200);
  });

  test('that there is none is said in a sentence', async () => {
    const none = async (of, status, says, query = '') => {
      const answer = await shot(query, {}, of);
      assert.equal(answer.status, status);
      assert.match((await answer.json()).detail, says);
    };
    await none(999_999, 404, /no such camera/);
    for (const query of ['?width=15', '?width=9000', '?width=x', '?colour=1']) await none(id, 400, /./, query);
    const off = await add({ name: 'Off', url: 'rtsp://127.0.0.1:9/s', enabled: false });
    await none(off, 503, /switched off/);
    assert.equal((await shot('?last=true', {}, off)).status, 204);
    await patch(off, { enabled: true });
    await untilCamera(off, 'offline', ({ status }) => status === 'offline');
    await none(off, 503, /^The camera is offline since 20\S+Z\. Nothing listens at 127\.0\.0\.1:9/);
    const pipeline = await daemon.json(`/api/cameras/${off}/pipeline`);
    assert.equal(pipeline.dot, null);
    assert.match(pipeline.launch, /rtph264depay/);
    await send('DELETE', `/api/cameras/${off}`);
  });

  test('and the pipeline that it came through', async () => {
    const { launch, dot } = await daemon.json(`/api/cameras/${id}/pipeline`);
    assert.match(launch, /^gst-launch-1\.0 .*rtph264depay.*max-size-time=10000000000 /);
    assert.match(dot, /^digraph pipeline \{/);
    for (const part of ['GstRTSPSrc', 'GstH264Parse', 'GstRoninCmafMux', 'width: 640']) assert.ok(dot.includes(part), part);
    assert.equal((await daemon.fetch('/api/cameras/999999/pipeline')).status, 404);
  });
});
