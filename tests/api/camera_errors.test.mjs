// SPDX-License-Identifier: MIT
// Each way a camera can fail: the code, the sentence, one line in the log, and no other camera hurt.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';
import { listen, rtspServer, silentHost } from './rtsp_server.mjs';

holdAllAnswers();

const password = 'hunter2secret';
const jpeg = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:track1\r\n';

/** What is wrong, the code, and what the sentence must speak of. */
const cases = [
  { what: 'refuse 401', code: 'unauthorized', says: /user name or password/ },
  { what: 'refuse 404', code: 'not_found', says: /no stream at this path/ },
  { what: 'refuse 453', code: 'busy', says: /too many viewers/ },
  { what: 'refuse port', code: 'refused', says: /Nothing listens at 127\.0\.0\.1:\d+; check the port/ },
  { what: 'a wrong path', code: 'not_found', says: /check the end of the URL/ },
  { what: 'forbidden', code: 'forbidden', says: /does not allow this user/, server: () => rtspServer('403 Forbidden') },
  { what: 'overload', code: 'busy', says: /too many viewers/, server: () => rtspServer('503 Service Unavailable') },
  { what: 'broken', code: 'server_error', says: /error 500 \(Internal Server Error\)/, server: () => rtspServer('500 Internal Server Error') },
  { what: 'motion JPEG', code: 'unsupported_codec', says: /JPEG.*set it to H\.264 or H\.265/, server: () => rtspServer('200 OK', jpeg) },
  { what: 'no SDP', code: 'bad_sdp', says: /description of its stream/, server: () => rtspServer('200 OK', 'this is no SDP\r\n') },
  { what: 'a web server', code: 'not_rtsp', says: /not as an RTSP camera; check the port/, server: () => listen(http.createServer((_, answer) => answer.end('hello'))) },
  { what: 'a dead host', code: 'timeout', says: /No answer from 127\.0\.0\.1:\d+/, server: silentHost },
];

describe('a camera that fails', () => {
  let daemon;
  let cameras;
  let healthy;
  const servers = [];
  const ids = new Map();

  async function add(name, url) {
    const withSecret = url.replace('rtsp://', `rtsp://admin:${password}@`);
    const answer = await daemon.post('/api/cameras', { name, url: withSecret });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()).id;
  }

  async function urlOf(one, number) {
    if (one.server !== undefined) {
      const server = await one.server();
      servers.push(server);
      return server.url;
    }
    if (one.what === 'a wrong path') return cameras.urls[0].replace('/stream', '/nothing');
    cameras.say(`refuse ${number} ${one.what.split(' ')[1]}`);
    return cameras.urls[number - 1];
  }

  // All at once, because some need seconds and then wait to try again.
  before(async () => {
    cameras = await DemoCameras.start({ count: 5 });
    daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
    const id = await add('Healthy', cameras.urls[0]);
    healthy = await until('recording', async () => {
      const camera = await daemon.camera(id);
      return camera.status === 'recording' && camera;
    });
    for (const [index, one] of cases.entries()) {
      ids.set(one.what, await add(`Camera of ${one.what}`, await urlOf(one, index + 2)));
    }
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
    for (const server of servers) server.stop();
  });

  for (const { what, code, says } of cases) {
    test(`${what}: ${code}, told once`, async () => {
      const failed = (known) =>
        until(`an error of ${what}`, async () => {
          const camera = await daemon.camera(ids.get(what));
          return camera.last_error !== null && camera.last_error.at !== known && camera;
        });
      let camera = await failed(null);
      // A refused password is not tried again for 100 s.
      if (code !== 'unauthorized') camera = await failed(camera.last_error.at);
      assert.equal(camera.last_error.code, code, camera.last_error.message);
      assert.match(camera.last_error.message, says);
      assert.match(camera.last_error.message, /\.$/);
      assert.equal(camera.status, 'offline');
      const told = daemon.stderr.split('\n').filter((line) => line.includes(`Camera of ${what}: `));
      assert.equal(told.length, 1, told.join('\n'));
      assert.ok(told[0].includes(camera.last_error.message), told[0]);
    });
  }

  test('the password is in no answer and no log', async () => {
    const list = await (await daemon.fetch('/api/cameras')).text();
    assert.ok(list.includes('Camera of forbidden'));
    assert.ok(!list.includes(password));
    assert.ok(!daemon.stderr.includes(password));
  });

  test('the healthy camera went on recording', async () => {
    const camera = await daemon.camera(healthy.id);
    assert.equal(camera.status, 'recording');
    assert.equal(camera.status_since, healthy.status_since);
    assert.equal(camera.last_error, null);
    const items = await until('a second file', async () => {
      const found = await daemon.recordings(`&camera_id=${healthy.id}`);
      return found.length > 1 && found;
    });
    assert.equal(items[0].state, 'complete');
    assert.equal(items[0].end, items[1].start);
  });
});
