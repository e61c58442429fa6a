// SPDX-License-Identifier: MIT
// Several volumes: who records where, what happens when one fails, and the moving of older files to an archive.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { DemoCameras, frameNumbers, mediaFiles, Socket, until } from '../e2e/daemon.mjs';
import { Disks } from './disks.mjs';

const most = 9;
let cameras;
before(async () => (cameras = await DemoCameras.start({ count: most })));
after(() => cameras.stop());

const folderOf = (file) => file.split(path.sep)[0];
const volumesOf = async (daemon) => (await daemon.json('/api/storage/volumes')).items;
const patch = (daemon, target, body) =>
  daemon.fetch(target, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

async function add(daemon, name, url, fields = {}) {
  const answer = await daemon.post('/api/cameras', { name, url, ...fields });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

async function addVolume(daemon, fields) {
  const answer = await daemon.post('/api/storage/volumes', fields);
  assert.equal(answer.status, 201, await answer.clone().text());
  const volume = await answer.json();
  assert.equal(answer.headers.get('location'), `/api/storage/volumes/${volume.id}`);
  return volume;
}

/** How many pictures are missing between those in the files, and fails when one is there twice. */
async function lostIn(files) {
  const numbers = [];
  for (const file of files) numbers.push(...(await frameNumbers(file)));
  const seen = new Set(numbers);
  assert.equal(seen.size, numbers.length, `pictures that are there twice, in ${files}`);
  return Math.max(...numbers) - Math.min(...numbers) + 1 - seen.size;
}

describe('volumes', { concurrency: true }, () => {
  test('cameras are spread by weight, and pass to the others while their volume is full or away', async (t) => {
    const disks = await Disks.make(t, ['a', 'b', 'c']);
    const daemon = await disks.start({ a: 'disk-a', b: 'disk-b', c: '24m' }, { storage: ['a', 'b', 'c'] });
    t.after(() => daemon.remove());
    const [a, b, c] = await volumesOf(daemon);
    assert.deepEqual([a, b, c].map((one) => [one.path, one.state, one.weight, one.role, one.configured]),
      ['a', 'b', 'c'].map((name) => [disks.at(name), 'ok', 1, 'recording', true]));
    assert.equal((await patch(daemon, `/api/storage/volumes/${b.id}`, { weight: 3 })).status, 200);
    assert.equal((await patch(daemon, `/api/storage/volumes/${c.id}`, { ...c, weight: 0 })).status, 200);
    const own = await add(daemon, 'Own', cameras.urls[8], { volume_id: c.id });
    assert.equal(own.volume_id, c.id);
    for (let i = 0; i < 8; ++i) await add(daemon, `Cam ${i}`, cameras.urls[i]);
    const inC = async () => (await disks.inside('find', disks.at('c'), '-name', '*.mp4')).split('\n').filter(Boolean);
    const foldersOn = async (name) => new Set((await disks.files(`disk-${name}`)).map(folderOf));
    await until('all are recorded', async () => {
      const { items } = await daemon.json('/api/cameras');
      return items.every((one) => one.status === 'recording');
    });
    const onA = [...(await foldersOn('a'))];
    const onB = [...(await foldersOn('b'))];
    assert.deepEqual([onA.length, onB.length], [2, 6]);
    assert.deepEqual((await inC()).map((file) => folderOf(path.relative(disks.at('c'), file))), ['Own']);
    await until('write rates', async () => {
      const [ofA, ofB, ofC] = (await volumesOf(daemon)).map((one) => one.write_bps);
      return ofB > ofA && ofA > ofC && ofC > 0;
    }, 45_000);

    for (const one of await volumesOf(daemon)) assert.ok(one.recordings_bytes > 0, `what is being written counts: ${one.path}`);

    // Assigned to another: from its next file on.
    const [chosen] = onB;
    const { id } = (await daemon.json('/api/cameras')).items.find((one) => one.folder === chosen);
    const refused = await patch(daemon, `/api/cameras/${id}`, { volume_id: 99 });
    assert.equal(refused.status, 422);
    assert.deepEqual((await refused.json()).errors.map((error) => error.field), ['volume_id']);
    assert.equal((await (await patch(daemon, `/api/cameras/${id}`, { volume_id: a.id })).json()).volume_id, a.id);

    const stateOf = async (volume) => (await volumesOf(daemon)).find((one) => one.id === volume.id).state;
    const elsewhere = async () => [...(await disks.files('disk-a')), ...(await disks.files('disk-b'))].filter((file) => folderOf(file) === 'Own');
    const timed = async (what, probe) => {
      const begin = Date.now();
      await until(what, probe, 5000, 20);
      t.diagnostic(`${what}: ${Date.now() - begin} ms`);
    };
    await disks.inside('dd', 'if=/dev/zero', `of=${disks.at('c')}/filler`, 'bs=1M', 'count=30').catch(() => {});
    await timed('full: it is recorded elsewhere', async () => (await elsewhere()).length === 1);
    assert.equal(await stateOf(c), 'full');
    await disks.inside('rm', `${disks.at('c')}/filler`);
    await timed('the full one has room again', async () => (await stateOf(c)) === 'ok');
    // What was there may have been deleted, to make room.
    const earlier = new Set(await inC());
    await until('its next file is on its own volume', async () => (await inC()).some((file) => !earlier.has(file)), 15_000);
    await until('the assigned one has moved', async () => (await foldersOn('a')).has(chosen), 15_000);

    await disks.unmount('b');
    await timed('away: all are recorded to the others', async () => (await foldersOn('a')).size >= 8);
    assert.equal(await stateOf(b), 'missing');
    assert.deepEqual(await disks.beneath('b'), []);
    await disks.mount('disk-b', 'b', 'ro');
    await timed('it is back, read-only', async () => (await stateOf(b)) === 'read_only');
    await until('all are recorded', async () => {
      const { items } = await daemon.json('/api/cameras');
      return items.every((one) => one.status === 'recording');
    });

    await daemon.post(`/api/cameras/${own.id}/recording/stop`, {});
    await until('its file is closed', async () => (await daemon.recordings(`&camera_id=${own.id}`)).every((one) => one.state !== 'recording'));
    await disks.inside('cp', '-r', disks.at('c'), path.join(disks.dir, 'disk-c'));
    await daemon.stop();
    const [gone, alsoGone] = onB.filter((folder) => folder !== chosen);
    for (const folder of [onA[0], chosen, gone, alsoGone, 'Own']) {
      const files = [];
      for (const disk of ['disk-a', 'disk-b', 'disk-c/c']) {
        const root = path.join(disks.dir, disk);
        files.push(...(await mediaFiles(root)).filter((file) => folderOf(file) === folder).map((file) => path.join(root, file)));
      }
      const lost = await lostIn(files);
      const wasMoved = folder === 'Own' ? 'full' : [gone, alsoGone].includes(folder) ? 'away' : 'not touched';
      t.diagnostic(`${folder} (${wasMoved}): ${lost} pictures lost of 25 per second`);
      assert.ok(lost <= (folder === 'Own' ? 60 : 30), `${folder}: ${lost}`);
      if (wasMoved === 'not touched') assert.equal(lost, 0);
    }
  });

  test('older files are moved to an archive, playable throughout, also when the recorder is killed meanwhile', async (t) => {
    const disks = await Disks.make(t);
    const options = { storage: ['a'], args: ['--set', 'move_kib_s=200'] };
    let daemon = await disks.start({ a: 'disk-a', b: 'disk-b' }, options);
    const { dataDir } = daemon;
    t.after(() => daemon.remove());
    const problem = async (answer, status) => {
      assert.equal(answer.status, status, await answer.clone().text());
      return answer.json();
    };
    const post = (fields) => daemon.post('/api/storage/volumes', fields);
    const where = disks.at('b');
    const missing = await problem(await post({ path: disks.at('none') }), 422);
    assert.match(missing.errors[0].message, /does not exist/);
    assert.equal((await problem(await post({ weight: -1 }), 422)).errors.length, 2);
    await problem(await post({ path: disks.at('a') }), 409);
    const volume = await addVolume(daemon, { path: `${where}/`, weight: 0 });
    assert.equal(volume.path, where);
    assert.equal(volume.configured, false);
    await problem(await post({ path: where }), 409);
    const [only] = await volumesOf(daemon);
    const last = await problem(await patch(daemon, `/api/storage/volumes/${only.id}`, { weight: 0 }), 422);
    assert.match(last.errors[0].message, /no other volume would take new recordings/);

    // One that is removed while a camera records to it.
    for (let i = 0; i < 4; ++i) await add(daemon, `Cam ${i}`, cameras.urls[i], i === 3 ? { volume_id: volume.id } : {});
    await until('a file on the added one', async () => (await disks.files('disk-b')).length === 1);
    const own = `/api/storage/volumes/${volume.id}`;
    const removed = await problem(await daemon.fetch(own, { method: 'DELETE' }), 200);
    assert.equal(removed.file_count, 1);
    assert.match(removed.sentence, /1 recordings stay on it/);
    assert.equal((await daemon.fetch(own, { method: 'DELETE' })).status, 404);
    await problem(await daemon.fetch(`/api/storage/volumes/${only.id}`, { method: 'DELETE' }), 409);
    await until('it is recorded to the other', async () => (await disks.files('disk-a')).some((file) => folderOf(file) === 'Cam 3'));
    const [left] = await disks.files('disk-b');
    const [, , , cam3] = (await daemon.json('/api/cameras')).items;
    assert.equal(cam3.volume_id, null);
    await patch(daemon, `/api/cameras/${cam3.id}`, { volume_id: null });
    const row = await until('its row is complete', async () =>
      (await daemon.recordings()).find((one) => one.path === left && one.state === 'complete'));
    const stream = (one) => daemon.fetch(`/api/recordings/${one.id}/stream`, { headers: { Range: 'bytes=0-9' } });
    assert.equal((await stream(row)).status, 503);

    const archive = await addVolume(daemon, { path: where, role: 'archive', weight: 1 });
    assert.equal(archive.id, volume.id, 'it is the same disk');
    assert.equal((await stream(row)).status, 206);
    const closed = () => daemon.recordings().then((rows) => rows.filter((one) => one.state === 'complete'));
    await until('files that are closed', async () => (await closed()).length >= 5, 20_000);
    const ofThird = (await closed()).filter((one) => one.camera_id === cam3.id);
    const pathOf = (one) => path.join(disks.dir, one.path === left ? 'disk-b' : 'disk-a', one.path);
    assert.equal(await lostIn(ofThird.map(pathOf)), 0, 'nothing is lost when a volume is removed');
    assert.equal(ofThird.length, 2);

    // Killed while a file is copied.
    await problem(await patch(daemon, own, { move_after_days: 0 }), 200);
    const moving = async () => (await readdir(path.join(disks.dir, 'disk-b'), { recursive: true })).filter((name) => name.includes('.moving-'));
    await until('a copy under way', async () => (await moving()).length > 0, 10_000, 5);
    await daemon.kill();
    assert.ok((await moving()).length > 0);
    daemon = await disks.start({ a: 'disk-a', b: 'disk-b' }, { ...options, args: ['--set', 'move_kib_s=2000'], dataDir });
    const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
    const [recording, again] = await volumesOf(daemon);
    assert.deepEqual([again.id, again.role, again.move_after_days], [volume.id, 'archive', 0], 'it is kept');

    const rows = await closed();
    const { path: largest, id, size_bytes: size } = rows.filter((one) => one.path !== left).sort((x, y) => y.size_bytes - x.size_bytes)[0];
    const download = (await daemon.fetch(`/api/recordings/${id}/stream`)).body.getReader();
    let got = (await download.read()).value.length;
    let asked = 0;
    await until('all are moved', async () => {
      for (const one of rows) {
        assert.equal((await stream(one)).status, 206, one.path);
        ++asked;
      }
      const there = await disks.files('disk-b');
      return rows.every((one) => there.includes(one.path));
    }, 60_000, 10);
    t.diagnostic(`${asked} requests while ${rows.length} files were moved`);
    assert.ok((await disks.files('disk-b')).includes(largest));
    for (let part = await download.read(); !part.done; part = await download.read()) got += part.value.length;
    assert.equal(got, size, 'who reads the old file reads on');
    await events.message('it is said', (message) => message.type === 'moving' && message.running);
    await events.message('its end is said', (message) => message.type === 'moving' && !message.running && message.left_file_count === 0 && message.file_count > 0);
    events.close();

    assert.deepEqual(await moving(), []);
    const paths = async () => [...(await disks.files('disk-a')), ...(await disks.files('disk-b'))].sort();
    const known = async () => (await daemon.recordings()).map((one) => one.path).sort();
    await until('each file is there once, with its row', async () => String(await paths()) === String(await known()));
    const sums = await volumesOf(daemon);
    assert.ok(sums.find((one) => one.id === again.id).file_count >= rows.length);
    assert.equal(sums.find((one) => one.id === recording.id).state, 'ok');
  });
});
