// SPDX-License-Identifier: MIT
// GET /metrics: the format, and that each figure is what happened.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, DemoCameras, assertTook, frameNumbers, mediaFiles, until } from '../e2e/daemon.mjs';
import { parseMetrics, Scrape, sum, untilScrape } from './metrics_text.mjs';

const run = promisify(execFile);
const args = ['--set', 'allow_loopback_cameras=true'];
const reasons = 'unknown camera network auth disk overload schedule stopped clock restart crash power deleted'.split(' ');

async function addCamera(daemon, name, url) {
  const answer = await daemon.post('/api/cameras', { name, url });
  assert.equal(answer.status, 201);
  const { id } = await answer.json();
  await until(`${name} records`, async () => (await daemon.camera(id)).status === 'recording', 60_000);
  return id;
}

describe('the reader of these tests', () => {
  const good = '# HELP ronin_a A.\n# TYPE ronin_a gauge\nronin_a{x="a\\"\\\\\\nb",y=""} 1\n';

  test('takes what is right', () => {
    assert.deepEqual(parseMetrics(good).get('ronin_a').samples[0].labels, { x: 'a"\\\nb', y: '' });
  });

  test('refuses what is wrong', () => {
    for (const [from, to] of [
      ['\\n', '\n'], ['\\"', '"'], ['} 1', '} 1 '], ['} 1', '}'], ['ronin_a gauge', 'ronin_a gouge'],
      ['ronin_a gauge', 'ronin_a counter'], ['# HELP ronin_a A.\n', ''], ['y=""', 'x=""'], [',y=""', ','],
      ['\nronin_a{', '\nronin_b{'], ['1\n', '1'], ['1\n', '1\nronin_a{y="",x="a\\"\\\\\\nb"} 2\n'],
    ]) {
      assert.notEqual(good.replace(from, to), good, from);
      assert.throws(() => parseMetrics(good.replace(from, to)), JSON.stringify([from, to]));
    }
  });
});

describe('the metrics of one camera', () => {
  let daemon;
  let cameras;
  let id;
  const of = (more) => ({ camera_id: id, ...more });

  before(async () => {
    cameras = await DemoCameras.start();
    daemon = await Daemon.start({ args });
    id = await addCamera(daemon, 'Yard', cameras.url);
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
  });

  test('tell of the program, the machine, the storage and the web', async () => {
    const first = await untilScrape(daemon, 'a sync', (now) =>
      now.value('ronin_volume_sync_seconds', { le: '+Inf' }) > 0);
    const { version } = await daemon.json('/health');
    assert.equal(first.value('ronin_build_info', { version }), 1);
    const started = first.value('ronin_start_time_seconds');
    assert.ok(started > Date.now() / 1000 - 300 && started < Date.now() / 1000, `${started}`);
    const { stdout } = await run('ps', ['-o', 'rss=,nlwp=', '-p', String(daemon.child.pid)]);
    const [rss, threads] = stdout.trim().split(/\s+/).map(Number);
    const resident = first.value('ronin_process_resident_memory_bytes');
    assert.ok(Math.abs(resident / 1024 / rss - 1) < 0.2, `${resident} of ${rss} KiB`);
    const asked = first.value('ronin_process_heap_used_bytes');
    assert.ok(asked > 1e6 && asked < resident, `${asked} of ${resident}`);
    assert.ok(first.value('ronin_process_heap_free_bytes') < resident);
    assert.ok(Math.abs(first.value('ronin_process_threads') - threads) <= 5);
    assert.ok(first.value('ronin_process_open_fds') > 10);
    assert.ok(first.value('ronin_process_max_fds') > first.value('ronin_process_open_fds'));
    assert.ok(first.value('ronin_main_loop_longest_turn_seconds') > 0);

    const folder = await stat(daemon.storage);
    assert.ok(folder.isDirectory());
    const volume = { volume: daemon.storage };
    assert.equal(first.value('ronin_volume_state', { ...volume, state: 'ok' }), 1);
    assert.equal(sum(first.all('ronin_volume_state', volume)), 1);
    assert.equal(first.all('ronin_volume_state', volume).length, 5);
    assert.equal(first.value('ronin_volume_sync_failures_total', volume), 0);
    const size = first.value('ronin_volume_size_bytes', volume);
    assert.ok(size > first.value('ronin_volume_free_bytes', volume), `${size}`);

    assert.equal(first.value('ronin_catalog_rows_waiting'), 0);
    assert.ok(sum(first.all('ronin_catalog_write_seconds', { le: '+Inf' })) > 0);
    assert.equal(sum(first.all('ronin_catalog_segments', { state: 'recording' })), 1);

    const requests = { route: '/api/cameras/{id:int}', code: '404' };
    assert.equal(first.value('ronin_http_requests_total', requests), undefined);
    assert.equal((await daemon.fetch('/api/cameras/999')).status, 404);
    assert.equal((await daemon.fetch('/metrics', { method: 'HEAD' })).status, 200);
    const second = await Scrape.of(daemon);
    assert.equal(second.value('ronin_http_requests_total', requests), 1);
    const scrapes = { route: '/metrics', code: '200' };
    assert.equal(
      second.value('ronin_http_requests_total', scrapes),
      (first.value('ronin_http_requests_total', scrapes) ?? 0) + 2,
      'the first and the HEAD; not the one under way',
    );
    assert.ok(second.value('ronin_http_connections') >= 1);
    assert.ok(second.value('ronin_process_cpu_seconds_total') > first.value('ronin_process_cpu_seconds_total'));
    assert.ok(
      second.value('ronin_main_loop_turn_seconds', { le: '+Inf' }) >
        first.value('ronin_main_loop_turn_seconds', { le: '+Inf' }),
    );
  });

  test('count what is in the files, over their borders, to the frame and to the byte', async () => {
    const frames = 'ronin_camera_recorded_frames_total';
    const bytes = 'ronin_camera_recorded_bytes_total';
    let last = await Scrape.of(daemon);
    assert.equal(last.value('ronin_camera_status', of({ status: 'recording' })), 1);
    assert.equal(sum(last.all('ronin_camera_status', of())), 1);
    for (const name of ['online', 'recording', 'recording_wanted']) {
      assert.equal(last.value(`ronin_camera_${name}`, of({ camera: 'Yard' })), 1, name);
    }
    await untilScrape(daemon, 'a third file', (now) => {
      for (const name of [frames, bytes]) assert.ok(now.value(name, of()) >= last.value(name, of()), name);
      last = now;
      return sum(now.all('ronin_catalog_segments')) >= 3 && now.value(frames, of()) > 400;
    }, 60_000);
    assertTook(last.value('ronin_camera_last_frame_age_seconds', of()) * 1000, 3000);
    const fps = last.value('ronin_camera_stream_frames_per_second', of());
    assert.ok(Math.abs(fps - 25) < 3, `${fps} fps`);
    const { stream } = await daemon.camera(id);
    const rate = last.value('ronin_camera_stream_bytes_per_second', of()) * 8;
    assert.ok(Math.abs(rate / stream.video.bitrate_bps - 1) < 0.5, `${rate}`);

    assert.equal((await daemon.post(`/api/cameras/${id}/recording/stop`, '')).status, 200);
    await until('all rows are complete', async () =>
      (await daemon.recordings()).every((row) => row.state === 'complete'));
    const files = await mediaFiles(daemon.storage);
    let size = 0;
    let count = 0;
    for (const file of files.map((name) => path.join(daemon.storage, name))) {
      size += (await stat(file)).size;
      count += (await frameNumbers(file)).length;
    }
    const end = await untilScrape(daemon, 'the sums', (now) =>
      now.value('ronin_catalog_segments', { state: 'complete' }) === files.length);
    assert.equal(end.value(frames, of()), count);
    assert.equal(end.value(bytes, of()), size);
    assert.equal(end.value('ronin_catalog_segment_bytes', { state: 'complete' }), size);
    assert.equal(end.value('ronin_camera_stored_bytes', of()), size);
    assert.equal(end.value('ronin_camera_lost_frames_total', of()), 0);
    assert.equal(end.value('ronin_camera_recording', of()), 0);
    assert.equal(end.value('ronin_camera_recording_wanted', of()), 0);
    assert.equal(end.value('ronin_camera_online', of()), 1);
    assert.equal(end.value('ronin_camera_status', of({ status: 'online' })), 1);

    assert.equal((await daemon.post(`/api/cameras/${id}/recording/start`, '')).status, 200);
    await until('recording', async () => (await daemon.camera(id)).status === 'recording');
    const more = await untilScrape(daemon, 'more', (now) => now.value(bytes, of()) > size);
    assert.ok(more.value(frames, of()) > count);
  });

  test('a camera that falls silent is told, and its gap is where it belongs', async () => {
    const missing = (scrape, reason) => scrape.value('ronin_camera_day_missing_seconds', of({ reason }));
    const day = (scrape) => scrape.value('ronin_camera_day_recorded_seconds', of());
    const known = day(await Scrape.of(daemon));
    const first = await untilScrape(daemon, 'a later reading of the day', (now) => day(now) !== known);
    assert.ok(missing(first, 'stopped') > 0);
    assert.deepEqual(
      first.all('ronin_camera_day_missing_seconds', of()).map((one) => one.labels.reason).sort(),
      [...reasons].sort(),
    );
    assert.equal(first.value('ronin_camera_stalls_total', of()), 0);

    cameras.say('stall 1');
    const silent = await untilScrape(daemon, 'offline', (now) =>
      now.value('ronin_camera_status', of({ status: 'offline' })) === 1);
    assert.equal(silent.value('ronin_camera_stalls_total', of()), 1);
    assert.equal(silent.value('ronin_camera_online', of()), 0);
    assert.equal(silent.value('ronin_camera_recording_wanted', of()), 1);
    assert.equal(silent.value('ronin_camera_stream_frames_per_second', of()), undefined);
    const age = silent.value('ronin_camera_last_frame_age_seconds', of());
    assert.ok(age >= 4, `${age}`);
    await untilScrape(daemon, 'the age goes on over the next attempts', (now) =>
      now.value('ronin_camera_last_frame_age_seconds', of()) > age + 1);
    cameras.say('resume 1');
    await until('recording', async () => (await daemon.camera(id)).status === 'recording', 60_000);

    const since = missing(first, 'camera');
    const last = await untilScrape(daemon, 'the gap', (now) =>
      now.value('ronin_camera_reconnects_total', of()) === 1 && missing(now, 'camera') >= since + age);
    for (const reason of reasons.filter((one) => one !== 'camera')) {
      assert.equal(missing(last, reason), missing(first, reason), reason);
    }
    assert.ok(
      last.value('ronin_camera_connection_attempts_total', of()) >
        first.value('ronin_camera_connection_attempts_total', of()),
    );

    // The timeline tells the same; a little later, so only what is over can be compared.
    const now = Date.now();
    const { items } = await daemon.json(`/api/timeline?camera_id=${id}&start=${now - 86_400_000}&end=${now}`);
    const seconds = ({ start, end }) => (Date.parse(end) - Date.parse(start)) / 1000;
    const gaps = items[0].gaps.reduce((all, gap) => all + seconds(gap), 0);
    const told = sum(last.all('ronin_camera_day_missing_seconds', of()));
    assert.ok(Math.abs(gaps - told) < 0.1, `${gaps} and ${told}`);
    const stopped = missing(last, 'stopped');
    const ratio = last.value('ronin_camera_day_coverage_ratio', of());
    assert.ok(Math.abs(ratio - day(last) / (day(last) + told - stopped)) < 1e-9, `${ratio}`);
  });

  test('any name of a camera is one label value; a restart has its reason, and counters begin anew', async () => {
    const name = 'The "back" \\ yard,\n{door} é';
    await daemon.stop();
    const script = 'import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n' +
      'c.execute("UPDATE camera SET name = ?", (sys.argv[2],))\nc.commit()\n';
    await run('python3', ['-c', script, path.join(daemon.dataDir, 'config.db'), name]);
    daemon = await Daemon.start({ dataDir: daemon.dataDir, args });
    await until('recording', async () => (await daemon.camera(id)).status === 'recording', 60_000);

    const scrape = await untilScrape(daemon, 'the day', (now) =>
      now.value('ronin_camera_day_missing_seconds', of({ camera: name, reason: 'restart' })) > 0);
    assert.equal(scrape.value('ronin_camera_status', of({ camera: name, status: 'recording' })), 1);
    assert.equal(scrape.value('ronin_camera_reconnects_total', of({ camera: name })), 0);
    assert.equal(scrape.value('ronin_camera_connection_attempts_total', of({ camera: name })), 1);

    assert.equal((await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' })).status, 204);
    const without = await Scrape.of(daemon);
    assert.deepEqual(without.all('ronin_camera_status'), [], 'a camera that is removed takes its series along');
  });
});

test('while the catalog is locked a scrape answers all the same, and says what waits', async (t) => {
  const cameras = await DemoCameras.start();
  t.after(() => cameras.stop());
  const daemon = await Daemon.start({ args });
  t.after(() => daemon.remove());
  const id = await addCamera(daemon, 'Yard', cameras.url);
  const script = 'import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n' +
    'c.execute("BEGIN EXCLUSIVE")\nprint("locked", flush=True)\nsys.stdin.read()\n';
  const stranger = spawn('python3', ['-c', script, path.join(daemon.dataDir, 'catalog.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => stranger.kill());
  await new Promise((done) => stranger.stdout.once('data', done));

  let slowest = 0;
  const timed = async () => {
    const begin = Date.now();
    const scrape = await Scrape.of(daemon);
    slowest = Math.max(slowest, Date.now() - begin);
    return scrape;
  };
  await until('a row waits', async () => (await timed()).value('ronin_catalog_rows_waiting') > 0, 60_000);
  assert.equal((await timed()).value('ronin_camera_recording', { camera_id: id }), 1);
  stranger.stdin.end();
  await until('none waits', async () => (await timed()).value('ronin_catalog_rows_waiting') === 0, 60_000);
  t.diagnostic(`slowest scrape: ${slowest} ms`);
  assertTook(slowest, 1500);
});
