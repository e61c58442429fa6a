// SPDX-License-Identifier: MIT
// What is said of the storage is what is on it, to the byte; and what is wrong is told.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, DemoCameras, Socket, until } from '../e2e/daemon.mjs';
import { Scrape } from './metrics_text.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const run = promisify(execFile);

/** What `find` and `du` say of the recordings beneath some folders. */
async function onDisk(folders, ...which) {
  const find = ['-name', '*.mp4', ...which];
  const sizes = (await run('find', [...folders, ...find, '-printf', '%s\n'])).stdout.split('\n').filter(Boolean).map(Number);
  const script = 'find "$@" -print0 | du --files0-from=- --apparent-size -cb | tail -n 1 | cut -f 1';
  const du = Number((await run('sh', ['-c', script, 'sh', ...folders, ...find])).stdout);
  return { files: sizes.length, bytes: sizes.reduce((all, one) => all + one, 0), du };
}

describe('the storage', () => {
  let daemon;
  let cameras;
  let dataDir;
  let args;
  let events;
  const ids = [];
  const folder = (name) => path.join(dataDir, name);
  const both = () => [folder('a'), folder('b')];
  const stats = () => daemon.json('/api/storage/stats');
  const alarms = async () => (await daemon.json('/api/alarms')).items;
  const patch = async (id, body) => {
    const options = { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    assert.equal((await daemon.fetch(`/api/cameras/${id}`, options)).status, 200);
  };
  const allRecord = () => until('all record', async () => {
    const status = await daemon.json(`/api/cameras/${ids[0]}/recording/status`);
    return status.recording && status.sub?.recording && (await daemon.camera(ids[1])).status === 'recording';
  }, 60_000);

  /** Stops all cameras; nothing is written any more, and all rows are complete. */
  async function stopAll() {
    for (const id of ids) await patch(id, { enabled: false });
    await until('all files are closed', async () =>
      (await daemon.recordings()).every((one) => ['complete', 'recovered'].includes(one.state)));
  }

  async function assertExact() {
    const now = await stats();
    const all = await onDisk(both());
    assert.deepEqual([now.file_count, now.size_bytes, all.bytes], [all.files, all.du, all.du]);
    for (const volume of now.volumes) {
      const one = await onDisk([volume.path]);
      assert.deepEqual([volume.recordings_bytes, volume.file_count], [one.bytes, one.files], volume.path);
    }
    for (const [at, name] of ['Yard', 'Gate'].entries()) {
      const camera = now.cameras.find((one) => one.camera_id === ids[at]);
      const sub = await onDisk(both(), '-path', `*/${name}/*`, '-path', '*/sub/*');
      const main = await onDisk(both(), '-path', `*/${name}/*`, '-not', '-path', '*/sub/*');
      assert.deepEqual([camera.main_bytes, camera.sub_bytes], [main.bytes, sub.bytes], name);
      assert.deepEqual([camera.size_bytes, camera.file_count], [main.bytes + sub.bytes, main.files + sub.files], name);
    }
    const today = now.newest.slice(0, 10);
    const { days } = await daemon.json(`/api/storage/days?start=${now.oldest.slice(0, 10)}&end=${today}`);
    assert.equal(days.reduce((sum, one) => sum + one.size_bytes, 0), all.bytes);
    assert.equal(days.reduce((sum, one) => sum + one.file_count, 0), all.files);
    return now;
  }

  before(async () => {
    cameras = await DemoCameras.start({ count: 2, args: ['--kbit=300'] });
    dataDir = await mkdtemp(path.join(tmpdir(), 'ronin-storage-'));
    await mkdir(folder('a'));
    args = ['--set', 'allow_loopback_cameras=true', '--storage', folder('a'), '--storage', folder('b')];
    daemon = await Daemon.start({ dataDir, args });
    events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
    for (const [at, body] of [
      { name: 'Yard', url: cameras.urls[0], sub_url: `${cameras.urls[0]}?channel=2`, record_sub: true },
      { name: 'Gate', url: cameras.urls[1] },
    ].entries()) {
      const answer = await daemon.post('/api/cameras', body);
      assert.equal(answer.status, 201);
      ids[at] = (await answer.json()).id;
    }
    await allRecord();
  });
  after(async () => {
    events?.close();
    await daemon?.remove();
    await cameras?.stop();
  });

  test('a folder that is missing is an alarm, from the first message on, until it is there', async () => {
    const first = await events.message('alarms', (one) => one.type === 'alarms');
    assert.equal(events.messages.indexOf(first), 1, 'right behind the state');
    const [alarm] = await until('the alarm', async () => {
      const now = await alarms();
      return now.length > 0 && now;
    });
    assert.deepEqual([alarm.id, alarm.kind, alarm.severity, alarm.volume_id, alarm.camera_id],
      [`volume_missing:${folder('b')}`, 'volume_missing', 'critical', null, null]);
    assert.match(alarm.sentence, /is missing; check that the disk is mounted/);
    await events.message('the alarm', (one) => one.type === 'alarms' && one.items[0]?.id === alarm.id);
    assert.equal((await Scrape.of(daemon)).value('ronin_alarm', { kind: 'volume_missing' }), 1);
    const { volumes } = await stats();
    assert.deepEqual([volumes[1].id, volumes[1].state, volumes[1].capacity_bytes], [null, 'missing', 0]);
    await mkdir(folder('b'));
  });

  test('while it is recorded the figures lie between what was there before and after', async () => {
    await until('more files', async () => (await onDisk(both())).files > 4);
    // A file that has just been begun has no row yet; the next look is not at that moment.
    const now = await until('figures that fit', async () => {
      const earlier = await onDisk(both());
      const told = await stats();
      const later = await onDisk(both());
      return told.size_bytes >= earlier.bytes && told.size_bytes <= later.bytes && told.file_count === later.files && told;
    }, 20_000, 50);
    assert.ok(now.volumes[0].capacity_bytes > now.volumes[0].free_bytes);
    assert.deepEqual([now.volumes[0].path, now.volumes[0].state], [folder('a'), 'ok']);
    assert.ok(Date.parse(now.newest) > Date.now() - 10_000, now.newest);
  });

  test('the days count what is being written as it is now', async () => {
    const sum = (days) => days.reduce((bytes, one) => bytes + one.size_bytes, 0);
    await until('days that fit', async () => {
      const { oldest } = await stats();
      const earlier = await onDisk(both());
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      const { days } = await daemon.json(`/api/storage/days?start=${oldest.slice(0, 10)}&end=${tomorrow}`);
      const later = await onDisk(both());
      return earlier.bytes > 0 && sum(days) >= earlier.bytes && sum(days) <= later.bytes;
    }, 20_000, 50);
  });

  test('rates, coverage and the days that are left are told', async () => {
    const now = await until('rates', async () => {
      const told = await stats();
      return told.cameras.every((one) => one.bitrate_bps > 0) && told;
    });
    const all = now.cameras.reduce((sum, one) => sum + one.bitrate_bps, 0);
    const written = now.volumes.reduce((sum, one) => sum + one.write_bps, 0);
    // Volumes are watched for longer than cameras.
    assert.ok(written > all / 3 && written <= all * 1.01, `${written} of ${all}`);
    assert.ok(all > 3 * 50_000 && all < 3 * 3_000_000, `${all}`);
    const { capacity_bytes: capacity, free_bytes: free } = now.volumes[0];
    const reserve = Math.min(Math.max(capacity / 50, 2 ** 31), capacity / 10);
    const more = now.volumes[1].state === 'ok' ? 2 : 1;
    const days = (Math.max(free - reserve, 0) * more + now.size_bytes) / (all / 8) / 86400;
    assert.ok(Math.abs(now.forecast_days - days) <= 0.01 * days + 0.01, `${now.forecast_days}, not ${days}`);

    // A policy that keeps less than there is room for is what counts.
    const bytes = 2 ** 29;
    const limit = async (retention_bytes) => {
      const options = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ retention_bytes }) };
      assert.equal((await daemon.fetch('/api/storage/policy', options)).status, 200);
    };
    await limit(bytes);
    const limited = await stats();
    const rate = limited.cameras.reduce((sum, one) => sum + one.bitrate_bps, 0) / 8;
    assert.ok(Math.abs(limited.forecast_days - bytes / rate / 86400) <= 0.01, `${limited.forecast_days}`);
    await limit(null);
    for (const camera of now.cameras) assert.ok(camera.coverage_24h > 0.2 && camera.coverage_24h <= 1);
  });

  test('a password that is refused is an alarm at once, until the camera is switched off', async () => {
    cameras.say('refuse 2 401');
    cameras.say('close 2');
    const what = (one) => one.type === 'alarms' && one.items.some((item) => item.id === `camera_down:${ids[1]}`);
    const { items } = await events.message('the alarm', what);
    const alarm = items.find((one) => one.kind === 'camera_down');
    assert.deepEqual([alarm.severity, alarm.camera_id, alarm.volume_id], ['critical', ids[1], null]);
    assert.match(alarm.sentence, /^Camera Gate is not recorded: .*password/);
    assert.equal(daemon.stderr.split('\n').filter((line) => line.includes('Camera Gate is not recorded')).length, 1);
    cameras.say('allow 2');
    await patch(ids[1], { enabled: false });
    await until('no alarm', async () => !(await alarms()).some((one) => one.kind === 'camera_down'));
    assert.match(daemon.stderr, /over: Camera Gate is not recorded/);
  });

  test('when nothing is written, they are what find and du say, to the byte', async () => {
    await stopAll();
    const now = await assertExact();
    assert.ok(now.file_count > 4);
    await until('no alarm any more', async () => (await alarms()).length === 0);
    const last = events.messages.findLast((one) => one.type === 'alarms');
    assert.deepEqual(last.items, []);
    assert.equal((await Scrape.of(daemon)).value('ronin_alarm', { kind: 'volume_missing' }), 0);
  });

  test('… also after a crash', async () => {
    for (const id of ids) await patch(id, { enabled: true });
    await allRecord();
    await daemon.kill();
    daemon = await Daemon.start({ dataDir, args });
    await allRecord();
    await stopAll();
    await assertExact();
  });

  test('bad days are refused, each with what is wrong', async () => {
    for (const [query, fields] of [
      ['', ['start', 'end']],
      ['start=2026-11-01&end=2026-13-01', ['end']],
      ['start=2026-11-02&end=2026-11-01', ['end']],
      ['start=2025-01-01&end=2026-11-01', ['end']],
      ['start=2026-11-01T00:00:00Z&end=2026-11-01', ['start']],
      ['start=2026-11-01&end=2026-11-01&colour=red', ['colour']],
    ]) {
      const answer = await daemon.fetch(`/api/storage/days?${query}`);
      assert.equal(answer.status, 400, query);
      assert.deepEqual((await answer.json()).errors.map((one) => one.field), fields, query);
    }
    assert.deepEqual((await daemon.json('/api/storage/days?start=2020-01-01&end=2020-01-31')).days, []);
  });
});
