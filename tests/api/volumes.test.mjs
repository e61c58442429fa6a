// SPDX-License-Identifier: MIT
// Disks that go away, come back or change places, and a catalog that is locked, damaged or lost.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { Daemon, DemoCameras, assertTook, frameNumbers, mediaFiles, runProgram, until } from '../e2e/daemon.mjs';
import { Disks } from './disks.mjs';

const loopback = ['--set', 'allow_loopback_cameras=true'];

const firstCamera = async (daemon) => (await daemon.json('/api/cameras')).items[0];
const isRecording = (daemon) => async () => (await firstCamera(daemon)).status === 'recording';

async function addCamera(daemon, url) {
  assert.equal((await daemon.post('/api/cameras', { name: 'Yard', url })).status, 201);
  await until('it records', isRecording(daemon));
}

async function within5s(t, what, probe) {
  const begin = Date.now();
  const found = await until(what, probe, 5000, 20);
  t.diagnostic(`${what}: ${Date.now() - begin} ms`);
  return found;
}

test('a disk that goes away gets nothing beside it, the next one takes over, until it is back', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const disks = await Disks.make(t);
  const daemon = await disks.start({ a: 'disk-a', b: 'disk-b' });
  t.after(() => daemon.remove());
  await addCamera(daemon, cameras.url);
  await until('a file on the first', async () => (await disks.files('disk-a')).length > 0);

  await disks.unmount('a');
  await within5s(t, 'a file on the second', async () => (await disks.files('disk-b')).length > 0);
  await within5s(t, 'recording', isRecording(daemon));
  assert.equal((await daemon.json('/health')).status, 'degraded');
  const told = daemon.stderr.split('\n').filter((line) => line.includes('The disk that belongs at'));
  assert.equal(told.length, 1, daemon.stderr);
  assert.deepEqual(await disks.beneath('a'), []);
  const [old] = await disks.files('disk-a');
  const row = (await daemon.recordings()).find((one) => one.path === old);
  assert.equal((await daemon.fetch(`/api/recordings/${row.id}/stream`)).status, 503);

  const before = (await disks.files('disk-a')).length;
  await disks.mount('disk-a', 'a');
  await within5s(t, 'the first is good again', async () => (await daemon.json('/health')).status === 'ok');
  await until('the next file on the first', async () => (await disks.files('disk-a')).length > before);
  assert.equal((await daemon.fetch(`/api/recordings/${row.id}/stream`)).status, 200);
  assert.deepEqual(await disks.beneath('b'), []);
});

test('with one disk only, recording ends within 5 s and begins again within 5 s', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const disks = await Disks.make(t);
  const daemon = await disks.start({ a: 'disk-a' }, { storage: ['a'] });
  t.after(() => daemon.remove());
  await addCamera(daemon, cameras.url);

  await disks.unmount('a');
  const camera = await within5s(t, 'it is said', async () => {
    const now = await firstCamera(daemon);
    return now.last_error?.code === 'storage' && now;
  });
  assert.match(camera.last_error.message, /is not there; mount the right one/);
  assert.deepEqual(await disks.beneath('a'), []);

  await disks.mount('disk-a', 'a', 'ro');
  await within5s(t, 'read-only is said', async () =>
    /read-only/.test((await firstCamera(daemon)).last_error?.message ?? ''));
  await disks.unmount('a');
  await disks.mount('disk-a', 'a');
  await within5s(t, 'recording again', isRecording(daemon));
});

test('after a restart a disk that is missing is not made anew, and exchanged disks are known', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const disks = await Disks.make(t);
  const first = await disks.start({ a: 'disk-a', b: 'disk-b' });
  const { dataDir } = first;
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  await addCamera(first, cameras.url);
  const [file] = await until('a file', async () => {
    const files = await disks.files('disk-a');
    return files.length > 0 && files;
  });
  await first.stop();

  const second = await disks.start({ b: 'disk-b' }, { dataDir });
  await until('it records to the second', async () => (await disks.files('disk-b')).length > 0);
  await until('it records', isRecording(second));
  assert.deepEqual(await disks.beneath('a'), []);
  assert.equal((await second.recordings()).find((one) => one.path === file).state, 'complete');
  await second.stop();

  const third = await disks.start({ a: 'disk-b', b: 'disk-a' }, { dataDir });
  t.after(() => third.remove());
  await until('it records', isRecording(third));
  assert.equal((await third.json('/health')).status, 'ok');
  for (const row of await third.recordings()) {
    assert.equal((await third.fetch(`/api/recordings/${row.id}/stream`)).status, 200, row.path);
  }
  assert.ok((await third.recordings()).some((row) => row.path === file));
});

/** Holds the catalog as a stranger; gives a function that lets go of it. */
async function lockCatalog(daemon) {
  const script = 'import sqlite3, sys\n' +
    'c = sqlite3.connect(sys.argv[1], isolation_level=None)\n' +
    'c.execute("BEGIN EXCLUSIVE")\nprint("locked", flush=True)\nsys.stdin.read()\n';
  const child = spawn('python3', ['-c', script, path.join(daemon.dataDir, 'catalog.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((done) => child.stdout.once('data', done));
  return () => new Promise((done) => {
    child.once('exit', done);
    child.stdin.end();
  });
}

test('while a stranger locks the catalog nothing is lost, the API answers, and then all is there', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const daemon = await Daemon.start({ args: loopback });
  t.after(() => daemon.remove());
  await addCamera(daemon, cameras.url);
  await until('a file', async () => (await mediaFiles(daemon.storage)).length > 0);

  const unlock = await lockCatalog(daemon);
  let slowest = 0;
  await until('three more files', async () => {
    const begin = Date.now();
    assert.equal((await daemon.fetch('/api/recordings')).status, 200);
    slowest = Math.max(slowest, Date.now() - begin);
    return (await mediaFiles(daemon.storage)).length >= 4;
  }, 60_000);
  assert.match(daemon.stderr, /the catalog cannot be written .*; recording goes on/);
  t.diagnostic(`slowest answer while it was locked: ${slowest} ms`);
  assertTook(slowest, 1500);
  await unlock();
  const begin = Date.now();
  const files = await mediaFiles(daemon.storage);
  await until('rows of all files', async () => {
    const rows = (await daemon.recordings()).map((row) => row.path);
    return files.every((file) => rows.includes(file));
  }, 2000, 20);
  t.diagnostic(`rows of all files after ${Date.now() - begin} ms`);
  await daemon.stop();
  const numbers = [];
  for (const file of await mediaFiles(daemon.storage)) {
    numbers.push(...(await frameNumbers(path.join(daemon.storage, file))));
  }
  const all = numbers.map((_, i) => numbers[0] + i);
  assert.deepEqual(numbers, all, 'every frame once');
});

const setAside = async (dataDir) => (await readdir(dataDir)).filter((name) => /^catalog\.db\.corrupt-.*Z$/.test(name));

// Overwrites the first page of a table or an index.
const damage = `import sqlite3, sys
page = sqlite3.connect(sys.argv[1]).execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", sys.argv[2:]).fetchone()[0]
with open(sys.argv[1], "r+b") as file:
    file.seek((page - 1) * 4096)
    file.write(bytes([255] * 4096))
`;

test('a damaged catalog is kept aside and built anew from the files while recording goes on', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  let daemon = await Daemon.start({ args: loopback });
  const { dataDir, storage } = daemon;
  t.after(() => daemon.remove());
  await addCamera(daemon, cameras.url);
  await until('two files', async () => (await mediaFiles(storage)).length >= 2);
  await daemon.stop();
  const files = await mediaFiles(storage);
  await writeFile(path.join(dataDir, 'catalog.db'), Buffer.alloc(20_000, 'x'));

  const begin = Date.now();
  daemon = await Daemon.start({ dataDir, args: loopback });
  await until('it records', isRecording(daemon), 10_000);
  t.diagnostic(`recording after ${Date.now() - begin} ms`);
  await until('rows of all files', async () => {
    const rows = (await daemon.recordings()).map((row) => row.path);
    return files.every((file) => rows.includes(file));
  });
  assert.equal((await setAside(dataDir)).length, 1);

  // What a start does not see is found behind recording, which loses nothing by it: the first by
  // who writes a row, the other one only by the check of the whole.
  const [kept] = await daemon.recordings();
  assert.equal((await daemon.protect(kept.id)).status, 200);
  for (const damaged of ['segment', 'segment_movable']) {
    await daemon.stop();
    const before = await mediaFiles(storage);
    const aside = (await setAside(dataDir)).length;
    const done = spawnSync('python3', ['-c', damage, path.join(dataDir, 'catalog.db'), damaged]);
    assert.equal(done.status, 0, String(done.stderr));

    daemon = await Daemon.start({ dataDir, args: loopback });
    await until('it is kept aside', async () => (await setAside(dataDir)).length > aside);
    await until('rows of all files, and of the one that is recorded', async () => {
      const rows = await daemon.recordings();
      return rows.some((row) => row.state === 'recording') && before.every((file) => rows.some((row) => row.path === file));
    });
    const protectedOnes = (await daemon.recordings()).filter((row) => row.protected);
    assert.deepEqual(protectedOnes.map((row) => row.path), [kept.path], 'what is protected stays so');
    await until('no alarm', async () => (await daemon.json('/api/alarms')).items.length === 0);
    assert.match(daemon.stderr, /The list of recordings was damaged/);
    await daemon.stop();
    const numbers = [];
    for (const file of (await mediaFiles(storage)).filter((file) => !before.includes(file))) {
      numbers.push(...(await frameNumbers(path.join(storage, file))));
    }
    assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i), 'every frame once');
  }
});

test('catalog check says what differs, beside a recorder too; rebuild makes a new one', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const daemon = await Daemon.start({ args: loopback });
  const { dataDir, storage } = daemon;
  t.after(() => daemon.remove());
  const catalog = (work) => runProgram(['--data-dir', dataDir, 'catalog', work]);
  await addCamera(daemon, cameras.url);
  await until('three files', async () => (await mediaFiles(storage)).length >= 3);

  assert.deepEqual(await catalog('check'), { code: 0, stdout: 'the catalog says what is on the disks\n', stderr: '' });
  const refused = await catalog('rebuild');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /another recorder is running/);
  await daemon.stop();

  const files = await mediaFiles(storage);
  const [a, b] = files.map((file) => path.join(storage, file));
  await rm(a);
  const moved = path.join(path.dirname(b), '00-00-01.mp4');
  await rename(b, moved);
  const checked = await catalog('check');
  assert.equal(checked.code, 1);
  assert.deepEqual(checked.stdout.split('\n').slice(0, 3).sort(), [`missing: ${a}`, `missing: ${b}`, `no row: ${moved}`].sort());
  const size = (await stat(path.join(dataDir, 'catalog.db'))).size;

  const rebuilt = await catalog('rebuild');
  assert.equal(rebuilt.code, 0, rebuilt.stderr);
  assert.match(rebuilt.stdout, new RegExp(`the catalog was built from ${files.length - 1} files\n$`));
  assert.equal((await catalog('check')).code, 0);
  assert.ok(size > 0);
  assert.deepEqual((await readdir(dataDir)).filter((name) => name.includes('rebuilt')), []);

  // Files say themselves whose they are.
  const folder = path.join(storage, files[0].split(path.sep)[0]);
  await rename(folder, `${folder} of old`);
  const renamed = await catalog('rebuild');
  assert.match(renamed.stdout, new RegExp(`the catalog was built from ${files.length - 1} files\n$`));
  assert.equal((await catalog('check')).code, 0);
});
