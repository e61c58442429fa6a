// SPDX-License-Identifier: MIT
// The HTTP contract, asked of the real program.
import assert from 'node:assert/strict';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertPlays, Daemon, mediaFiles, Socket, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const cameraFields =
  'id name url sub_url username has_password folder volume_id transport enabled record record_sub ' +
  'record_audio schedule retention_days retention_bytes retention_min_days sub_retention_days sub_retention_bytes ' +
  'status status_since reachable reachable_at last_error stream created updated';
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

async function problem(answer, status) {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  const body = await answer.json();
  assert.equal(body.status, status);
  for (const field of ['type', 'title', 'detail']) assert.equal(typeof body[field], 'string', field);
  return body;
}

describe('with one camera', () => {
  let daemon;
  before(async () => {
    daemon = await Daemon.start({ demo: 1 });
  });
  after(() => daemon?.remove());

  test('health says little', async () => {
    const health = await daemon.json('/health');
    assert.deepEqual(Object.keys(health).sort(), ['status', 'uptime_s', 'version']);
    assert.ok(['ok', 'degraded'].includes(health.status));
    assert.equal(typeof health.version, 'string');
    assert.equal(typeof health.uptime_s, 'number');
  });

  test('cameras have the fields of the contract', async () => {
    const { id } = (await daemon.json('/api/cameras')).items[0];
    const camera = await until('recording', async () => {
      const now = await daemon.camera(id);
      return now.status === 'recording' && now.stream.video !== null && now;
    });
    for (const field of cameraFields.split(' ')) assert.ok(field in camera, field);
    assert.match(camera.created, time);
    assert.match(camera.status_since, time);
    const video = 'codec profile width height fps bitrate_bps keyframe_interval_s'.split(' ');
    assert.deepEqual(Object.keys(camera.stream.video), video);
    assert.equal(camera.last_error, null);
    assert.equal('password' in camera, false);
  });

  test('bad requests are told what is wrong', async () => {
    await problem(await daemon.post('/api/cameras', '{"name":'), 400);
    const bad = { name: '', url: 'http://192.0.2.1/', transport: 'x', retention_days: 0, colour: 'red' };
    const { errors } = await problem(await daemon.post('/api/cameras', bad), 422);
    assert.deepEqual(errors.map((one) => one.field).sort(), Object.keys(bad).sort());
  });

  test('pages of other sites and bodies that are no JSON are refused', async () => {
    const body = JSON.stringify({ name: 'Foreign', url: 'rtsp://192.0.2.1/s', enabled: false });
    const send = (headers, method = 'POST') =>
      daemon.fetch('/api/cameras', { method, headers, body: method === 'POST' ? body : undefined });
    const json = { 'Content-Type': 'application/json' };
    const foreign = await problem(await send({ ...json, Origin: 'http://evil.example' }), 403);
    assert.match(foreign.detail, /other sites/);
    const text = await problem(await send({ 'Content-Type': 'text/plain' }), 415);
    assert.match(text.detail, /Content-Type: application\/json/);
    const { id } = (await daemon.json('/api/cameras')).items[0];
    await problem(await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE', headers: { Origin: 'null' } }), 403);
    const own = await send({ 'Content-Type': 'application/json; charset=utf-8', Origin: daemon.url });
    assert.equal(own.status, 201);
    const added = (await own.json()).id;
    const removed = await daemon.fetch(`/api/cameras/${added}`, { method: 'DELETE', headers: { Origin: daemon.url } });
    assert.equal(removed.status, 204);
  });

  test('what is not valid is refused; an answer can be sent back', async () => {
    const first = (await daemon.json('/api/cameras')).items[0];
    const copy = { ...first, name: 'Copy', enabled: false };
    const answer = await daemon.post('/api/cameras', copy);
    assert.equal(answer.status, 201, await answer.clone().text());
    const { id } = await answer.json();
    const bad = { ...copy, name: 'Bad', schedule: [], volume_id: 99, retention_days: 36501, record_sub: true };
    const { errors } = await problem(await daemon.post('/api/cameras', bad), 422);
    const told = Object.fromEntries(errors.map((one) => [one.field, one.message]));
    assert.deepEqual(Object.keys(told).sort(), ['record_sub', 'retention_days', 'schedule', 'volume_id']);
    assert.match(told.schedule, /write it as \{"mon":/);
    assert.match(told.volume_id, /is no volume of this recorder/);
    assert.equal((await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' })).status, 204);
  });

  test('the list of cameras has pages', async () => {
    const ids = [];
    for (const name of ['Page 1', 'Page 2']) {
      const answer = await daemon.post('/api/cameras', { name, url: 'rtsp://192.0.2.1/s', enabled: false });
      ids.push((await answer.json()).id);
    }
    const all = (await daemon.json('/api/cameras')).items.map((one) => one.id);
    const seen = [];
    let next = '';
    do {
      const page = await daemon.json(`/api/cameras?limit=1&cursor=${next}`);
      assert.equal(page.items.length, 1);
      seen.push(page.items[0].id);
      next = page.next;
    } while (next !== null);
    assert.deepEqual(seen, all);
    assert.equal((await daemon.json('/api/cameras?limit=1000')).next, null);
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'cursor=x', 'cursor=0', 'cursor=01', 'colour=red']) {
      await problem(await daemon.fetch(`/api/cameras?${query}`), 400);
    }
    for (const id of ids) await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' });
  });

  test('unknown paths and methods', async () => {
    await problem(await daemon.fetch('/api/nothing'), 404);
    await problem(await daemon.fetch('/api/cameras/999999'), 404);
    await problem(await daemon.fetch('/api/recordings/999999'), 404);
    const answer = await daemon.fetch('/api/cameras', { method: 'DELETE' });
    await problem(answer, 405);
    const allowed = answer.headers.get('allow').split(/, */);
    assert.ok(allowed.includes('GET') && allowed.includes('POST'), String(allowed));
  });

  test('adding, events, secrets, removing', async () => {
    const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
    assert.match(events.head, /^HTTP\/1.1 101 /);
    await until('the first message', () => events.messages.length > 0, 5000);
    assert.equal(events.messages[0].type, 'state');
    const camera = { name: 'Shed', url: 'rtsp://bob:hunter2secret@192.0.2.1/s', enabled: false };
    const answer = await daemon.post('/api/cameras', camera);
    assert.equal(answer.status, 201);
    const text = await answer.text();
    const added = JSON.parse(text);
    assert.equal(answer.headers.get('location'), `/api/cameras/${added.id}`);
    assert.equal(added.username, 'bob');
    assert.equal(added.has_password, true);
    await events.message('the camera', (one) => one.type === 'camera' && one.camera.id === added.id);
    await problem(await daemon.post('/api/cameras', { ...camera, url: 'rtsp://192.0.2.2/s' }), 409);
    const list = JSON.stringify(await daemon.json('/api/cameras'));
    const everything = text + list + daemon.stderr + daemon.lines.join() + JSON.stringify(events.messages);
    assert.ok(!everything.includes('hunter2secret'));
    const target = `/api/cameras/${added.id}`;
    assert.equal((await daemon.fetch(target, { method: 'DELETE' })).status, 204);
    await problem(await daemon.fetch(target, { method: 'DELETE' }), 404);
    events.close();
  });

  test('a camera that refuses goes offline and says so', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await until('a free port', () => server.listening);
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    const url = `rtsp://127.0.0.1:${port}/s`;
    const { id } = await (await daemon.post('/api/cameras', { name: 'Refused', url })).json();
    const camera = await until('offline', async () => {
      const now = await daemon.camera(id);
      return now.status === 'offline' && now.last_error !== null && now;
    });
    assert.equal(camera.last_error.code, 'refused');
    assert.match(camera.last_error.message, /\w+ \w+.*\.$/);
    await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' });
  });

  test('recordings: filters, pages, errors', async () => {
    const [first] = await until('three recordings', async () => {
      const items = await daemon.recordings();
      return items.length >= 3 && items;
    }, 60_000);
    const page = await daemon.json('/api/recordings?limit=1');
    assert.equal(page.items.length, 1);
    assert.equal(page.items[0].clock_epoch, 0);
    await until('the clock of the camera, which is right', async () => {
      const { camera_clock: clock } = (await daemon.recordings()).at(-1);
      return clock !== null && Math.abs(clock.offset_us) < 1e6;
    });
    const next = await daemon.json(`/api/recordings?limit=1&cursor=${encodeURIComponent(page.next)}`);
    assert.notEqual(next.items[0].id, page.items[0].id);
    assert.equal((await daemon.recordings('&camera_id=999')).length, 0);
    assert.equal((await daemon.recordings('&end=1000')).length, 0);
    const overlap = await daemon.recordings(`&start=${first.start}&end=${Date.parse(first.start) + 1000}`);
    assert.ok(overlap.some((one) => one.id === first.id));
    for (const query of ['limit=0', 'limit=1001', 'cursor=x', 'start=soon', 'camera_id=a', 'colour=red']) {
      await problem(await daemon.fetch(`/api/recordings?${query}`), 400);
    }
  });

  test('a recording is served in ranges', async () => {
    const recording = await until('a closed file', async () =>
      (await daemon.recordings()).find((one) => one.state === 'complete'), 60_000);
    const target = `/api/recordings/${recording.id}/stream`;
    const head = await daemon.fetch(target, { method: 'HEAD' });
    assert.equal(head.status, 200);
    const size = Number(head.headers.get('content-length'));
    assert.equal(size, recording.size_bytes);
    const part = await daemon.fetch(target, { headers: { Range: 'bytes=4-7' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), `bytes 4-7/${size}`);
    assert.equal(await part.text(), 'ftyp');
    const outside = await daemon.fetch(target, { headers: { Range: `bytes=${size}-` } });
    assert.equal(outside.status, 416);
    assert.equal(outside.headers.get('content-range'), `bytes */${size}`);
    const headers = { 'If-None-Match': head.headers.get('etag') };
    assert.equal((await daemon.fetch(target, { headers })).status, 304);
  });

  test('SIGTERM closes every file', async () => {
    await daemon.stop();
    const { dataDir, storage } = daemon;
    const before = await mediaFiles(storage);
    assert.ok(before.length > 0);
    daemon = await Daemon.start({ dataDir });
    const rows = await daemon.recordings();
    for (const file of before) {
      const row = rows.find((one) => one.path === file);
      assert.equal(row?.state, 'complete', file);
      await assertPlays(path.join(storage, file));
    }
  });

  // The cameras of the demonstration are gone now, so nothing is written.
  test('a recording without its storage is 503, without its file 404', async () => {
    const { storage } = daemon;
    const [{ id, path: file }] = await daemon.recordings();
    const target = `/api/recordings/${id}/stream`;
    const refused = async (status, says) => {
      const { detail } = await problem(await daemon.fetch(target), status);
      assert.match(detail, says);
      assert.ok(!detail.includes('/'), detail);
    };
    await rename(storage, `${storage}.away`);
    await refused(503, /storage of this recording is away; connect it/);
    await until('it is missed', async () =>
      (await daemon.json('/api/storage/volumes')).items[0].state === 'missing');
    // An empty folder is where a disk will be mounted.
    await mkdir(storage);
    await refused(503, /storage of this recording is away; connect it/);
    await rmdir(storage);
    await rename(`${storage}.away`, storage);
    // It may have been looked at while it was away, and is looked at again.
    await until('the storage to be back', async () =>
      (await daemon.fetch(target, { method: 'HEAD' })).status === 200);
    await rm(path.join(storage, file));
    await refused(404, /somebody removed it/);
    await mkdir(path.join(storage, file));
    await refused(503, /cannot be read now; the recorder's log says why/);
    assert.ok(daemon.stderr.includes(`recording ${id} cannot be served: `));
  });
});

/** The playlist, its newest piece, and the sync bytes in it. */
async function assertLive(daemon, id) {
  const target = `/api/cameras/${id}/stream/hls/playlist.m3u8`;
  const playlist = await until('a playlist', async () => {
    const answer = await daemon.fetch(target);
    return answer.status === 200 && answer.text();
  });
  const name = playlist.split('\n').filter((line) => line.includes('.ts')).pop();
  const answer = await fetch(new URL(name, new URL(target, daemon.url)));
  assert.equal(answer.headers.get('content-type'), 'video/mp2t');
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.ok(bytes.length > 0 && bytes.length % 188 === 0);
  for (let at = 0; at < bytes.length; at += 188) assert.equal(bytes[at], 0x47);
  await assertWaitedFor(daemon, target, Number(name.split('.')[0]) + 1);
}

/** A playlist that can be waited for, with the segment that it is waited for. */
async function assertWaitedFor(daemon, target, segment) {
  const answer = await daemon.fetch(`${target}?block=true&_HLS_msn=${segment}`);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  assert.match(text, /\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n/);
  assert.match(text, new RegExp(`\\n${segment}\\.ts\\n$`));
}

test('without its storage the recorder still shows live pictures', async (t) => {
  const daemon = await Daemon.start({ demo: 1, args: ['--storage', '/nonexistent/x'] });
  t.after(() => daemon.remove());
  const { id } = (await daemon.json('/api/cameras')).items[0];
  const camera = await until('the error', async () => {
    const now = await daemon.camera(id);
    return now.last_error !== null && now;
  });
  assert.equal(camera.last_error.code, 'storage');
  await assertLive(daemon, id);
});
