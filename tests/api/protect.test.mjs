// SPDX-License-Identifier: MIT
// Recordings that people protect: nothing deletes them, whatever happens, and whoever is told so can rely on it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { Daemon, mediaFiles, runProgram, Socket, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const kOldFiles = 300;

/** Recordings of a minute each, two months ago, entered as the recorder would. */
const script = `
import datetime, os, sqlite3, sys
root, database, many, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
first, rows = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=60), []
for i in range(many):
    at = first + datetime.timedelta(minutes=i)
    name = folder + at.strftime('/%Y-%m-%d/%H-%M-%S.mp4')
    os.makedirs(os.path.join(root, os.path.dirname(name)), exist_ok=True)
    with open(os.path.join(root, name), 'wb') as file:
        file.write(b'x' * 100)
    us = int(at.timestamp() * 1e6)
    rows.append((name, us, us + 60000000))
c = sqlite3.connect(database, timeout=10)
c.executemany("INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, "
              "size_bytes, state) VALUES (1, 'main', 1, ?, ?, ?, 100, 'complete')", rows)
c.commit()
c.close()
`;

function send(daemon, method, target, body) {
  return daemon.fetch(target, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

async function protect(daemon, id, wanted = true) {
  const answer = await daemon.protect(id, wanted);
  return { status: answer.status, body: await answer.json() };
}

const closed = (daemon) => async () => {
  const all = await daemon.recordings();
  return all.filter((one) => one.state !== 'recording').length >= 3 && all;
};

test('protected recordings stay, and what is not is told so', async (t) => {
  let daemon = await Daemon.start({ demo: 1 });
  const { dataDir, storage } = daemon;
  t.after(() => daemon.remove());
  const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
  const [camera] = (await daemon.json('/api/cameras')).items;
  const first = await until('three closed files', closed(daemon), 60_000);
  const [kept, plain] = first;
  const fileOf = (recording) => path.join(storage, recording.path);
  const stats = async () => (await daemon.json('/api/storage/stats')).cameras[0];

  await t.test('one that is protected says so everywhere', async () => {
    const { status, body } = await protect(daemon, kept.id);

    assert.equal(status, 200);
    assert.deepEqual(body, { ...kept, protected: true });
    assert.deepEqual(await daemon.recordings('&protected=true'), [body]);
    assert.ok(!(await daemon.recordings('&protected=false')).some(({ id }) => id === kept.id));
    assert.equal((await stats()).protected_bytes, (await stat(fileOf(kept))).size);
    await until('the event', () =>
      events.messages.some(({ type, recording }) => type === 'recording' && recording.id === kept.id && recording.protected));
    assert.equal((await send(daemon, 'PATCH', `/api/recordings/${kept.id}`, body)).status, 200, 'an answer may be sent back');
    events.close();
  });

  await t.test('one that is being written can be protected, and stays so when it is closed', async () => {
    const open = await until('one is open', async () => (await daemon.recordings()).find(({ state }) => state === 'recording'));
    assert.equal((await protect(daemon, open.id)).body.protected, true);
    assert.equal((await send(daemon, 'DELETE', `/api/recordings/${open.id}`)).status, 409);
    const now = await until('it is closed', async () => {
      const one = await daemon.json(`/api/recordings/${open.id}`);
      return one.state !== 'recording' && one;
    });
    assert.equal(now.protected, true);
    assert.equal((await stats()).protected_bytes, kept.size_bytes + now.size_bytes);
    assert.equal((await protect(daemon, open.id, false)).body.protected, false);
  });

  await t.test('what makes no sense is refused', async () => {
    const own = `/api/recordings/${kept.id}`;
    assert.equal((await protect(daemon, 99999)).status, 404);
    const wrong = await send(daemon, 'PATCH', own, { protected: 'yes', colour: 1 });
    assert.equal(wrong.status, 422);
    assert.deepEqual((await wrong.json()).errors.map(({ field }) => field).sort(), ['colour', 'protected']);
    assert.equal((await send(daemon, 'PATCH', own, [])).status, 400);
    assert.equal((await daemon.fetch('/api/recordings?protected=maybe')).status, 400);
    assert.equal((await daemon.json(own)).protected, true);
  });

  await t.test('DELETE takes one that is not protected, and only that', async () => {
    const refused = await send(daemon, 'DELETE', `/api/recordings/${kept.id}`);
    assert.equal(refused.status, 409);
    assert.match((await refused.json()).detail, /is protected/);
    await stat(fileOf(kept));

    assert.equal((await send(daemon, 'DELETE', `/api/recordings/${plain.id}`)).status, 204);
    await assert.rejects(stat(fileOf(plain)), { code: 'ENOENT' });
    assert.equal((await send(daemon, 'DELETE', `/api/recordings/${plain.id}`)).status, 404);
    const middle = Date.parse(plain.start) + 2000;
    const [timeline] = (await daemon.json(`/api/timeline?camera_id=${camera.id}&start=${middle}&end=${middle + 3000}`)).items;
    assert.deepEqual(timeline.gaps.map(({ reason, detail }) => [reason, detail]), [['deleted', 'user']]);
  });

  await t.test('a camera goes with its footage only when nothing of it is protected', async () => {
    const own = `/api/cameras/${camera.id}`;
    const refused = await send(daemon, 'DELETE', `${own}?footage=delete`);
    assert.equal(refused.status, 409);
    assert.match((await refused.json()).detail, /^1 recording of this camera is protected\. Unprotect/i);
    assert.equal((await daemon.fetch(own)).status, 200, 'it is not removed');

    assert.equal((await send(daemon, 'DELETE', `${own}?footage=keep`)).status, 204);
    assert.equal((await send(daemon, 'POST', `${own}/restore`)).status, 200);
  });

  await t.test('a preview warns of a limit that protected recordings pass alone', async () => {
    const { warnings } = await (await daemon.post('/api/storage/policy/preview', { retention_bytes: 1 })).json();
    assert.ok(warnings.some((one) => /^Protected recordings alone take/.test(one)), warnings);
    const { warnings: none } = await (await daemon.post('/api/storage/policy/preview', { retention_bytes: 1e12 })).json();
    assert.deepEqual(none, []);
  });

  await t.test('whoever protects while recordings are deleted is told the truth', async () => {
    const entered = spawnSync('python3', ['-c', script, storage, path.join(dataDir, 'catalog.db'), String(kOldFiles), camera.folder]);
    assert.equal(entered.status, 0, entered.stderr.toString());
    const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();
    const ofOld = () => daemon.recordings(`&end=${monthAgo}`);
    const old = await ofOld();
    assert.equal(old.length, kOldFiles);

    // From the newest on, while the oldest go, so that they meet somewhere.
    const answers = new Map();
    const fromTheEnd = [...old].reverse();
    for (const { id } of fromTheEnd.slice(0, 20)) answers.set(id, (await protect(daemon, id)).status);
    assert.equal((await send(daemon, 'PUT', '/api/storage/policy', { retention_days: 30 })).status, 200);
    await until('it has begun', async () => (await daemon.fetch(`/api/recordings/${old[0].id}`)).status === 404, 30_000, 1);
    for (const { id } of fromTheEnd.slice(20)) answers.set(id, (await protect(daemon, id)).status);
    await until('it is done', async () => (await ofOld()).every((one) => one.protected));

    const files = new Set(await mediaFiles(storage));
    const left = new Map((await ofOld()).map((one) => [one.id, one]));
    for (const one of old) {
      const status = answers.get(one.id);
      assert.ok([200, 404, 409].includes(status), `${status}`);
      assert.equal(files.has(one.path), status === 200, `${one.path} was answered with ${status}`);
      assert.equal(left.get(one.id)?.protected === true, status === 200);
    }
    const safe = [...answers.values()].filter((status) => status === 200).length;
    t.diagnostic(`${safe} of ${kOldFiles} were protected in time`);
    assert.ok(safe >= 20 && safe < kOldFiles, 'both were met');
    await send(daemon, 'PUT', '/api/storage/policy', { retention_days: null });
    for (const id of left.keys()) assert.equal((await protect(daemon, id, false)).status, 200);
  });

  await t.test('it is kept over a kill, and over the loss of the catalog', async () => {
    const isKept = async () =>
      until('the recording', async () => (await daemon.recordings('&protected=true')).find((one) => one.path === kept.path));
    await daemon.kill();
    daemon = await Daemon.start({ dataDir, demo: 1 });
    await isKept();
    assert.equal((await daemon.recordings('&protected=true')).length, 1);

    await daemon.stop();
    for (const end of ['', '-wal', '-shm']) await rm(path.join(dataDir, `catalog.db${end}`), { force: true });
    daemon = await Daemon.start({ dataDir, demo: 1 });
    await isKept();
    assert.equal((await stats()).protected_bytes, kept.size_bytes);

    await daemon.stop();
    const rebuilt = await runProgram(['--data-dir', dataDir, 'catalog', 'rebuild']);
    assert.equal(rebuilt.code, 0, rebuilt.stderr);
    daemon = await Daemon.start({ dataDir, demo: 1 });
    const again = await isKept();
    assert.equal((await send(daemon, 'DELETE', `/api/recordings/${again.id}`)).status, 409);
  });
});
