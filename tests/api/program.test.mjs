// SPDX-License-Identifier: MIT
// The program as people start it: command line, exit codes, settings, SIGHUP, the start itself.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, runProgram, until } from '../e2e/daemon.mjs';

async function tempDir(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'ronin-program-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await until('a free port', () => server.listening, 5000, 5);
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

describe('the command line', () => {
  test('--version names the program and its version', async () => {
    const { code, stdout, stderr } = await runProgram(['--version']);
    assert.match(stdout, /^ronin-nvr \d+\.\d+\.\d+\n$/);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  test('--help names every option', async () => {
    const { code, stdout, stderr } = await runProgram(['--help']);
    for (const option of ['--config', '--data-dir', '--storage', '--listen', '--set', '--demo', '--log-level', '--version', '--check-config', 'pipeline']) {
      assert.ok(stdout.includes(option), option);
    }
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  test('a bad option ends the program with 2 and a sentence', async () => {
    for (const [args, sentence] of [
      [['--frobnicate'], 'ronin-nvr: "--frobnicate" is no option of ronin-nvr; see ronin-nvr --help\n'],
      [['--config'], 'ronin-nvr: --config needs a value; see ronin-nvr --help\n'],
      [['--demo=9'], 'ronin-nvr: --demo takes 1 to 5 cameras\n'],
      [['--log-level', 'loud'], 'ronin-nvr: log_level = loud: must be error, warning, info or debug\n'],
    ]) {
      assert.deepEqual(await runProgram(args), { code: 2, stdout: '', stderr: sentence });
    }
  });

  test('--check-config says whether a file is valid, and all that is not', async (t) => {
    const file = path.join(await tempDir(t), 'ronin.conf');
    await writeFile(file, '[ronin-nvr]\nsegment_duration_s=60\n');
    assert.deepEqual(await runProgram(['--config', file, '--check-config']), {
      code: 0, stdout: 'the configuration is valid\n', stderr: '',
    });
    await writeFile(file, '[ronin-nvr]\nsegment_duration_s=6\nlissten=x\n');
    assert.deepEqual(await runProgram(['--config', file, '--check-config']), {
      code: 2,
      stdout: '',
      stderr: 'ronin-nvr: lissten: there is no such key; did you mean listen?\n' +
        'segment_duration_s = 6: must be a whole number of seconds from 10 to 3600\n',
    });
    const missing = await runProgram(['--config', `${file}.none`, '--check-config']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /cannot read configuration file/);
  });
});

test('relative folders start at the working directory; a storage folder that is missing is said', async (t) => {
  const cwd = await tempDir(t);
  await mkdir(path.join(cwd, 'disk'));
  const args = ['--data-dir', './data', '--storage', 'disk', '--storage', '/nonexistent/second'];
  const daemon = await Daemon.start({ args, cwd });
  t.after(() => daemon.remove());
  assert.ok((await stat(path.join(cwd, 'data', 'config.db'))).isFile());
  assert.equal((await daemon.json('/health')).status, 'degraded');
  assert.match(daemon.stderr, new RegExp(`storage ${cwd}/disk is ready`));
  const told = daemon.stderr.split('\n').filter((line) => line.includes('/nonexistent/second'));
  assert.equal(told.length, 1, daemon.stderr);
  assert.match(told[0], /storage folder \/nonexistent\/second is missing; check that the disk is mounted/);
});

test('SIGHUP applies the settings that need no restart and names those that do', async (t) => {
  const file = path.join(await tempDir(t), 'ronin.conf');
  const configure = (text) => writeFile(file, `[ronin-nvr]\n${text}\n`);
  await configure('log_level=warning');
  const daemon = await Daemon.start({ args: ['--config', file] });
  t.after(() => daemon.remove());
  const add = (name) => daemon.post('/api/cameras', { name, url: 'rtsp://127.0.0.1/s', enabled: false });
  const reload = async (says) => {
    daemon.child.kill('SIGHUP');
    await until(`the log to say ${says}`, () => daemon.stderr.includes(says), 5000, 20);
  };
  assert.equal((await add('Before')).status, 422);

  await configure('log_level=info\nallow_loopback_cameras=true\nfragment_ms=500');
  await reload('setting fragment_ms has changed; it takes effect after a restart');
  assert.match(daemon.stderr, /setting log_level has changed$/m);
  assert.equal((await add('After')).status, 201);
  assert.ok(daemon.stderr.includes('camera After was added'));

  await configure('log_level=loud');
  await reload('the settings stay as they were: log_level = loud: must be');
  assert.equal((await add('Later')).status, 201);

  await configure('log_level=error\nallow_loopback_cameras=true\nfragment_ms=500');
  const lines = () => daemon.stderr.match(/setting log_level has changed$/gm).length;
  daemon.child.kill('SIGHUP');
  await until('the change back', () => lines() === 2, 5000, 20);
  assert.equal((await add('Silent')).status, 201);
  assert.equal((await daemon.json('/health')).status, 'ok');
  assert.ok(!daemon.stderr.includes('camera Silent was added'));
  assert.equal(daemon.stderr.match(/setting fragment_ms has changed/g).length, 1);
});

test('while it starts, /health says 503; SIGTERM ends it then too', async (t) => {
  const port = await freePort();
  // Its clips have to be encoded first, which takes seconds.
  const daemon = await Daemon.launch({ demo: 5, ownClips: true, args: ['--listen', `127.0.0.1:${port}`] });
  daemon.url = `http://127.0.0.1:${port}`;
  t.after(() => daemon.remove());
  const answer = await until('an answer', () => daemon.fetch('/health').catch(() => null), 20_000, 10);
  assert.equal(answer.status, 503);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal((await answer.json()).detail, 'The recorder is starting; try again in a moment.');
  assert.deepEqual(daemon.lines, []);
  await daemon.stop();
});

describe('beside a running daemon', () => {
  test('pipeline CAMERA_ID prints the line of that camera', async (t) => {
    const daemon = await Daemon.start({ demo: 1 });
    t.after(() => daemon.remove());
    const { id } = (await daemon.json('/api/cameras')).items[0];
    const pipeline = (target, ...more) => runProgram(['--data-dir', daemon.dataDir, ...more, 'pipeline', target]);

    const line = await pipeline(String(id));
    assert.equal(line.code, 0, line.stderr);
    assert.match(line.stdout, /^gst-launch-1\.0 .*ronincmafmux name=fragments fragment-duration=200000000 .*\n$/);
    assert.match((await pipeline(String(id), '--set', 'fragment_ms=500')).stdout, /fragment-duration=500000000 /);
    const unknown = await pipeline('99');
    assert.deepEqual({ ...unknown, stderr: unknown.stderr.trim() }, { code: 2, stdout: '', stderr: 'ronin-nvr: there is no camera 99' });
    assert.equal((await daemon.camera(id)).id, id);
    await daemon.stop();
  });

  test('pipeline CAMERA_ID makes no database where there is none', async (t) => {
    const folder = await tempDir(t);
    const { code, stderr } = await runProgram(['--data-dir', folder, 'pipeline', '1']);
    assert.equal(code, 2);
    assert.match(stderr, /there is no database ".*config\.db"/);
    await assert.rejects(stat(path.join(folder, 'config.db')));
  });

  test('it may open as many files as it is allowed to, up to 65536', async (t) => {
    const daemon = await Daemon.start();
    t.after(() => daemon.remove());
    const limits = await readFile(`/proc/${daemon.child.pid}/limits`, 'utf8');
    const [, soft, hard] = /Max open files +(\S+) +(\S+)/.exec(limits);
    const most = Math.min(65536, hard === 'unlimited' ? Infinity : Number(hard));
    assert.ok(Number(soft) >= most, limits);
  });

  test('it begins anew where GLib would keep small things in pages of its own, and keeps its arguments', async (t) => {
    const daemon = await Daemon.start();
    t.after(() => daemon.remove());
    const [, minor] = (await promisify(execFile)('pkg-config', ['--modversion', 'glib-2.0'])).stdout.split('.');
    const { pid } = daemon.child;
    const environ = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
    assert.equal(environ.includes('G_SLICE=always-malloc'), Number(minor) < 76);
    assert.equal((await readFile(`/proc/${pid}/comm`, 'utf8')).trim(), 'ronin-nvr');
    assert.match(await readFile(`/proc/${pid}/cmdline`, 'utf8'), /ronin-nvr\0.*--data-dir\0/);
  });
});
