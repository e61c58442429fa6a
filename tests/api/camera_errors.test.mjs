// SPDX-License-Identifier: MIT
// Each way a camera can fail: the code, the sentence, one line in the log, and no other camera hurt.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';
import { loadClip } from './rtp_clip.mjs';
import { listen, silentHost } from './rtsp_server.mjs';
import { drip, ScriptedCamera } from './scripted_camera.mjs';

holdAllAnswers();
// Meson's tests fill memory when it is allocated; a gigabyte takes long enough to hold up the end.
delete process.env.MALLOC_PERTURB_;

const password = 'hunter2secret';
const head = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\n';
const jpeg = `${head}m=video 0 RTP/AVP 26\r\na=control:track1\r\n`;
const h264 = `${head}m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n`;
const sound = `${head}m=audio 0 RTP/AVP 8\r\na=control:track1\r\n`;

const scripted = (options) => () => ScriptedCamera.start({ sdp: h264, clips: {}, ...options });
const answers = (method, status) => scripted({ answers: { [method]: status } });
const closes = (method) => scripted({ raw: (socket, request) => request.method === method && socket.end('RTSP/1.0 200 OK\r\nCS') });
/** Says `text` in place of the answer to DESCRIBE, and no more. */
const instead = (text) => scripted({ raw: (socket, request) => request.method === 'DESCRIBE' && (socket.write(text(request)), true) });
const asks = (auth) => scripted({ auth: { password: 'another one', ...auth } });
const start = ({ headers }) => `RTSP/1.0 200 OK\r\nCSeq: ${headers.cseq}\r\n`;

/** What is wrong, the code, and what the sentence must speak of. */
const cases = [
  { what: 'refuse 401', code: 'unauthorized', says: /user name or password/ },
  { what: 'refuse 404', code: 'not_found', says: /no stream at this path/ },
  { what: 'refuse 453', code: 'busy', says: /too many viewers/ },
  { what: 'refuse port', code: 'refused', says: /Nothing listens at 127\.0\.0\.1:\d+; check the port/ },
  { what: 'a wrong path', code: 'not_found', says: /check the end of the URL/ },
  { what: 'forbidden', code: 'forbidden', says: /does not allow this user/, server: answers('DESCRIBE', '403 Forbidden') },
  { what: 'overload', code: 'busy', says: /too many viewers/, server: answers('DESCRIBE', '503 Service Unavailable') },
  { what: 'too many at SETUP', code: 'busy', says: /too many viewers/, server: answers('SETUP', '453 Not Enough Bandwidth') },
  { what: 'forbidden at SETUP', code: 'forbidden', says: /does not allow this user/, server: answers('SETUP', '403 Forbidden') },
  { what: 'overload at PLAY', code: 'busy', says: /too many viewers/, server: answers('PLAY', '503 Service Unavailable') },
  { what: 'broken', code: 'server_error', says: /error 500 \(Internal Server Error\)/, server: answers('DESCRIBE', '500 Internal Server Error') },
  { what: 'no such transport', code: 'server_error', says: /another transport/, server: answers('SETUP', '461 Unsupported Transport') },
  { what: 'a wrong password, Digest MD5', code: 'unauthorized', says: /refused the user name or password/, server: asks({}) },
  { what: 'a wrong password, Digest SHA-256', code: 'unauthorized', says: /refused the user name or password/, server: asks({ algorithms: ['SHA-256'] }) },
  { what: 'a wrong password, Basic', code: 'unauthorized', says: /refused the user name or password/, server: asks({ algorithms: ['Basic'] }) },
  { what: 'an unknown Digest', code: 'unauthorized', says: /in a way that is not known here/, server: asks({ algorithms: ['SHA-512-256'] }) },
  { what: 'a 401 that asks for nothing', code: 'unauthorized', says: /in a way that is not known here/, server: answers('DESCRIBE', '401 Unauthorized') },
  { what: 'no password', code: 'unauthorized', says: /wants a user name and a password/, server: asks({}), open: true },
  { what: 'a way to another host', code: 'redirected', says: /another host, 127\.0\.0\.2, which is not followed/, server: answers('DESCRIBE', () => `302 Moved Temporarily\r\nLocation: ${elsewhere.url}`) },
  { what: 'a way for good', code: 'redirected', says: /another host, 127\.0\.0\.2/, server: answers('DESCRIBE', () => `301 Moved Permanently\r\nLocation: ${elsewhere.url}`) },
  { what: 'a way at OPTIONS', code: 'redirected', says: /another host, 127\.0\.0\.2/, server: answers('OPTIONS', () => `302 Moved Temporarily\r\nLocation: ${elsewhere.url}`) },
  { what: 'a way to nowhere', code: 'redirected', says: /without end, or to nowhere/, server: answers('DESCRIBE', '302 Moved Temporarily') },
  { what: 'a circle', code: 'redirected', says: /without end, or to nowhere/, server: answers('DESCRIBE', (_, { url }) => `302 Moved Temporarily\r\nLocation: ${url}`) },
  { what: 'motion JPEG', code: 'unsupported_codec', says: /JPEG.*set it to H\.264 or H\.265/, server: scripted({ sdp: jpeg }) },
  { what: 'no SDP', code: 'bad_sdp', says: /description of its stream/, server: scripted({ sdp: 'this is no SDP\r\n' }) },
  { what: 'an empty SDP', code: 'bad_sdp', says: /description of its stream/, server: scripted({ sdp: '' }) },
  { what: 'a page in place of SDP', code: 'bad_sdp', says: /description of its stream/, server: scripted({ edit: (text) => text.replace('application/sdp', 'text/html') }) },
  { what: 'only sound', code: 'no_video', says: /describes no video/, server: scripted({ sdp: sound }) },
  { what: 'no picture', code: 'no_video', says: /no picture comes/, server: scripted({}), slow: true },
  { what: 'silence', code: 'timeout', says: /does not answer/, server: scripted({ raw: () => true }), slow: true },
  { what: 'silence after OPTIONS', code: 'timeout', says: /does not answer/, server: instead(() => '\r\n'), slow: true },
  { what: 'a slow drip', code: 'timeout', says: /does not answer/, server: scripted({ raw: (socket) => (void drip(socket, 'RTSP/1.0 200 OK\r\n', 500), true) }), slow: true },
  { what: 'headers without an end', code: 'not_rtsp', says: /has no end/, server: scripted({ raw: (socket, request) => (void drip(socket, [start(request), ...Array(1000).fill(`X-Header: ${'x'.repeat(1000)}\r\n`)], 10), true) }), slow: true },
  { what: 'an answer of a gigabyte', code: 'timeout', says: /does not answer/, server: instead((request) => `${start(request)}Content-Type: application/sdp\r\nContent-Length: 1000000000\r\n\r\nv=0\r\n`), slow: true },
  { what: 'a negative length', code: 'not_rtsp', says: /not as an RTSP camera/, server: instead((request) => `${start(request)}Content-Length: -1\r\n\r\n`) },
  { what: 'answers without a number', code: 'not_rtsp', says: /not as an RTSP camera/, server: scripted({ edit: (text) => text.replace(/CSeq.*\r\n/, '') }) },
  { what: 'an end at once', code: 'not_rtsp', says: /not as an RTSP camera/, server: scripted({ onConnect: (socket) => socket.end() }) },
  { what: 'an end in the middle', code: 'server_error', says: /ends the connection before it sends a picture/, server: closes('DESCRIBE') },
  { what: 'an end at PLAY', code: 'server_error', says: /ends the connection before it sends a picture/, server: closes('PLAY') },
  { what: 'an unknown certificate', code: 'tls', says: /not one that this machine trusts/, server: () => scripted({ tls: certificate })() },
  { what: 'TLS that is none', code: 'tls', says: /not with TLS/, server: scripted({}), tls: true },
  { what: 'a web server', code: 'not_rtsp', says: /not as an RTSP camera; check the port/, server: () => listen(http.createServer((_, answer) => answer.end('hello'))) },
  { what: 'a dead host', code: 'timeout', says: /No answer from 127\.0\.0\.1:\d+/, server: silentHost },
];

/** What works, however the camera asks for the password or sends viewers on. */
const works = [
  { what: 'Digest MD5', auth: {} },
  { what: 'Digest MD5 with qop', auth: { qop: true } },
  { what: 'Digest SHA-256', auth: { algorithms: ['SHA-256'] } },
  { what: 'Digest SHA-256 with qop', auth: { algorithms: ['SHA-256'], qop: true } },
  { what: 'SHA-256 before MD5', auth: { algorithms: ['SHA-256', 'MD5'] } },
  { what: 'MD5 before SHA-256 and Basic', auth: { algorithms: ['MD5', 'SHA-256', 'Basic'] } },
  { what: 'Basic', auth: { algorithms: ['Basic'] } },
  { what: 'a stale nonce', auth: { stale: 1 } },
  { what: 'a new nonce for each request', auth: { eachNonceOnce: true } },
  { what: 'a way to another path', answers: { DESCRIBE: ({ uri }, { url }) => (uri.endsWith('/stream') ? `302 Moved Temporarily\r\nLocation: ${url}/main` : undefined) } },
];

let elsewhere;
let certificate;

/** Made by this machine for itself, so that nobody trusts it. */
async function makeCertificate() {
  const folder = await mkdtemp(path.join(tmpdir(), 'ronin-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert];
  await new Promise((done, fail) => execFile('openssl', args, (error) => (error ? fail(error) : done())));
  const pair = { key: await readFile(key), cert: await readFile(cert) };
  await rm(folder, { recursive: true });
  return pair;
}

describe('a camera that fails', () => {
  let daemon;
  let cameras;
  let healthy;
  const servers = [];
  const ids = new Map();
  const failures = new Map();

  async function add(name, url, { open = false, tls = false } = {}) {
    const address = tls ? url.replace('rtsp://', 'rtsps://') : url;
    const withSecret = open ? address : address.replace('://', `://admin:${password}@`);
    const answer = await daemon.post('/api/cameras', { name, url: withSecret });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()).id;
  }

  /** The camera after its second failure; some are not tried again so soon, or need 10 s each time. */
  async function failureOf({ what, code, slow }) {
    const failed = (known) =>
      until(`an error of ${what}`, async () => {
        const camera = await daemon.camera(ids.get(what));
        return camera.last_error !== null && camera.last_error.at !== known && camera;
      });
    const first = await failed(null);
    return code === 'unauthorized' || slow ? first : failed(first.last_error.at);
  }

  async function urlOf(one, number) {
    if (one.server !== undefined) {
      const server = await one.server();
      servers.push(server);
      one.camera = server;
      return server.url;
    }
    if (one.what === 'a wrong path') return cameras.urls[0].replace('/stream', '/nothing');
    cameras.say(`refuse ${number} ${one.what.split(' ')[1]}`);
    return cameras.urls[number - 1];
  }

  // All at once, because some need seconds and then wait to try again.
  before(async () => {
    cameras = await DemoCameras.start({ count: 5 });
    certificate = await makeCertificate();
    elsewhere = await ScriptedCamera.start({ sdp: h264, clips: {}, address: '127.0.0.2' });
    const clips = { h264: await loadClip('h264') };
    servers.push(elsewhere);
    daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
    const id = await add('Healthy', cameras.urls[0]);
    healthy = await until('recording', async () => {
      const camera = await daemon.camera(id);
      return camera.status === 'recording' && camera;
    });
    for (const [index, one] of cases.entries()) {
      ids.set(one.what, await add(`Camera of ${one.what}`, await urlOf(one, index + 2), one));
    }
    for (const one of cases) {
      failures.set(one.what, failureOf(one));
      failures.get(one.what).catch(() => {});  // told by its test
    }
    for (const one of works) {
      one.server = () => ScriptedCamera.start({ sdp: h264, clips, ...one, auth: one.auth && { ...one.auth, password } });
      ids.set(one.what, await add(`Camera of ${one.what}`, await urlOf(one)));
    }
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
    for (const server of servers) server.stop();
  });

  for (const { what, code, says } of cases) {
    test(`${what}: ${code}, told once`, async () => {
      const camera = await failures.get(what);
      assert.equal(camera.last_error.code, code, camera.last_error.message);
      assert.match(camera.last_error.message, says);
      assert.match(camera.last_error.message, /\.$/);
      assert.equal(camera.status, 'offline');
      const told = daemon.stderr.split('\n').filter((line) => line.includes(`Camera of ${what}: `));
      assert.equal(told.length, 1, told.join('\n'));
      assert.ok(told[0].includes(camera.last_error.message), told[0]);
    });
  }

  for (const { what } of works) {
    test(`${what}: it is recorded`, async () => {
      await until(`pictures with ${what}`, async () => (await daemon.camera(ids.get(what))).status === 'recording');
    });
  }

  test('a camera that hangs up is offline at once, also where nobody records or looks', async (t) => {
    const camera = await DemoCameras.startFake([]);
    t.after(() => camera.child.kill('SIGKILL'));
    const answer = await daemon.post('/api/cameras', { name: 'Unwatched', url: camera.url, record: false });
    const { id } = await answer.json();
    await until('online', async () => (await daemon.camera(id)).status === 'online');
    camera.child.kill('SIGKILL');
    const away = await until('offline', async () => {
      const one = await daemon.camera(id);
      return one.status === 'offline' && one;
    });
    assert.match(away.last_error.message, /ended the stream|Nothing listens/);
  });

  test('a redirect to another host leads to no connection there', () => {
    assert.equal(elsewhere.connections, 0);
  });

  const said = ({ requests }) => requests.filter(({ headers }) => headers.authorization !== undefined);

  for (const { what } of cases.filter((one) => one.what.startsWith('a wrong password'))) {
    test(`${what}: said once, and again after 100 s, so three times in five minutes`, () => {
      const { camera: server } = cases.find((one) => one.what === what);
      assert.equal(said(server).length, 1);
      const line = daemon.stderr.split('\n').find((one) => one.includes(`Camera of ${what}: `));
      assert.match(line, /Next attempt in 100 s/);
    });
  }

  test('another password is tried at once, and the right one records', async () => {
    const { camera: server, what } = cases.find((one) => one.what.startsWith('a wrong password'));
    const change = async (to) => {
      const answer = await daemon.fetch(`/api/cameras/${ids.get(what)}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ password: to }) });
      assert.equal(answer.status, 200, await answer.clone().text());
    };
    await change('still wrong');
    await until('the second password', () => said(server).length === 2, 5000);
    await until('its refusal', async () => (await daemon.camera(ids.get(what))).last_error?.code === 'unauthorized', 5000);
    server.options.clips = works[0].camera.options.clips;
    await change('another one');
    await until('pictures', async () => (await daemon.camera(ids.get(what))).status === 'recording', 10_000);
  });

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
