// SPDX-License-Identifier: MIT
// Secrets with unmistakable names go in, and are looked for everywhere they could come out; and what
// happens when the key that they are encrypted with is changed, wrong or lost.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, DemoCameras, Socket, buildRoot, clipCache, daemonProgram, runProgram, until } from '../e2e/daemon.mjs';
import { loadClip } from './rtp_clip.mjs';
import { listen } from './rtsp_server.mjs';
import { ScriptedCamera } from './scripted_camera.mjs';

const run = promisify(execFile);
const user = 'canary-user-Qx7';
const wrong = 'canary-first-P@ss/7:w%é';
const right = 'canary-second-P@ss/7:w%';
const token = 'canary-token-Zk3';
const removed = 'canary-removed-Lm9';
const secrets = [wrong, right, token, removed];
const query = `?channel=1&token=${token}`;

/** The forms in which a text can show: as it is, percent-encoded, in base64 behind any other. */
function formsOf(text) {
  const bytes = Buffer.from(text);
  const encoded = encodeURIComponent(text);
  const hex = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const forms = [bytes, encoded, encoded.toLowerCase(), encodeURI(text), hex, hex.toUpperCase(), bytes.toString('hex')];
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    // Without the characters that hold bits of its neighbours.
    const begin = before === 0 ? 0 : 4;
    const end = Math.floor(padded.length / 3) * 4;
    forms.push(padded.toString('base64').slice(begin, end), padded.toString('base64url').slice(begin, end));
  }
  return forms.map((form) => Buffer.from(form));
}

function assertClean(what, content, texts) {
  const bytes = Buffer.from(content);
  for (const text of texts) {
    for (const form of formsOf(text)) {
      assert.ok(!bytes.includes(form), `${what} holds "${text}" as "${form}"`);
    }
  }
}

test('a canary is found in every form', () => {
  for (const text of [...secrets, user]) {
    const basic = Buffer.from(`${user}:${text}`).toString('base64');
    for (const form of [text, encodeURIComponent(text), basic, Buffer.from(text).toString('base64')]) {
      assert.throws(() => assertClean('this', `before ${form} after`, [text]));
    }
  }
});

/** All regular files below a folder; links are not followed. */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

async function assertCleanFolder(folder) {
  const files = await filesOf(folder);
  const names = files.map((file) => path.relative(folder, file));
  for (const name of ['config.db', 'catalog.db', 'master.key']) assert.ok(names.includes(name), names.join(' '));
  for (const file of files) {
    assertClean(file, await readFile(file).catch((error) => (error.code === 'ENOENT' ? '' : Promise.reject(error))), [...secrets, user]);
  }
}

class FakeCameras extends DemoCameras {
  static async start(args) {
    const cameras = new FakeCameras(path.join(buildRoot, 'tests/support/ronin-fake-camera'), ['--cache', clipCache, ...args], { stdin: 'pipe' });
    await cameras.line(/^ready$/, 240_000);
    cameras.urls = cameras.lines.map((line) => /^camera .* (rtsp:\S+)$/.exec(line)?.[1]).filter(Boolean).map((url) => url + query);
    return cameras;
  }
}

describe('secrets of cameras', () => {
  let cameras;
  let dataDir;
  let daemon;
  let events;
  const ids = {};
  let answers = '';
  const settings = ['--set', 'allow_loopback_cameras=true', '--log-level', 'debug'];

  /** Asks, and keeps the answer with its headers to be searched. */
  async function ask(method, target, body) {
    const answer = await daemon.fetch(target, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    answers += `${method} ${target} ${JSON.stringify([...answer.headers])}\n${text}\n`;
    return { status: answer.status, json: () => JSON.parse(text) };
  }

  const untilStatus = (id, status) =>
    until(`camera ${id} is ${status}`, async () => {
      const camera = await daemon.camera(id);
      return camera.status === status && camera;
    });

  async function start() {
    daemon = await Daemon.start({ dataDir, args: settings });
  }

  function withCredentials(url, password) {
    return url.replace('rtsp://', `rtsp://${user}:${encodeURIComponent(password)}@`);
  }

  before(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'ronin-canary-'));
    process.env.GST_DEBUG_DUMP_DOT_DIR = dataDir;
    cameras = await FakeCameras.start(['--count=2', `--user=${user}`, `--password=${right}`]);
    await start();
    events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
  });
  after(async () => {
    events?.close();
    await daemon?.remove();
    await cameras?.stop();
    await rm(dataDir, { recursive: true, force: true }); // also when it was never started
  });

  test('go in by POST, PATCH and PUT, and come back masked', async () => {
    const added = await ask('POST', '/api/cameras', { name: 'Yard', url: withCredentials(cameras.urls[0], wrong) });
    assert.equal(added.status, 201);
    ids.yard = added.json().id;
    await until('a refusal', async () => (await daemon.camera(ids.yard)).last_error?.code === 'unauthorized');
    const shown = (await daemon.camera(ids.yard)).url;
    assert.equal(shown, cameras.urls[0].replace(token, '***'));

    assert.equal((await ask('PATCH', `/api/cameras/${ids.yard}`, { password: right })).status, 200);
    const yard = await untilStatus(ids.yard, 'recording');

    // Sent back as it came, it means what was there.
    assert.equal((await ask('PUT', `/api/cameras/${ids.yard}`, { ...yard, name: 'Garden' })).status, 200);
    assert.equal((await daemon.camera(ids.yard)).status_since, yard.status_since);
    assert.equal((await ask('PATCH', `/api/cameras/${ids.yard}`, { url: shown.replace('token', 'other') })).status, 422);

    const gate = await ask('POST', '/api/cameras', { name: 'Gate', url: withCredentials(cameras.urls[1], right) });
    ids.gate = gate.json().id;
    await untilStatus(ids.gate, 'recording');
  });

  test('and of a camera that is deleted', async () => {
    const gone = await ask('POST', '/api/cameras', { name: 'Gone', url: `rtsp://${user}:${removed}@127.0.0.1:9/${query}&x=${removed}`, sub_url: `rtsp://127.0.0.1:9/?x=${removed}` });
    assert.equal(gone.status, 201);
    await until('an error', async () => (await daemon.camera(gone.json().id)).last_error !== null);
    assert.equal((await ask('DELETE', `/api/cameras/${gone.json().id}`)).status, 204);
  });

  test('are in no answer, also not in one that complains', async () => {
    await ask('PATCH', `/api/cameras/${ids.yard}`, { url: `http://${user}:${removed}@127.0.0.1/${query}`, password: 7, sub_url: withCredentials('rtsp://127.0.0.1:99999/', wrong) });
    await ask('POST', '/api/cameras', { name: '', url: `rtsp:///${removed}`, colour: removed.length });
    await ask('POST', '/api/cameras', [removed]);
    for (const target of ['/health', '/metrics', '/api/system', '/api/openapi.yaml', '/api/cameras', `/api/cameras/${ids.yard}`, `/api/cameras/${ids.yard}/recording/status`, `/api/cameras/${ids.yard}/pipeline`, `/api/cameras/${ids.yard}/stream/hls/playlist.m3u8`, '/api/cameras/export', '/api/recordings', `/api/timeline?camera_id=${ids.yard}&start=${Date.now() - 60_000}&end=${Date.now()}`]) {
      await ask('GET', target);
    }
    await until('events of both', () => [ids.yard, ids.gate].every((id) => JSON.stringify(events.messages).includes(`"id":${id},`)), 10_000);
    assert.ok(answers.includes('"name":"Garden"'));
    assertClean('the answers', answers, secrets);
    assertClean('the events', JSON.stringify(events.messages), secrets);
  });

  test('are in no pipeline that is shown, however the camera asks for the password, and whatever it repeats', async (t) => {
    const clips = { h264: await loadClip('h264') };
    // Cameras describe their own address, and some repeat what they were asked.
    const sdp = ({ url }) =>
      `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=${token}\r\ni=${right}\r\nt=0 0\r\na=control:*\r\na=x-address:${url}\r\n` +
      `m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=x-long:${'y'.repeat(10)}${token}\r\na=x-password:${right}\r\na=control:track1\r\n`;
    const of = [ids.yard, ids.gate];
    for (const algorithms of [['Basic'], ['MD5'], ['SHA-256']]) {
      const camera = await ScriptedCamera.start({ sdp, clips, path: `/stream${query}`, auth: { user, password: right, algorithms } });
      t.after(() => camera.stop());
      const { id } = (await ask('POST', '/api/cameras', { name: `Asks by ${algorithms}`, url: withCredentials(camera.url, right) })).json();
      await untilStatus(id, 'recording');
      of.push(id);
    }
    for (const id of of) {
      const { launch, dot } = (await ask('GET', `/api/cameras/${id}/pipeline`)).json();
      assert.ok(launch.includes('token=***') && launch.includes("user-id='***' user-pw='***'"), launch);
      assert.ok(dot.includes('GstRTSPSrc') && dot.includes('encoding-name: H264'), dot);
      assertClean('the pipeline', launch + dot, [...secrets, user, 'canary']);
    }
    for (const id of of.slice(2)) assert.equal((await ask('DELETE', `/api/cameras/${id}`)).status, 204);
  });

  test('are in no list of processes', async () => {
    for (const name of ['cmdline', 'environ']) {
      assertClean(name, await readFile(`/proc/${daemon.child.pid}/${name}`), [...secrets, user]);
    }
    const silent = await listen(net.createServer(() => {}));
    const child = spawn(daemonProgram, ['pipeline', withCredentials(silent.url + query, right)], { stdio: 'ignore' });
    try {
      const line = await until('the address to be hidden', async () => {
        const text = await readFile(`/proc/${child.pid}/cmdline`, 'utf8');
        return text.includes('pipeline\0***') && text;
      }, 10_000, 5);
      assertClean('the command', line, [...secrets, user]);
    } finally {
      child.kill('SIGKILL');
      silent.stop();
    }
  });

  test('are in no pipeline that is printed', async () => {
    const { code, stdout, stderr } = await runProgram(['--data-dir', dataDir, '--log-level', 'debug', 'pipeline', String(ids.yard)]);
    assert.equal(code, 0, stderr);
    assert.ok(stdout.includes('token=***'), stdout);
    assertClean('the line', stdout + stderr, secrets);
  });

  test('are in no core file, because there is none', async () => {
    const limits = await readFile(`/proc/${daemon.child.pid}/limits`, 'utf8');
    assert.match(limits, /Max core file size +1 +1 /);
  });

  test('are in no file and no log', async () => {
    await assertCleanFolder(dataDir);
    await daemon.stop();
    await assertCleanFolder(dataDir);
    assertClean('the log', daemon.stderr + daemon.lines.join('\n'), [...secrets, user]);
    assert.ok(daemon.stderr.includes('camera Garden was changed'), daemon.stderr);
  });

  test('key rotate refuses beside a recorder and encrypts all anew without one', async () => {
    const rotate = () => runProgram(['--data-dir', dataDir, 'key', 'rotate']);
    const key = path.join(dataDir, 'master.key');
    const old = await readFile(key);
    await start();
    const refused = await rotate();
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /another recorder is running/);
    await daemon.stop();

    const rotated = await rotate();
    assert.equal(rotated.code, 0, rotated.stderr);
    assert.notDeepEqual(await readFile(key), old);
    await start();
    await untilStatus(ids.yard, 'recording');
    await daemon.stop();
    assert.equal((await runProgram(['--data-dir', path.join(dataDir, 'none'), 'key', 'rotate'])).code, 2);
  });

  test('with a wrong key, or without, it does not start, says why, and changes nothing', async () => {
    const key = path.join(dataDir, 'master.key');
    const kept = path.join(dataDir, 'kept.key');
    const database = await readFile(path.join(dataDir, 'config.db'));
    const tryToStart = () => runProgram(['--data-dir', dataDir, '--listen', '127.0.0.1:0']);
    await copyFile(key, kept);

    await writeFile(key, Buffer.alloc(32, 7));
    const other = await tryToStart();
    await rm(key);
    const none = await tryToStart();

    assert.equal(other.code, 2);
    assert.match(other.stderr, /master\.key" is another; put the right one back/);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /master\.key" is not there; put it back/);
    assert.deepEqual(await readFile(path.join(dataDir, 'config.db')), database);
    await writeFile(key, await readFile(kept), { mode: 0o600 });
    await rm(kept);
  });

  test('a damaged one stops its own camera only, until it is entered again', async () => {
    const script = 'import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n' +
      'c.execute("UPDATE camera SET password = ? WHERE id = ?", ("damaged", sys.argv[2]))\nc.commit()\n';
    await run('python3', ['-c', script, path.join(dataDir, 'config.db'), String(ids.yard)]);
    await start();
    await untilStatus(ids.gate, 'recording');
    const yard = await untilStatus(ids.yard, 'offline');
    assert.equal(yard.last_error.code, 'credentials');
    assert.match(yard.last_error.message, /enter it again: password\.$/);

    assert.equal((await ask('PATCH', `/api/cameras/${ids.yard}`, { name: 'Yard' })).status, 200);
    assert.equal((await daemon.camera(ids.yard)).status, 'offline');
    assert.equal((await ask('PATCH', `/api/cameras/${ids.yard}`, { password: right })).status, 200);

    assert.equal((await untilStatus(ids.yard, 'recording')).last_error, null);
    await daemon.stop();
    await assertCleanFolder(dataDir);
    assertClean('the log', daemon.stderr, [...secrets, user]);
  });
});
