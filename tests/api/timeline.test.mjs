// SPDX-License-Identifier: MIT
// Every second is recorded or explained; recording is switched without touching the connection.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const args = ['--set', 'allow_loopback_cameras=true'];

function patch(daemon, id, body) {
  return daemon.fetch(`/api/cameras/${id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** What was recorded of a camera, checked: spans and gaps tile the time since it was added. */
async function timeline(daemon, id, query = '') {
  const now = Date.now();
  const target = `/api/timeline?camera_id=${id}&start=${now - 3_600_000}&end=${now + 60_000}${query}`;
  const { items, next } = await daemon.json(target);
  assert.equal(next, null);
  assert.equal(items.length, 1);
  const [item] = items;
  assert.equal(item.camera_id, id);
  assert.deepEqual(item.activity, []);
  const pieces = [...item.spans, ...item.gaps].sort((a, b) => (a.start < b.start ? -1 : 1));
  for (let i = 1; i < pieces.length; ++i) assert.equal(pieces[i].start, pieces[i - 1].end);
  if (pieces.length > 0) {
    const { created } = await daemon.camera(id);
    assert.equal(pieces[0].start, created);
    const end = Date.parse(pieces.at(-1).end);
    assert.ok(end > now - 5000 && end < Date.now() + 1000, `${pieces.at(-1).end} is not now`);
  }
  return item;
}

/** The reasons of all gaps but the one before the first picture, which may come too soon for one. */
async function reasons(daemon, id) {
  const { gaps } = await timeline(daemon, id);
  const all = gaps.map(({ reason, detail }) => (detail === '' ? reason : `${reason}: ${detail}`));
  return all[0] === 'camera: connecting' ? all.slice(1) : all;
}

/** A hole is a gap only once it is longer than a few frames. */
async function assertReasons(daemon, id, expected, message) {
  let now = [];
  await until('the reasons', async () => {
    now = await reasons(daemon, id);
    return now.length >= expected.length;
  }, 10_000).catch(() => undefined);
  assert.deepEqual(now, expected, message);
}

describe('a timeline', () => {
  let daemon;
  let cameras;
  let id;

  const recording = () =>
    until('recording', async () => (await daemon.camera(id)).status === 'recording', 60_000);
  const status = () => daemon.json(`/api/cameras/${id}/recording/status`);

  before(async () => {
    cameras = await DemoCameras.start();
    daemon = await Daemon.start({ args });
    const answer = await daemon.post('/api/cameras', { name: 'Yard', url: cameras.url });
    ({ id } = await answer.json());
    await recording();
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
  });

  test('says what was recorded, and why the rest was not', async () => {
    const { spans } = await timeline(daemon, id);
    assert.equal(spans.length, 1);
    await assertReasons(daemon, id, []);
    assert.deepEqual(await timeline(daemon, id, '&stream=sub'), {
      ...{ camera_id: id, resolution_s: 0, spans: [], gaps: [], activity: [] },
    });
    const now = Date.now();
    const years = await daemon.json(`/api/timeline?camera_id=${id}&start=${now - 3650 * 86_400_000}&end=${now}`);
    assert.deepEqual(years.items[0].spans.map((one) => one.start), [spans[0].start], 'ten years are the same');
    const coarse = await timeline(daemon, id, '&resolution_s=3600');
    assert.equal(coarse.resolution_s, 3600);
    assert.equal(coarse.spans.length + coarse.gaps.length, 1);
  });

  test('is refused with what is wrong', async () => {
    const good = `camera_id=${id}&start=1000&end=2000`;
    const cases = [
      ['', ['camera_id', 'start', 'end']],
      ['camera_id=x&start=1000&end=2000', ['camera_id']],
      [`camera_id=${id}&start=soon&end=2000`, ['start']],
      [`camera_id=${id}&start=2000&end=2000`, ['end']],
      [`camera_id=${id}&start=0&end=${4001 * 86_400_000}`, ['end']],
      [`${good}&resolution_s=0`, ['resolution_s']],
      [`${good}&resolution_s=86401`, ['resolution_s']],
      [`${good}&resolution_s=1.5`, ['resolution_s']],
      [`${good}&stream=side`, ['stream']],
      [`${good}&colour=red`, ['colour']],
      [`${good}${Array.from({ length: 64 }, (_, i) => `&camera_id=${1000 + i}`).join('')}`, ['camera_id']],
    ];
    for (const [query, fields] of cases) {
      const answer = await daemon.fetch(`/api/timeline?${query}`);
      assert.equal(answer.status, 400, query);
      assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
      assert.deepEqual((await answer.json()).errors.map((one) => one.field), fields, query);
    }
    assert.equal((await daemon.fetch(`/api/timeline?${good}&camera_id=999`)).status, 404);
    assert.equal((await daemon.fetch(`/api/timeline?${good}`)).status, 200);
  });

  test('recording can be stopped and started; that is kept, and explained', async () => {
    const first = await status();
    const fields = 'recording since current_file segment_start bytes_written frames_written frames_lost reconnects sub';
    assert.deepEqual(Object.keys(first), fields.split(' '));
    assert.equal(first.recording, true);
    assert.match(first.current_file, /^Yard\/\d{4}-\d\d-\d\d\/[\d-]+\.mp4$/);
    assert.ok(first.segment_start >= first.since);
    const more = await until('more', async () => {
      const now = await status();
      return now.frames_written > first.frames_written && now.bytes_written > first.bytes_written && now;
    });
    assert.deepEqual([more.since, more.frames_lost, more.reconnects], [first.since, 0, 0]);

    const stop = () => daemon.post(`/api/cameras/${id}/recording/stop`, '');
    for (let i = 0; i < 2; ++i) {
      const answer = await stop();
      assert.equal(answer.status, 200);
      const stopped = await answer.json();
      assert.deepEqual([stopped.recording, stopped.since, stopped.current_file], [false, null, null]);
    }
    const camera = await daemon.camera(id);
    assert.deepEqual([camera.status, camera.record], ['online', false]);
    await assertReasons(daemon, id, ['stopped']);

    await daemon.stop();
    daemon = await Daemon.start({ dataDir: daemon.dataDir, args });
    await until('online', async () => (await daemon.camera(id)).status === 'online', 60_000);
    assert.equal((await daemon.camera(id)).record, false);
    await assertReasons(daemon, id, ['stopped'], 'the restart changed nothing');
    assert.equal((await daemon.post(`/api/cameras/${id}/recording/start`, '')).status, 200);
    await recording();
    assert.equal((await daemon.post(`/api/cameras/${id}/recording/start`, '')).status, 200);
    await assertReasons(daemon, id, ['stopped']);
    for (const action of ['start', 'stop']) {
      assert.equal((await daemon.post(`/api/cameras/999/recording/${action}`, '')).status, 404);
    }
    assert.equal((await daemon.fetch('/api/cameras/999/recording/status')).status, 404);
  });

  test('a schedule switches the recording, not the connection', async () => {
    const { status_since: since } = await daemon.camera(id);
    const never = await patch(daemon, id, { schedule: {} });
    assert.equal(never.status, 200, await never.clone().text());
    assert.deepEqual((await never.json()).schedule, {});
    assert.equal((await daemon.camera(id)).status, 'online');
    assert.equal((await daemon.camera(id)).status_since, since);
    await assertReasons(daemon, id, ['stopped', 'schedule']);

    const week = Object.fromEntries('mon tue wed thu fri sat sun'.split(' ').map((day) => [day, [['00:00', '24:00']]]));
    assert.deepEqual((await (await patch(daemon, id, { schedule: week })).json()).schedule, week);
    await recording();
    assert.equal((await daemon.camera(id)).status_since, since);
    const bad = await patch(daemon, id, { schedule: { mon: [['22:00', '06:00']] } });
    assert.equal(bad.status, 422);
    assert.match((await bad.json()).errors[0].message, /end before they begin/);
    assert.equal((await (await patch(daemon, id, { schedule: null })).json()).schedule, null);
    assert.equal((await daemon.camera(id)).status, 'recording');
    await assertReasons(daemon, id, ['stopped', 'schedule']);
  });

  test('a change of the camera is made, and explained', async () => {
    assert.equal((await patch(daemon, id, { name: 'Garden' })).status, 200);
    assert.equal((await daemon.camera(id)).status, 'recording', 'a name changes no recording');
    assert.equal((await patch(daemon, 999, { name: 'x' })).status, 404);
    assert.equal((await patch(daemon, id, { colour: 'red' })).status, 422);
    const url = `${cameras.url}?channel=2`;
    const camera = await (await patch(daemon, id, { url })).json();
    assert.equal(camera.url, url);
    await recording();
    await assertReasons(daemon, id, ['stopped', 'schedule', 'stopped: changed']);
    const put = await daemon.fetch(`/api/cameras/${id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(await daemon.camera(id)),
    });
    assert.equal(put.status, 200, 'an answer can be sent back');
    assert.equal((await put.json()).status, 'recording');
  });

  test('time off is settled at the next start: told to stop, or killed', async () => {
    const before = await reasons(daemon, id);
    await daemon.stop();
    daemon = await Daemon.start({ dataDir: daemon.dataDir, args });
    await recording();
    await assertReasons(daemon, id, [...before, 'restart']);
    await daemon.kill();
    daemon = await Daemon.start({ dataDir: daemon.dataDir, args });
    await recording();
    await assertReasons(daemon, id, [...before, 'restart', 'crash']);
  });

  test('a camera that goes away is explained while it lasts, and counted when it is back', async () => {
    const before = await reasons(daemon, id);
    cameras.say('refuse 1 port');
    cameras.say('close 1');
    await until('offline', async () => (await daemon.camera(id)).last_error?.code === 'refused', 60_000);
    const lasting = await reasons(daemon, id);
    assert.deepEqual(lasting.slice(0, before.length), before);
    for (const reason of lasting.slice(before.length)) assert.match(reason, /^camera: /);
    cameras.say('allow 1');
    await recording();
    assert.equal((await status()).reconnects, 1);
    await assertReasons(daemon, id, lasting);
  });
});
