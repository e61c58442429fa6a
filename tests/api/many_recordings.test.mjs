// SPDX-License-Identifier: MIT
// A start with very many recordings: recording begins at once, and they are checked behind it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, DemoCameras, assertTook, until } from '../e2e/daemon.mjs';

const run = promisify(execFile);
const kMany = 100_000;

// Rows, and files that are as large as the rows say and take no room.
const script = `
import datetime, os, sqlite3, sys
root, database, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
rows, begin = [], datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
for i in range(many):
    at = begin + datetime.timedelta(seconds=900 * i)
    name = at.strftime('Yard/%Y-%m-%d/%H-%M-%S.mp4')
    if i % 96 == 0: os.makedirs(os.path.join(root, os.path.dirname(name)))
    fd = os.open(os.path.join(root, name), os.O_CREAT | os.O_WRONLY)
    os.ftruncate(fd, 1000)
    os.close(fd)
    us = int(at.timestamp()) * 1000000
    rows.append((name, us, us + 900000000))
c = sqlite3.connect(database)
c.executemany("INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, "
              "size_bytes, state) VALUES (1, 'main', 1, ?, ?, ?, 1000, 'complete')", rows)
c.commit()
c.close()
`;

test('with 100,000 recordings it records within two seconds, and answers while they are checked', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const args = ['--set', 'allow_loopback_cameras=true', '--log-level', 'debug'];
  let daemon = await Daemon.start({ args });
  const { dataDir, storage } = daemon;
  t.after(() => daemon.remove());
  assert.equal((await daemon.post('/api/cameras', { name: 'Yard', url: cameras.url })).status, 201);
  await daemon.stop();
  await run('python3', ['-c', script, storage, path.join(dataDir, 'catalog.db'), String(kMany)]);

  const begin = Date.now();
  daemon = await Daemon.start({ dataDir, args });
  const ready = Date.now() - begin;
  await until('it records', async () => (await daemon.camera(1)).status === 'recording', 10_000, 10);
  const recording = Date.now() - begin;
  let slowest = 0;
  await until('the check is over', async () => {
    const asked = Date.now();
    assert.equal((await daemon.fetch('/api/recordings?limit=10')).status, 200);
    slowest = Math.max(slowest, Date.now() - asked);
    return /were checked: \d+ files/.test(daemon.stderr);
  }, 60_000, 10);
  t.diagnostic(`ready after ${ready} ms, recording after ${recording} ms, checked after ` +
    `${Date.now() - begin} ms; slowest list meanwhile ${slowest} ms`);
  const checked = /were checked: (\d+) files, (.*)/.exec(daemon.stderr);
  assert.ok(Number(checked[1]) >= kMany, checked[0]);
  assert.match(checked[2], /0 repaired, 0 adopted, 0 missing/);
  assertTook(ready, 2000, 'ready');
  // The camera's own keyframe interval, of a second, is in it.
  assertTook(recording, 3000, 'recording');
  assertTook(slowest, 500, 'a list');
});
