// SPDX-License-Identifier: MIT
// What a change of a camera touches, removing and restoring, groups and tags, export and import.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, assertTook, frameNumbers, mediaFiles, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();
const args = ['--set', 'allow_loopback_cameras=true', '--set', 'undo_s=5'];

function send(daemon, method, target, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return daemon.fetch(target, { method, headers, body: body && JSON.stringify(body) });
}

async function add(daemon, camera) {
  const answer = await send(daemon, 'POST', '/api/cameras', camera);
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

const off = (name, more) => ({ name, url: 'rtsp://192.0.2.1/s', enabled: false, ...more });
const names = async (daemon, query) => (await daemon.json(`/api/cameras${query}`)).items.map((one) => one.name);

describe('cameras that record', () => {
  let cameras;
  let daemon;
  const recording = (id) =>
    until(`camera ${id} is recorded`, async () => (await daemon.camera(id)).status === 'recording', 60_000);
  const gaps = async (id) => {
    const now = Date.now();
    const target = `/api/timeline?camera_id=${id}&start=${now - 3_600_000}&end=${now + 60_000}`;
    return (await daemon.json(target)).items[0].gaps.map((gap) => `${gap.reason} ${gap.detail}`);
  };

  before(async () => {
    cameras = await DemoCameras.start({ count: 2 });
    daemon = await Daemon.start({ args });
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
  });

  test('a rename, and all else that is no matter of the connection, loses no picture', async () => {
    const { id, folder } = await add(daemon, { name: 'Yard', url: cameras.urls[0] });
    await recording(id);
    const { status_since: since } = await daemon.camera(id);
    const first = await cameras.newest(1);
    const changes = [{ name: 'Garden' }, { group: 'Outside' }, { tags: ['a', 'b'] }, { retention_days: 7 }, { name: '門' }];
    for (const [at, change] of changes.entries()) {
      await until('some pictures more', async () => (await cameras.newest(1)) > first + 10 * (at + 1));
      assert.equal((await send(daemon, 'PATCH', `/api/cameras/${id}`, change)).status, 200);
    }
    const last = (await cameras.newest(1)) + 10;
    await until('the last picture', async () => (await cameras.newest(1)) > last);

    const camera = await daemon.camera(id);
    assert.deepEqual([camera.name, camera.folder, camera.status_since], ['門', folder, since]);
    assert.equal((await daemon.json(`/api/cameras/${id}/recording/status`)).reconnects, 0);
    assert.equal((await send(daemon, 'POST', `/api/cameras/${id}/recording/stop`)).status, 200);
    const files = await until('closed files', async () => {
      const all = await daemon.recordings(`&camera_id=${id}`);
      return all.every((one) => one.state === 'complete') && all;
    });
    const numbers = [];
    for (const one of files) numbers.push(...(await frameNumbers(path.join(daemon.storage, one.path))));
    assert.ok(numbers[0] <= first && numbers.at(-1) >= last, `${numbers[0]} to ${numbers.at(-1)}, not ${first} to ${last}`);
    numbers.forEach((number, at) => assert.equal(number, numbers[0] + at));
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${id}`)).status, 204);
  });

  test('changes while it connects anew: the last one holds, and another camera notices nothing', async () => {
    const [other, { id }] = [
      await add(daemon, { name: 'Quiet', url: cameras.urls[1] }),
      await add(daemon, { name: 'Busy', url: cameras.urls[0] }),
    ];
    for (const one of [other.id, id]) await recording(one);
    const { status_since: since } = await daemon.camera(other.id);
    const puts = Array.from({ length: 30 }, (_, at) => ({ name: `Busy ${at}`, url: `${cameras.urls[0]}?channel=${at}`, transport: at % 2 ? 'tcp' : 'auto' }));
    for (const [at, body] of puts.entries()) {
      // Some together, some one after the other, as a hurried client does.
      const asked = [send(daemon, 'PUT', `/api/cameras/${id}`, body), at % 3 === 0 && daemon.camera(id)];
      const [answer] = await Promise.all(asked);
      assert.equal(answer.status, 200, await answer.clone().text());
      assert.equal((await answer.json()).url, body.url);
    }
    const both = await Promise.all(['tcp', 'udp'].map((transport) => send(daemon, 'PATCH', `/api/cameras/${id}`, { transport })));
    assert.deepEqual(both.map((one) => one.status), [200, 200]);
    assert.equal((await send(daemon, 'PUT', `/api/cameras/${id}`, { name: 'Busy', url: 'file:///etc/passwd' })).status, 422);

    await recording(id);
    const { name, url, last_error: error } = await daemon.camera(id);
    assert.deepEqual([name, url, error], ['Busy 29', puts.at(-1).url, null]);
    let why = [];
    await until('the changes explain the holes', async () => {
      why = await gaps(id);
      if (why[0] === 'camera connecting') why.shift(); // the first picture may come too soon for that
      return String([...new Set(why)]) === 'stopped changed';
    }).catch(() => assert.fail(`the holes are ${why}`));
    assert.equal((await daemon.camera(other.id)).status_since, since);
    for (const one of [other.id, id]) assert.equal((await send(daemon, 'DELETE', `/api/cameras/${one}`)).status, 204);
  });

  test('another device takes a place: what is ours stays, what was its goes', async () => {
    const old = await add(daemon, {
      ...{ name: 'Gate', url: cameras.urls[0], sub_url: cameras.urls[0], record_sub: true, tags: ['a'] },
      ...{ username: 'admin', password: 'of the old one', retention_days: 3 },
    });
    await recording(old.id);
    const target = `/api/cameras/${old.id}/replace`;
    for (const [body, fields] of [
      [{}, ['url']],
      [{ url: 'http://192.0.2.1/' }, ['url']],
      [{ url: cameras.urls[1], name: 'Other', record: false }, ['name', 'record']],
    ]) {
      const refused = await send(daemon, 'POST', target, body);
      assert.equal(refused.status, 422);
      assert.deepEqual((await refused.json()).errors.map((one) => one.field), fields);
    }
    assert.equal((await send(daemon, 'POST', '/api/cameras/999/replace', { url: cameras.urls[1] })).status, 404);

    const onvif_url = 'http://192.0.2.1/onvif/device_service';
    const answer = await send(daemon, 'POST', target, { url: cameras.urls[1], onvif_url });
    assert.equal(answer.status, 200, await answer.clone().text());
    const camera = await answer.json();
    assert.equal(camera.onvif_url, onvif_url);
    assert.deepEqual(
      [camera.id, camera.name, camera.folder, camera.tags, camera.retention_days, camera.url],
      [old.id, 'Gate', old.folder, ['a'], 3, cameras.urls[1]],
    );
    assert.deepEqual([camera.username, camera.has_password, camera.sub_url, camera.record_sub], ['', false, null, false]);
    await recording(old.id);
    await until('the gap', async () => (await gaps(old.id)).includes('stopped replaced'), 10_000);
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${old.id}`)).status, 204);
  });

  test('a removed camera can be restored: all of it, and its gap is explained', async () => {
    const camera = await add(daemon, { name: 'Shed', url: cameras.urls[0], group: 'Yard' });
    const target = `/api/cameras/${camera.id}`;
    await recording(camera.id);

    assert.equal((await send(daemon, 'DELETE', target)).status, 204);
    assert.equal((await daemon.fetch(target)).status, 404);
    await until('it has stopped, and its files are complete', async () =>
      (await daemon.recordings(`&camera_id=${camera.id}`)).every((one) => one.state === 'complete'), 3000);
    const taken = await send(daemon, 'POST', '/api/cameras', off('SHED'));
    assert.equal(taken.status, 409);
    assert.match((await taken.json()).detail, /restore it/);

    const restored = await send(daemon, 'POST', `${target}/restore`);
    assert.equal(restored.status, 200);
    const { id, name, folder, group, created } = await restored.json();
    assert.deepEqual({ id, name, folder, group, created }, { ...{ id: camera.id, name: 'Shed', folder: camera.folder }, ...{ group: 'Yard', created: camera.created } });
    assert.equal((await send(daemon, 'POST', `${target}/restore`)).status, 404);
    await recording(camera.id);
    await until('the gap', async () => (await gaps(camera.id)).includes('stopped removed'), 10_000);
    assert.equal((await send(daemon, 'DELETE', target)).status, 204);
  });

  test('a removal is final after a while, and the footage stays or goes as was asked', async () => {
    const kept = await add(daemon, { name: 'Kept', url: cameras.urls[0] });
    const gone = await add(daemon, { name: 'Gone', url: cameras.urls[1] });
    await recording(kept.id);
    await recording(gone.id);
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${gone.id}?footage=perhaps`)).status, 400);
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${gone.id}?colour=red`)).status, 400);
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${kept.id}`)).status, 204);
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${gone.id}?footage=delete`)).status, 204);
    const files = async () => (await mediaFiles(daemon.storage)).filter((name) => /^(Kept|Gone)\//.test(name));
    assert.ok((await files()).some((name) => name.startsWith('Gone/')), 'it can still be undone');

    await until('the footage is deleted', async () => (await daemon.recordings(`&camera_id=${gone.id}`)).length === 0, 20_000);
    const left = await files();
    assert.ok(left.length > 0 && left.every((name) => name.startsWith('Kept/')), left.join());
    assert.ok((await daemon.recordings(`&camera_id=${kept.id}`)).length > 0);
    assert.equal((await send(daemon, 'POST', `/api/cameras/${gone.id}/restore`)).status, 404);
    const again = await add(daemon, off('Gone'));
    assert.equal(again.folder, 'Gone 2');
  });

  test('a restart makes a removal final, and goes on with deleting', async () => {
    const camera = await add(daemon, { name: 'Last', url: cameras.urls[0] });
    await recording(camera.id);
    assert.equal((await send(daemon, 'DELETE', `/api/cameras/${camera.id}?footage=delete`)).status, 204);
    await daemon.kill();

    daemon = await Daemon.start({ dataDir: daemon.dataDir, args });

    assert.equal((await daemon.fetch(`/api/cameras/${camera.id}`)).status, 404);
    assert.equal((await send(daemon, 'POST', `/api/cameras/${camera.id}/restore`)).status, 404);
    await until('the footage is deleted', async () => (await daemon.recordings(`&camera_id=${camera.id}`)).length === 0, 20_000);
    assert.ok(!(await mediaFiles(daemon.storage)).some((name) => name.startsWith('Last/')));
    assert.equal((await add(daemon, off('Last'))).folder, 'Last 2');
  });
});

describe('cameras that are only configured', () => {
  let daemon;
  before(async () => {
    daemon = await Daemon.start();
  });
  after(() => daemon?.remove());

  test('groups and tags filter the list', async () => {
    await add(daemon, off('A', { group: 'Yard', tags: ['night', 'Gate'] }));
    await add(daemon, off('B', { group: 'yard', tags: ['gate'] }));
    await add(daemon, off('C', { tags: ['night'] }));
    for (const [query, expected] of [
      ['', 'ABC'],
      ['?group=YARD', 'AB'],
      ['?group=', 'C'],
      ['?group=Barn', ''],
      ['?tag=night', 'AC'],
      ['?tag=night&tag=GATE', 'A'],
      ['?group=Yard&tag=gate&limit=1', 'A'],
    ]) {
      assert.equal((await names(daemon, query)).join(''), expected, query);
    }
    const { next } = await daemon.json('/api/cameras?group=Yard&limit=1');
    assert.deepEqual(await names(daemon, `?group=Yard&limit=1&cursor=${next}`), ['B']);
  });

  test('an export has no secrets, unless they are sealed; an import brings all back', async () => {
    await add(daemon, off('Secret', { username: 'admin', password: 'canary-hunter2', schedule: { mon: [['08:00', '18:00']] } }));
    const plain = await daemon.fetch('/api/cameras/export');
    assert.match(plain.headers.get('content-disposition'), /cameras\.json/);
    const text = await plain.text();
    assert.ok(!text.includes('canary-hunter2') && text.split('\n').length > 50, text);
    const sealed = await send(daemon, 'POST', '/api/cameras/export', { passphrase: 'correct horse' });
    const sealedText = await sealed.text();
    assert.ok(!sealedText.includes('canary-hunter2'));

    const other = await Daemon.start();
    try {
      const wrong = await send(other, 'POST', '/api/cameras/import', { ...JSON.parse(sealedText), passphrase: 'wrong horse' });
      assert.equal(wrong.status, 422);
      assert.deepEqual((await wrong.json()).errors.map((one) => one.field), ['passphrase']);
      const good = await send(other, 'POST', '/api/cameras/import', { ...JSON.parse(sealedText), passphrase: 'correct horse' });
      assert.equal(good.status, 200, await good.clone().text());
      assert.equal((await other.fetch('/api/cameras/export').then((answer) => answer.text())), text);
      const secret = (await other.json('/api/cameras')).items.find((one) => one.name === 'Secret');
      assert.equal(secret.has_password, true);
      const everything = other.stderr + other.lines.join() + daemon.stderr + daemon.lines.join();
      assert.ok(!everything.includes('canary-hunter2') && !everything.includes('correct horse'));
    } finally {
      await other.remove();
    }
  });

  test('100 cameras are imported in less than 2 s, all or none', async (t) => {
    const cameras = Array.from({ length: 100 }, (_, at) => off(`Import ${at}`, { url: `rtsp://192.0.2.1/${at}`, enabled: at % 2 === 0 }));
    const bad = structuredClone(cameras);
    bad[7].url = 'file:///etc/passwd';
    bad[42].retention_days = 0;
    const before = await names(daemon, '?limit=1000');
    const refused = await send(daemon, 'POST', '/api/cameras/import', { cameras: bad });
    assert.equal(refused.status, 422);
    assert.deepEqual((await refused.json()).errors.map((one) => one.field), ['cameras[7].url', 'cameras[42].retention_days']);
    assert.deepEqual(await names(daemon, '?limit=1000'), before);

    const planned = await send(daemon, 'POST', '/api/cameras/import?dry_run=true', { cameras });
    const { added, items } = await planned.json();
    assert.deepEqual([planned.status, added, items[99]], [200, 100, { id: null, name: 'Import 99', result: 'added' }]);
    assert.deepEqual(await names(daemon, '?limit=1000'), before);

    const start = performance.now();
    const answer = await send(daemon, 'POST', '/api/cameras/import', { cameras });
    const took = performance.now() - start;
    assert.equal(answer.status, 200);
    t.diagnostic(`100 cameras in ${took.toFixed(0)} ms`);
    assertTook(took, 2000);
    assert.equal((await answer.json()).added, 100);
    assert.equal((await names(daemon, '?limit=1000')).length, before.length + 100);
    const again = await send(daemon, 'POST', '/api/cameras/import', { cameras });
    assert.equal(again.status, 409);
    assert.equal((await again.json()).errors.length, 100);
    const update = await send(daemon, 'POST', '/api/cameras/import?on_conflict=update', { cameras: cameras.map((one) => ({ ...one, enabled: false })) });
    assert.equal((await update.json()).updated, 100);
    await daemon.stop();
    daemon = await Daemon.start({ dataDir: daemon.dataDir });
    assert.equal((await names(daemon, '?limit=1000')).length, before.length + 100);
    assert.match(await readFile(path.join(daemon.dataDir, 'config.db')).then((bytes) => bytes.toString('latin1')), /Import 99/);
  });
});
