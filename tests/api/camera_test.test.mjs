// SPDX-License-Identifier: MIT
// "Test connection": POST /api/cameras/test and /api/cameras/{id}/test.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, assertTook, until } from '../e2e/daemon.mjs';
import { listen, silentHost } from './rtsp_server.mjs';
import { ScriptedCamera } from './scripted_camera.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const password = 'hunter2secret';

/** Width and height in the header of a JPEG data URL. */
function jpegSize(url) {
  const prefix = 'data:image/jpeg;base64,';
  assert.ok(url?.startsWith(prefix), `${url}`.slice(0, 40));
  const bytes = Buffer.from(url.slice(prefix.length), 'base64');
  assert.equal(bytes.readUInt16BE(0), 0xffd8);
  for (let at = 2; at + 9 <= bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
  return assert.fail('no size in the JPEG');
}

/** Speaks no word, whatever it is asked. */
const mute = () => listen(net.createServer((socket) => socket.on('error', () => {})));

const failures = [
  { what: 'a wrong password', code: 'unauthorized', say: 'refuse 2 401' },
  { what: 'a wrong path', code: 'not_found', say: 'refuse 2 404' },
  { what: 'too many viewers', code: 'busy', say: 'refuse 2 453' },
  { what: 'a closed port', code: 'refused', say: 'refuse 2 port' },
  { what: 'a camera without pictures', code: 'no_video', say: 'stall 2', undo: 'resume 2' },
  { what: 'forbidden', code: 'forbidden', server: () => ScriptedCamera.start({ clips: {}, sdp: '', answers: { DESCRIBE: '403 Forbidden' } }) },
  { what: 'no SDP', code: 'bad_sdp', server: () => ScriptedCamera.start({ clips: {}, sdp: 'this is no SDP\r\n' }) },
  { what: 'a server that is mute', code: 'no_video', server: mute },
  { what: 'a dead host', code: 'timeout', server: silentHost },
];

describe('the test of a camera', () => {
  let daemon;
  let cameras;
  let id;

  before(async () => {
    cameras = await DemoCameras.start({ count: 2 });
    daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
    const saved = { name: 'Yard', url: cameras.urls[0].replace('rtsp://', `rtsp://admin:${password}@`) };
    const answer = await daemon.post('/api/cameras', saved);
    assert.equal(answer.status, 201);
    ({ id } = await answer.json());
    await until('recording', async () => (await daemon.camera(id)).status === 'recording');
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
  });

  /** Posts, and fails when the answer takes longer than the contract says. */
  async function post(target, body) {
    const begin = Date.now();
    const answer = await daemon.post(target, body);
    const took = Date.now() - begin;
    assertTook(took, 5000);
    return answer;
  }

  async function result(target, body) {
    const answer = await post(target, body);
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  }

  test('one that is not saved is measured, and nothing is stored', async () => {
    const found = await result('/api/cameras/test', { url: cameras.urls[1] });
    assert.equal(found.ok, true, JSON.stringify(found.error));
    const { video, audio } = found.stream;
    assert.deepEqual([video.codec, video.width, video.height], ['h264', 640, 360]);
    assert.ok(Math.abs(video.fps - 25) < 0.5, video.fps);
    assert.ok(Math.abs(video.keyframe_interval_s - 1) < 0.05, video.keyframe_interval_s);
    assert.equal(video.keyframe_interval_min_s, null);
    assert.ok(video.bitrate_bps > 10_000);
    assert.equal(audio, null);
    assert.ok(found.time_to_first_frame_s > 0);
    assertTook(found.time_to_first_frame_s * 1000, 4000);
    assert.ok(found.advice.some((sentence) => /no sound/.test(sentence)), found.advice);
    assert.equal(found.fix, null);
    assert.deepEqual(jpegSize(found.snapshot), [640, 360]);
    assert.equal((await daemon.json('/api/cameras')).items.length, 1);
  });

  test('one that records is looked at over the connection that it has', async () => {
    const before = await daemon.camera(id);
    for (const body of ['', { name: 'Other', url: cameras.urls[0] }]) {
      const found = await result(`/api/cameras/${id}/test`, body);
      assert.equal(found.ok, true, JSON.stringify(found.error));
      assert.equal(found.time_to_first_frame_s, null);
      assert.deepEqual(jpegSize(found.snapshot), [640, 360]);
    }
    const now = await daemon.camera(id);
    assert.equal(now.status, 'recording');
    assert.equal(now.status_since, before.status_since);
  });

  test('a saved one is tested with what the body changes, which is not stored', async () => {
    const found = await result(`/api/cameras/${id}/test`, { url: cameras.urls[1], password: 'other' });
    assert.equal(found.ok, true, JSON.stringify(found.error));
    assert.ok(found.time_to_first_frame_s > 0);
    const sub = await result(`/api/cameras/${id}/test?stream=sub`, { sub_url: cameras.urls[1] });
    assert.equal(sub.ok, true, JSON.stringify(sub.error));
    const stored = await daemon.camera(id);
    assert.equal(stored.url, cameras.urls[0]);
    assert.equal(stored.sub_url, null);
    assert.equal(stored.status, 'recording');
  });

  for (const { what, code, say, undo = 'allow 2', server } of failures) {
    test(`${what}: ${code}`, async (t) => {
      let url = cameras.urls[1];
      if (server === undefined) {
        cameras.say(say);
        await cameras.sent(2); // so it was obeyed, and what was undone before
        t.after(() => cameras.say(undo));
      } else {
        const one = await server();
        t.after(() => one.stop());
        ({ url } = one);
      }
      const found = await result('/api/cameras/test', { url, username: 'admin', password });
      assert.equal(found.error.code, code, found.error.message);
      assert.match(found.error.message, /\.$/);
      assert.deepEqual(Object.keys(found), ['ok', 'error']);
    });
  }

  test('bad input is refused with each field', async () => {
    const fields = async (target, body, status) => {
      const answer = await post(target, body);
      assert.equal(answer.status, status, await answer.clone().text());
      assert.match(answer.headers.get('content-type'), /problem\+json/);
      return (await answer.json()).errors?.map(({ field }) => field);
    };
    const unsaved = '/api/cameras/test';
    assert.equal(await fields(unsaved, '{"url":', 400), undefined);
    assert.equal(await fields(unsaved, '', 400), undefined);
    assert.equal(await fields(unsaved, '[]', 400), undefined);
    assert.deepEqual(await fields(unsaved, {}, 422), ['url']);
    assert.deepEqual(await fields(unsaved, { url: 'file:///etc/passwd' }, 422), ['url']);
    assert.deepEqual(await fields(unsaved, { url: cameras.url, frobnicate: 1, enabled: 7 }, 422), ['frobnicate', 'enabled']);
    assert.deepEqual(await fields(`${unsaved}?stream=sub`, { url: cameras.url }, 422), ['sub_url']);
    assert.deepEqual(await fields(`${unsaved}?stream=third`, { url: cameras.url }, 400), ['stream']);
    assert.deepEqual(await fields(`${unsaved}?colour=red`, { url: cameras.url }, 400), ['colour']);
    assert.deepEqual(await fields(`/api/cameras/${id}/test?stream=sub`, '', 422), ['sub_url']);
    assert.equal(await fields('/api/cameras/999/test', '', 404), undefined);
  });

  test('of twenty at once four run, and the others are told to come back', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => post('/api/cameras/test', { url: cameras.urls[1] })));
    const refused = all.filter((answer) => answer.status === 429);
    assert.equal(refused.length, 16, all.map((answer) => answer.status).join(' '));
    for (const answer of refused) assert.equal(answer.headers.get('retry-after'), '5');
    for (const answer of all.filter(({ status }) => status === 200)) assert.equal((await answer.json()).ok, true);
  });

  test('a client that hangs up ends its test', async (t) => {
    const nobody = await silentHost();
    t.after(() => nobody.stop());
    const { hostname, port, host } = new URL(daemon.url);
    const body = JSON.stringify({ url: nobody.url });
    const clients = new Set();
    const begin = () => {
      const client = net.connect(Number(port), hostname);
      clients.add(client);
      client.write(`POST /api/cameras/test HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      // Refused, since one that is over at once was there before it.
      client.once('data', () => {
        client.destroy();
        clients.delete(client);
        begin();
      });
    };
    for (let i = 0; i < 4; ++i) begin();
    // A test that is over at once, when there is room for it.
    const quick = async () => (await daemon.post('/api/cameras/test', { url: 'rtsp://127.0.0.1:1/x' })).status;
    await until('four tests', async () => (await quick()) === 429, 4000, 10);
    const left = Date.now();
    for (const client of clients) client.destroy();
    await until('room for another', async () => (await quick()) === 200, 3000, 20);
    assert.ok(Date.now() - left < 2000); // each would have lasted for 4.4 s
  });

  test('the password is in no answer and no log', async () => {
    const text = await (await post(`/api/cameras/${id}/test`, { url: `rtsp://admin:${password}@127.0.0.1:1/x` })).text();
    assert.ok(text.includes('refused'), text);
    assert.ok(!text.includes(password));
    assert.ok(!daemon.stderr.includes(password));
  });

  test('the camera recorded all the while', async () => {
    const camera = await daemon.camera(id);
    assert.equal(camera.status, 'recording');
    assert.equal(camera.last_error, null);
    const status = await daemon.json(`/api/cameras/${id}/recording/status`);
    assert.equal(status.reconnects, 0);
    assert.equal(status.frames_lost, 0);
  });
});

test('an address of the recorder itself is refused', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.remove());
  for (const body of [{ url: 'rtsp://127.0.0.1:554/a' }, { url: 'rtsp://192.0.2.1/a', sub_url: 'rtsp://[::1]/b' }]) {
    const answer = await daemon.post('/api/cameras/test', body);
    assert.equal(answer.status, 422);
    assert.match((await answer.json()).errors[0].message, /the recorder itself/);
  }
});

test('a recorder that is told to stop does not wait for a test', async (t) => {
  const nobody = await silentHost();
  t.after(() => nobody.stop());
  const daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
  t.after(() => daemon.remove());
  const answer = daemon.post('/api/cameras/test', { url: nobody.url }).catch((error) => error);
  const second = daemon.post('/api/cameras/test', { url: nobody.url }).catch((error) => error);
  await until('the tests', async () => (await daemon.json('/health')).status === 'ok');
  await daemon.stop(); // fails when it takes longer than it may, or ends badly
  await answer;
  await second;
  assert.ok(!daemon.stderr.includes('forgot to answer'), daemon.stderr);
});
