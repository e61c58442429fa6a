// SPDX-License-Identifier: MIT
// What is left, and what is said, when the process is killed or the disk is full.
import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { assertPlays, Daemon, DemoCameras, frameNumbers, mediaFiles, Socket, until } from '../e2e/daemon.mjs';

const loopback = ['--set', 'allow_loopback_cameras=true'];

async function addCameras(daemon, cameras) {
  for (const [i, url] of cameras.urls.entries()) {
    assert.equal((await daemon.post('/api/cameras', { name: `Numbered ${i + 1}`, url })).status, 201);
  }
}

/** The files of one camera, oldest first, below the storage folder. */
async function filesOf(storage, which) {
  return (await mediaFiles(storage)).filter((file) => file.startsWith(`Numbered ${which}/`));
}

test('kill -9 at ten random moments costs at most half a second', async (t) => {
  const cameras = await DemoCameras.start({ count: 4 });
  t.after(() => cameras.stop());
  let daemon = await Daemon.start({ args: loopback });
  const { dataDir, storage } = daemon;
  t.after(() => daemon.remove());
  await addCameras(daemon, cameras);
  const fps = 25;
  // Two fragments of 0.2 s, a frame, and the way from the camera to the disk.
  const most = Math.ceil(0.5 * fps);
  const lost = [];
  const states = new Set();
  const played = new Set();
  for (let round = 0; round < 10; round += 1) {
    const known = (await mediaFiles(storage)).length;
    await until('a new file of each camera', async () => (await mediaFiles(storage)).length >= known + 4);
    // The moment of the kill is the one thing that is random here.
    const moment = Date.now() + Math.random() * 3000;
    await until('the moment', () => Date.now() >= moment, 15_000, 5);
    const newest = await Promise.all([1, 2, 3, 4].map((which) => cameras.newest(which)));
    await daemon.kill();
    const files = await mediaFiles(storage);
    for (const which of [1, 2, 3, 4]) {
      const last = path.join(storage, (await filesOf(storage, which)).at(-1));
      lost.push(newest[which - 1] - (await frameNumbers(last)).at(-1));
    }
    daemon = await Daemon.start({ dataDir, args: loopback });
    // The files are checked behind the recording, which goes on at once.
    const rows = await until('rows of all files', async () => {
      const found = await daemon.recordings();
      const closed = found.filter((one) => one.state !== 'recording').map((one) => one.path);
      return files.every((file) => closed.includes(file)) && found;
    });
    for (const file of files) {
      const row = rows.find((one) => one.path === file);
      assert.ok(['complete', 'recovered'].includes(row?.state), `${file}: ${row?.state}`);
      states.add(row.state);
      if (!played.has(file)) await assertPlays(path.join(storage, file));
      played.add(file);
    }
    assert.equal(new Set(rows.map((row) => row.path)).size, rows.length);
  }
  t.diagnostic(`frames sent before the kill that are in no file: worst ${Math.max(...lost)} (${most} allowed)`);
  assert.ok(Math.max(...lost) <= most, `lost ${lost}`);
  assert.ok(states.has('recovered'), 'no kill hit an open file');
});

test('a full disk is said, stops nothing else, and recording goes on when there is room', async (t) => {
  const cameras = await DemoCameras.start({ count: 2 });
  t.after(() => cameras.stop());
  const disk = path.join(process.cwd(), `full-disk-${process.pid}`);
  await mkdir(disk);
  t.after(() => rm(disk, { recursive: true }));
  // A disk of the daemon's own; it goes away with the process.
  const mount = ['unshare', '-mr', 'sh', '-c', 'mount -t tmpfs -o size=8m none "$0" && exec "$@"', disk];
  const daemon = await Daemon.start({
    prefix: mount,
    args: [...loopback, '--storage', disk, '--log-level', 'debug'],
  });
  t.after(() => daemon.remove());
  const seen = `/proc/${daemon.child.pid}/root${disk}`;
  const statuses = async () => (await daemon.json('/api/cameras')).items.map((one) => one.status);
  const all = async (status) => (await statuses()).every((one) => one === status);
  await addCameras(daemon, cameras);
  await until('both record', () => all('recording'));
  // So that retention cannot make room.
  for (const { id } of await daemon.recordings()) assert.equal((await daemon.protect(id)).status, 200);

  const filler = path.join(seen, 'filler');
  await assert.rejects(writeFile(filler, Buffer.alloc(16 << 20)), { code: 'ENOSPC' });
  await until('both have stopped', () => all('online'));

  const [{ id, last_error: error }] = (await daemon.json('/api/cameras')).items;
  assert.equal(error.code, 'storage');
  assert.match(error.message, /is full; make room/);
  const files = await mediaFiles(seen);
  const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
  const tries = () => daemon.stderr.split('is full').length;
  const before = tries();
  await until('some attempts', () => tries() >= before + 4);
  assert.deepEqual(await mediaFiles(seen), files, 'attempts leave no files');
  const cameraEvents = events.messages.filter((one) => one.type === 'camera');
  assert.ok(!cameraEvents.some((one) => one.camera.status === 'recording'), 'no flicker');
  const playlist = `/api/cameras/${id}/stream/hls/playlist.m3u8`;
  await until('live goes on', async () => (await daemon.fetch(playlist)).status === 200);
  assert.equal((await daemon.json('/health')).status, 'degraded');

  await rm(filler);
  await until('both record again', () => all('recording'), 5000);
  await until('new files', async () => (await mediaFiles(seen)).length >= files.length + 2);
  events.close();
  for (const file of files) await assertPlays(path.join(seen, file));
  const errors = daemon.stderr.split('\n').filter((line) => /is full/.test(line) && !/debug/i.test(line));
  assert.equal(errors.length, 1, `said once, not for each camera: ${errors.join('\n')}`);
  const rows = await daemon.recordings();
  assert.deepEqual(rows.map((row) => row.path).sort(), (await mediaFiles(seen)).sort());
  assert.equal((await readdir(seen)).includes('filler'), false);
});
