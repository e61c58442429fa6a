// SPDX-License-Identifier: MIT
// A small disk that is always nearly full: what is deleted, what stays, and that recording goes on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { Daemon, DemoCameras, frameNumbers, mediaFiles, Socket, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const kMib = 1 << 20;
const kDisk = 64 * kMib;
const kOldFiles = 120;
const kOldSize = 256 * 1024;
const kFps = 25;

/** Recordings of an hour each, the newest an hour old, entered as the recorder would. */
const script = `
import datetime, os, sqlite3, sys
root, database, many, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
now, rows = datetime.datetime.now(datetime.timezone.utc), []
for i in range(many):
    at = now - datetime.timedelta(hours=many + 1 - i)
    name = at.strftime('Numbered/%Y-%m-%d/%H-%M-%S.mp4')
    os.makedirs(os.path.join(root, os.path.dirname(name)), exist_ok=True)
    with open(os.path.join(root, name), 'wb') as file:
        file.write(b'x' * size)
    us = int(at.timestamp() * 1e6)
    rows.append((name, us, us + 3600000000, size))
c = sqlite3.connect(database, timeout=10)
c.executemany("INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, "
              "size_bytes, state) VALUES (1, 'main', 1, ?, ?, ?, ?, 'complete')", rows)
c.commit()
c.close()
print(rows[0][0])
`;

/** A recorder whose storage is a disk of its own, in memory. */
async function startOnSmallDisk(t) {
  const dir = await mkdtemp(path.join(tmpdir(), 'ronin-small-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const mount = `mount -t tmpfs -o size=${kDisk},nr_inodes=400 none "$0" && exec "$@"`;
  const daemon = await Daemon.start({
    prefix: ['unshare', '-mr', 'sh', '-c', mount, dir],
    args: ['--set', 'allow_loopback_cameras=true', '--storage', dir],
  });
  t.after(() => daemon.remove());
  const disk = `/proc/${daemon.child.pid}/root${dir}`;
  const files = () => mediaFiles(disk);
  const free = async () => {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  };
  return { daemon, disk, files, free };
}

async function put(daemon, policy) {
  const answer = await daemon.fetch('/api/storage/policy', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(policy),
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

async function preview(daemon, policy) {
  const answer = await daemon.post('/api/storage/policy/preview', policy);
  assert.equal(answer.status, 200);
  return answer.json();
}

test('a disk that is always nearly full: the oldest goes ahead of need, and nothing is lost', async (t) => {
  const cameras = await DemoCameras.start({ args: ['--kbit=2000'] });
  t.after(() => cameras.stop());
  const { daemon, disk, files, free } = await startOnSmallDisk(t);
  const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
  t.after(() => events.close());
  assert.equal((await daemon.post('/api/cameras', { name: 'Numbered', url: cameras.url })).status, 201);
  const own = await until('a file', async () => (await files())[0]);
  const entered = spawnSync('python3', ['-c', script, disk, path.join(daemon.dataDir, 'catalog.db'), String(kOldFiles), String(kOldSize)]);
  assert.equal(entered.status, 0, entered.stderr.toString());
  const kept = entered.stdout.toString().trim();
  const oldest = (await daemon.recordings()).find((one) => one.path === kept);
  assert.equal((await daemon.protect(oldest.id)).status, 200);
  const old = (await files()).filter((file) => file < own);
  assert.equal(old.length, kOldFiles);
  assert.equal(old[0], kept);

  await t.test('a preview says what enforcing then deletes, and changes nothing', async () => {
    const policy = await daemon.json('/api/storage/policy');
    assert.deepEqual([policy.retention_days, policy.held], [null, null]);
    assert.equal((await preview(daemon, {})).file_count, 0);

    const told = await preview(daemon, { retention_days: 4 });
    assert.ok(told.file_count > 0 && told.file_count < 30, JSON.stringify(told));
    assert.equal(told.size_bytes, told.file_count * kOldSize);
    const [camera] = told.cameras;
    assert.deepEqual([camera.camera_id, camera.file_count], [1, told.file_count]);
    assert.ok(camera.keeps_days > 0 && camera.bitrate_bps > 0);
    assert.equal((await files()).length, (await daemon.recordings()).length);
    const less = await preview(daemon, { cameras: [{ id: 1, retention_days: 1 }] });
    assert.ok(less.file_count > 50, JSON.stringify(less));

    await put(daemon, { retention_days: 4 });
    const { last_run: run } = await until('the run', async () => {
      const now = await daemon.json('/api/storage/policy');
      return now.last_run?.file_count > 0 && now;
    });
    assert.deepEqual([run.file_count, run.size_bytes], [told.file_count, told.size_bytes]);
    const left = (await files()).filter((file) => file < own);
    assert.deepEqual(left, [kept, ...old.slice(1 + told.file_count)], 'the oldest went, the protected one stayed');
    const [timeline] = (await daemon.json(
      `/api/timeline?camera_id=1&start=${Date.parse(camera.oldest) + 1000}&end=${Date.parse(camera.newest) - 1000}`,
    )).items;
    assert.deepEqual(timeline.spans, []);
    assert.deepEqual(timeline.gaps.map((gap) => [gap.reason, gap.detail]), [['deleted', 'retention']]);
    await until('an event', () => events.messages.some((one) => one.type === 'retention' && !one.running && one.file_count > 0));
    await put(daemon, { retention_days: null });
  });

  await t.test('what the camera writes makes the oldest go, before the disk is full', async () => {
    await writeFile(path.join(disk, 'a stranger'), Buffer.alloc((await free()) - 9 * kMib));
    const before = (await files()).filter((file) => file < own);

    const after = await until('twelve old ones are gone', async () => {
      assert.ok((await free()) > kDisk / 10 - kMib, 'the reserve is kept');
      const left = (await files()).filter((file) => file < own);
      return left.length <= before.length - 12 && left;
    }, 30_000, 50);

    assert.deepEqual(after, [kept, ...before.slice(1 + before.length - after.length)], 'the oldest first');
    assert.doesNotMatch(daemon.stderr, /No space left|is full/);
    assert.equal((await daemon.json('/health')).status, 'ok');
  });

  await t.test('a stranger who takes all inodes does not end the recording', async () => {
    const before = await files();
    let taken = 0;
    await assert.rejects(async () => {
      for (; ; taken += 1) await writeFile(path.join(disk, `small ${taken}`), '');
    }, /ENOSPC/);

    await until('old ones are gone', async () => (await files()).filter((file) => file < own).length <= before.length - 20);
    await until('the next file', async () => (await files()).at(-1) > before.at(-1), 20_000);
    await until('it records', async () => (await daemon.camera(1)).status === 'recording');
    assert.ok((await files()).includes(kept));
    for (let i = 0; i < taken; i += 1) await rm(path.join(disk, `small ${i}`));
  });

  await t.test('a stranger who fills the disk costs two seconds at most, and no protected recording', async (t2) => {
    const fill = spawnSync('dd', ['if=/dev/zero', `of=${path.join(disk, 'another stranger')}`, 'bs=64k']);
    assert.match(fill.stderr.toString(), /No space left/);

    await until('there is room again', async () => (await free()) > kDisk / 20);
    const at = await cameras.newest();
    await until('it records', async () => (await daemon.camera(1)).status === 'recording');
    await until('it has recorded for a while', async () => (await cameras.newest()) > at + 4 * kFps);
    // Else what was recorded is next to be deleted, once it is closed and nothing older is left.
    await rm(path.join(disk, 'another stranger'));
    await daemon.post('/api/cameras/1/recording/stop');
    await until('all files are closed', async () =>
      (await daemon.recordings()).every((one) => one.state !== 'recording'));
    const mine = (await files()).filter((file) => file >= own);
    const numbers = [];
    for (const file of mine) numbers.push(...(await frameNumbers(path.join(disk, file))));
    const lost = numbers.at(-1) - numbers[0] + 1 - numbers.length;
    t2.diagnostic(`${lost} pictures lost`);
    assert.ok(lost <= 2 * kFps, `${lost} pictures lost`);
    assert.equal((await stat(path.join(disk, kept))).size, kOldSize);
    assert.equal(new Set(numbers).size, numbers.length, 'none is there twice');
  });
});
