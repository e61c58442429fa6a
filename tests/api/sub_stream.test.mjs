// SPDX-License-Identifier: MIT
// The sub stream of a camera over HTTP: recorded or looked at, changed, lost, found again on the disk, removed.
import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, Socket, assertPlays, frameNumbers, runProgram, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();
const args = ['--set', 'allow_loopback_cameras=true', '--set', 'undo_s=1', '--set', 'hls_idle_timeout_s=3'];

describe('a camera with a sub stream', () => {
  let cameras;
  let daemon;
  let id;
  const change = async (fields) => {
    const answer = await daemon.fetch(`/api/cameras/${id}`, {
      ...{ method: 'PATCH', headers: { 'Content-Type': 'application/json' } },
      body: JSON.stringify(fields),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  const status = () => daemon.json(`/api/cameras/${id}/recording/status`);
  const sub = async (wanted) => {
    await until(`the sub stream is ${wanted}`, async () => (await daemon.camera(id)).sub.status === wanted);
    return (await daemon.camera(id)).sub;
  };
  const rows = (stream) => daemon.recordings(`&camera_id=${id}&stream=${stream}`);
  const timeline = async (stream) => {
    const now = Date.now();
    const query = `camera_id=${id}&stream=${stream}&start=${now - 3_600_000}&end=${now + 60_000}`;
    return (await daemon.json(`/api/timeline?${query}`)).items[0];
  };
  /** All but the one before the first picture, which may come too soon for one. */
  const holesOfMain = async () => (await causes('main')).filter((cause, at) => at > 0 || cause !== 'camera connecting');
  const causes = async (stream) => (await timeline(stream)).gaps.map((gap) => `${gap.reason} ${gap.detail}`);
  /** Some pictures more of the main stream. */
  const pictures = async (count = 25) => {
    const from = await cameras.newest(1);
    await until('some pictures', async () => (await cameras.newest(1)) >= from + count);
  };

  before(async () => {
    cameras = await DemoCameras.start({ count: 2 });
    daemon = await Daemon.start({ args });
    const answer = await daemon.post('/api/cameras', { name: 'Yard', url: cameras.urls[0], sub_url: cameras.urls[1] });
    assert.equal(answer.status, 201, await answer.clone().text());
    ({ id } = await answer.json());
  });
  after(async () => {
    await daemon?.remove();
    await cameras?.stop();
  });

  test('it is idle until somebody looks at it, and after that again', async () => {
    await until('the main stream', async () => (await daemon.camera(id)).status === 'recording');
    assert.deepEqual((await sub('idle')).stream, { video: null, audio: null });
    assert.equal((await daemon.fetch(`/api/cameras/${id}/stream/hls/playlist.m3u8?stream=third`)).status, 400);
    const playlist = await until('a playlist', async () => {
      const answer = await daemon.fetch(`/api/cameras/${id}/stream/hls/playlist.m3u8?stream=sub`);
      return answer.status === 200 && answer.text();
    });
    const [piece] = /^\d+\.ts\?stream=sub$/m.exec(playlist);
    assert.equal((await daemon.fetch(`/api/cameras/${id}/stream/hls/${piece}`)).status, 200);
    assert.equal((await daemon.fetch(`/api/cameras/${id}/stream/hls/${piece.replace(/\?.*/, '')}`)).status, 404);
    assert.equal((await sub('online')).stream.video.codec, 'h264');
    await sub('idle');
    const picture = await daemon.fetch(`/api/cameras/${id}/snapshot.jpg`);
    assert.equal(picture.status, 200, 'that of the main stream stays');
    assert.deepEqual(await rows('sub'), []);
    assert.deepEqual((await timeline('sub')).spans, []);
  });

  test('it is recorded when that is switched on, and said to be', async () => {
    const shown = await change({ record_sub: true });
    assert.equal(shown.sub.status, 'connecting');
    const { stream, last_error: error, status_since: since } = await sub('recording');
    assert.equal(stream.video.width, 640);
    assert.equal(error, null);
    const { recording, sub: inner } = await status();
    assert.deepEqual([recording, inner.recording], [true, true]);
    assert.match(inner.current_file, /^Yard\/sub\/\d{4}-\d\d-\d\d\/\d\d-\d\d-\d\d(-\d)?\.mp4$/);
    const [row] = await rows('sub');
    assert.deepEqual([row.stream, row.path], ['sub', inner.current_file]);
    const answer = await daemon.post(`/api/cameras/${id}/test?stream=sub`, '');
    assert.equal((await answer.json()).ok, true);
    assert.deepEqual([(await daemon.camera(id)).sub.status_since, (await status()).sub.reconnects], [since, 0]);
    const metrics = await (await daemon.fetch('/metrics')).text();
    for (const one of ['main', 'sub']) {
      assert.match(metrics, new RegExp(`^ronin_camera_recording\\{camera_id="${id}",camera="Yard",stream="${one}"\\} 1$`, 'm'));
    }
  });

  test('what is lost of it is told of it, pushed, and no matter of the main one', async (t) => {
    const socket = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
    t.after(() => socket.close());
    cameras.say('refuse 2 port');
    cameras.say('close 2');
    await socket.message('it is offline', (one) => one.camera?.sub.status === 'offline' && one.camera.sub.last_error);
    assert.equal((await daemon.json('/health')).status, 'degraded');
    await pictures();
    assert.equal((await daemon.camera(id)).status, 'recording');
    cameras.say('allow 2');
    await sub('recording');

    const { spans, gaps } = await timeline('sub');
    assert.equal(spans.length, 2);
    assert.ok(gaps.length > 0);
    assert.ok(gaps.every((gap) => ['camera', 'network'].includes(gap.reason)), JSON.stringify(gaps));
    assert.deepEqual(await holesOfMain(), []);
  });

  test('a rename, and all that is changed of it, loses no picture of the main one', async () => {
    const { status_since: since } = await daemon.camera(id);
    const first = await cameras.newest(1);
    const before = (await daemon.camera(id)).sub.status_since;
    await change({ name: 'Garden' });
    await pictures();
    assert.equal((await daemon.camera(id)).sub.status_since, before, 'nor of the sub stream');
    await change({ record_sub: false });
    await sub('idle');
    await pictures();
    await change({ record_sub: true });
    await sub('recording');
    await change({ record_sub: false, sub_url: null });
    assert.deepEqual([(await daemon.camera(id)).sub, (await status()).sub], [null, null]);
    assert.equal((await daemon.fetch(`/api/cameras/${id}/stream/hls/playlist.m3u8?stream=sub`)).status, 404);
    await change({ sub_url: cameras.urls[1], record_sub: true });
    await sub('recording');
    await pictures();
    const last = await cameras.newest(1);
    await pictures(10);

    assert.equal((await daemon.camera(id)).status_since, since);
    assert.deepEqual(await holesOfMain(), []);
    assert.ok((await causes('sub')).includes('stopped '), JSON.stringify(await causes('sub')));
    await change({ record: false });
    await sub('idle');
    const closed = async (stream) => {
      const all = await rows(stream);
      return all.every((one) => one.state === 'complete') && all;
    };
    const numbers = [];
    for (const one of await until('closed files', () => closed('main'))) {
      numbers.push(...(await frameNumbers(path.join(daemon.storage, one.path))));
    }
    assert.ok(numbers[0] <= first && numbers.at(-1) >= last, `${numbers[0]} to ${numbers.at(-1)}, not ${first} to ${last}`);
    numbers.forEach((number, at) => assert.equal(number, numbers[0] + at));
    for (const one of await until('closed files', () => closed('sub'))) {
      assert.match(one.path, /^Yard\/sub\//);
      await assertPlays(path.join(daemon.storage, one.path));
    }
  });

  test('a catalog that is built from the files has both', async () => {
    const keep = ({ camera_id: camera, stream, start, path: file }) => ({ camera, stream, start, file });
    const all = async () => [...(await rows('main')), ...(await rows('sub'))].map(keep);
    const found = await all();
    await daemon.stop();
    const catalog = (work) => runProgram(['--data-dir', daemon.dataDir, 'catalog', work]);
    assert.equal((await catalog('check')).code, 0);
    await rm(path.join(daemon.dataDir, 'catalog.db'));
    const rebuilt = await catalog('rebuild');
    assert.match(rebuilt.stdout, new RegExp(`the catalog was built from ${found.length} files\n$`));
    assert.equal((await catalog('check')).code, 0);

    daemon = await Daemon.start({ args, dataDir: daemon.dataDir });
    assert.deepEqual(await all(), found);
    assert.equal((await daemon.camera(id)).sub.status, 'idle');
    await change({ record: true });
    await sub('recording');
    assert.ok((await causes('sub')).includes('stopped '), JSON.stringify(await causes('sub')));
  });

  test('a kill leaves a row for the open file of each', async () => {
    await pictures();
    const open = [...(await rows('main')), ...(await rows('sub'))].filter((one) => one.state === 'recording');
    assert.deepEqual(open.map((one) => one.stream), ['main', 'sub']);
    await daemon.kill();
    daemon = await Daemon.start({ args, dataDir: daemon.dataDir });
    for (const one of open) {
      await until(`${one.path} is recovered`, async () =>
        (await rows(one.stream)).some((row) => row.path === one.path && row.state === 'recovered' && row.duration_s > 0));
    }
    await sub('recording');
    assert.ok((await causes('sub')).includes('crash '), JSON.stringify(await causes('sub')));
  });

  test('its footage goes with the camera', async () => {
    const answer = await daemon.fetch(`/api/cameras/${id}?footage=delete`, { method: 'DELETE' });
    assert.equal(answer.status, 204);
    await until('the folder is gone', async () => !(await readdir(daemon.storage)).includes('Yard'));
    assert.deepEqual([await rows('main'), await rows('sub')], [[], []]);
  });
});
