// SPDX-License-Identifier: MIT
// A thread of the recorder that hangs, as on a disk that does not answer: how the program ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { Daemon, DemoCameras, assertPlays, assertTook, until } from '../e2e/daemon.mjs';

const loopback = ['--set', 'allow_loopback_cameras=true', '--set', 'segment_duration_s=600'];

/** Holds the thread that next writes to `file`. */
function hang(t, pid, file) {
  const calls = ['-e', 'trace=writev', '-e', 'inject=writev:delay_enter=120s'];
  const args = ['-f', '-qqq', '-o', '/dev/null', '-p', String(pid), '-P', file, ...calls];
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => tracer.kill('SIGKILL'));
  return tracer;
}

const status = (daemon, id) => daemon.json(`/api/cameras/${id}/recording/status`);

test('SIGTERM ends it within 5 s although a write hangs; what hangs is named, the rest is whole', async (t) => {
  const cameras = await DemoCameras.start({ count: 2 });
  t.after(() => cameras.stop());
  let daemon = await Daemon.start({ args: loopback });
  const { dataDir, storage } = daemon;
  t.after(() => daemon.remove());
  const ids = [];
  for (const [i, url] of cameras.urls.entries()) {
    const made = await daemon.post('/api/cameras', { name: `Numbered ${i + 1}`, url });
    ids.push((await made.json()).id);
  }
  await until('both record', async () => {
    const all = await Promise.all(ids.map((id) => status(daemon, id)));
    return all.every((one) => one.recording && one.bytes_written > 0);
  });

  const file = (await status(daemon, ids[0])).current_file;
  const tracer = hang(t, daemon.child.pid, path.join(storage, file));
  // Both grow several times a second.
  const bytes = [-1, -1];
  let steps = 0;
  await until('the first to stand still over five steps of the second', async () => {
    const [now, other] = await Promise.all(ids.map(async (id) => (await status(daemon, id)).bytes_written));
    if (now !== bytes[0]) steps = 0;
    else if (other !== bytes[1]) steps += 1;
    [bytes[0], bytes[1]] = [now, other];
    return steps >= 5;
  });

  const begin = Date.now();
  daemon.child.kill('SIGTERM');
  // strace would keep the thread, and so the process, when that has ended already.
  await until('the last words', () => daemon.stderr.includes('takes too long'), 5000, 10);
  tracer.kill('SIGKILL');
  const { code, signal } = await daemon.exited;
  const took = Date.now() - begin;
  t.diagnostic(`from SIGTERM to the end: ${took} ms`);
  assertTook(took, 5000);
  assert.deepEqual({ code, signal }, { code: 1, signal: null }, daemon.stderr);
  const words = daemon.stderr.split('\n').find((line) => line.includes('takes too long'));
  assert.ok(words?.includes('hangs: the recording of camera Numbered 1'), daemon.stderr);
  assert.ok(words.includes(`open: ${path.join(storage, file)}`), words);
  assert.ok(!words.includes('Numbered 2'), words);

  daemon = await Daemon.start({ dataDir, args: [...loopback, '--log-level', 'debug'] });
  const before = (rows) => rows.filter((one) => Date.parse(one.start) < begin);
  const rows = await until('the hung file is put in order', async () => {
    const found = before(await daemon.recordings());
    return found.length === 2 && found.every((one) => one.state !== 'recording') && found;
  });
  for (const row of rows) {
    assert.equal(row.state, row.path === file ? 'recovered' : 'complete', row.path);
    await assertPlays(path.join(storage, row.path));
  }
  await daemon.stop();
});
