// SPDX-License-Identifier: MIT
// Low-Latency HLS over HTTP: the rules of RFC 8216bis as a strict parser knows them, blocking
// reloads, what is listed is whole, plain players, and a camera that goes away and comes back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import HLS from 'hls-parser';

import { Daemon, DemoCameras, assertTook, frameNumbers, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();
HLS.setOptions({ strictMode: true });
const run = promisify(execFile);
const args = ['--set', 'allow_loopback_cameras=true', '--set', 'hls_idle_timeout_s=3', '--set', 'undo_s=1'];

let cameras;
let daemon;
let id;
let folder;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ronin-ll-'));
  cameras = await DemoCameras.start({ count: 2 });
  daemon = await Daemon.start({ args });
  const added = await daemon.post('/api/cameras', { name: 'Yard', url: cameras.urls[0], sub_url: cameras.urls[1] });
  ({ id } = await added.json());
  await until('the camera', async () => (await daemon.camera(id)).status === 'recording');
});
after(async () => {
  await daemon?.remove();
  await cameras?.stop();
  await rm(folder, { recursive: true, force: true });
});

const base = () => `/api/cameras/${id}/stream/ll/`;
const get = (name) => daemon.fetch(base() + name);

/** A playlist, checked: text, and what the strict parser makes of it. */
async function load(query = '') {
  const answer = await get(`playlist.m3u8${query}`);
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.equal(answer.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const text = await answer.text();
  return { text, read: HLS.parse(text) };
}

/** What the playlist ends with: the number of the open segment, and how many parts it has. */
function endOf({ read }) {
  const last = read.segments.at(-1);
  const hint = last.parts.at(-1);
  assert.ok(hint.hint, 'the last of all is a hint');
  const [, segment, part] = /^(\d+)\.(\d+)\.m4s/.exec(hint.uri);
  return { segment: Number(segment), part: Number(part) };
}

/** When the newest frame that is listed ended, in ms since 1970. */
function listedUntil({ read }) {
  const open = read.segments.findLast((one) => one.programDateTime);
  const listed = open.parts.filter((one) => !one.hint);
  const lasts = listed.length > 0 ? listed.reduce((sum, one) => sum + one.duration, 0) : open.duration;
  return open.programDateTime.getTime() + lasts * 1000;
}

const ask = ({ segment, part }, more = '') => `?_HLS_msn=${segment}&_HLS_part=${part}${more}`;

/** Follows the stream by blocking reloads for some playlists. */
async function follow(count, more = '') {
  const out = [await load()];
  while (out.length < count) out.push(await load(ask(endOf(out.at(-1)), more)));
  return out;
}

test('it starts at once, keeps the rules as it grows, and each part is there when it is listed', async (t) => {
  const begin = Date.now();
  const first = await load();
  t.diagnostic(`first playlist after ${Date.now() - begin} ms`);
  assert.match(first.text, /#EXT-X-GAP\n/);
  const seen = new Set();
  const times = [];
  const ages = [];
  let last = first;
  for (let i = 0; i < 60; i += 1) {
    const wanted = endOf(last);
    last = await load(ask(wanted));
    times.push(Date.now());
    ages.push(Date.now() - listedUntil(last));
    const now = endOf(last);
    assert.ok(now.segment > wanted.segment || now.part > wanted.part, 'it has what was waited for');
    for (const segment of last.read.segments) {
      for (const part of segment.parts.filter((one) => !one.hint && !seen.has(one.uri))) {
        seen.add(part.uri);
        const answer = await get(part.uri);
        assert.equal(answer.status, 200, part.uri);
        assert.match(answer.headers.get('cache-control'), /^private, max-age=\d+$/);
        const bytes = Buffer.from(await answer.arrayBuffer());
        // Whole boxes, the first of which begins a fragment.
        let at = 0;
        while (at < bytes.length) at += bytes.readUInt32BE(at);
        assert.equal(at, bytes.length, part.uri);
        assert.match(bytes.toString('latin1', 4, 8), /moof|prft/);
      }
    }
  }
  assert.equal(last.read.targetDuration, first.read.targetDuration);
  const steps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  t.diagnostic(`between parts: median ${steps[30]} ms, longest ${steps.at(-1)} ms; target ${last.read.partTargetDuration} s`);
  ages.sort((a, b) => a - b);
  t.diagnostic(`the end of what is listed is as old as: median ${ages[30]} ms, p95 ${ages[56]} ms`);
  assertTook(steps[30], 200, 'a part is a tenth of a second');
});

test('frames are gapless over parts, and the same in segments', async () => {
  await until('some segments', async () => (await load()).read.segments.filter((one) => one.uri && !one.gap).length >= 4);
  const { read } = await load();
  const init = Buffer.from(await (await get(read.segments[0].map.uri)).arrayBuffer());
  const whole = read.segments.filter((one) => one.uri !== '' && !one.gap);
  const pieces = [];
  for (const segment of whole) {
    const answer = await get(segment.uri);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'video/mp4');
    const bytes = Buffer.from(await answer.arrayBuffer());
    pieces.push(bytes);
    const listed = segment.parts.filter((one) => !one.hint);
    if (listed.length === 0) continue;
    const parts = [];
    for (const part of listed) parts.push(Buffer.from(await (await get(part.uri)).arrayBuffer()));
    assert.ok(Buffer.concat(parts).equals(bytes), `${segment.uri} is the sum of its parts`);
    // A segment alone begins with a keyframe: its pictures can be decoded.
    const alone = path.join(folder, 'alone.mp4');
    await writeFile(alone, Buffer.concat([init, bytes]));
    const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', alone, '-f', 'null', '-']);
    assert.equal(stderr, '');
  }
  const file = path.join(folder, 'pieces.mp4');
  await writeFile(file, Buffer.concat([init, ...pieces]));
  const numbers = await frameNumbers(file);
  assert.ok(numbers.length >= 50);
  numbers.forEach((number, i) => assert.equal(number, numbers[0] + i, `frame ${i}`));
});

test('delta updates leave out old segments, and add up to the whole', async () => {
  await until('a playlist that is long enough', async () => /EXT-X-SKIP/.test((await load('?_HLS_skip=YES')).text), 30_000);
  const [, whole] = await follow(2);
  const delta = await load(ask(endOf(whole), '&_HLS_skip=v2'));
  const { skip } = delta.read;
  assert.ok(skip > 0);
  const uris = (playlist) => playlist.read.segments.map((one) => one.uri).filter(Boolean);
  const known = uris(whole).slice(delta.read.mediaSequenceBase - whole.read.mediaSequenceBase);
  const merged = [...known.slice(0, skip), ...uris(delta)];
  const next = await load();
  const common = uris(next).filter((uri) => merged.includes(uri));
  assert.ok(common.length >= uris(next).length - 1);
  assert.deepEqual(merged.slice(-common.length), common);
});

test('directives that make no sense are told so at once', async () => {
  const end = endOf(await load());
  for (const query of [
    '?_HLS_part=0', '?_HLS_msn=x', '?_HLS_msn=-1', `?_HLS_msn=${end.segment}&_HLS_part=1.5`, '?_HLS_skip=NO',
    `?_HLS_msn=${end.segment + 3}`, `?_HLS_msn=${end.segment}&_HLS_part=${end.part + 100}`, '?stream=third',
  ]) {
    const answer = await get(`playlist.m3u8${query}`);
    assert.equal(answer.status, 400, query);
    assert.match(answer.headers.get('content-type'), /problem\+json/);
  }
  assert.equal((await get('playlist.m3u8?_HLS_msn=1')).status, 200, 'long gone, so at once');
  for (const name of ['1.m4s', '1.0.m4s', `${end.segment}.99.m4s`, `${end.segment + 5}.m4s`, 'init.mp4?id=7']) {
    assert.equal((await get(name)).status, 404, name);
  }
  assert.equal((await daemon.fetch('/api/cameras/99/stream/ll/playlist.m3u8')).status, 404);
});

test('a request for the part that is hinted at waits for it, once', async (t) => {
  let waited = 0;
  for (let i = 0; i < 10; i += 1) {
    const playlist = await load(ask(endOf(await load())));
    const hint = playlist.read.segments.at(-1).parts.at(-1);
    const begin = performance.now();
    const answer = await get(hint.uri);
    const took = performance.now() - begin;
    // Where the GOP ended earlier than the one before, the part never comes.
    assert.ok([200, 404].includes(answer.status), `${answer.status}`);
    if (answer.status !== 200) continue;
    if (took > 10) waited += 1;
    assert.ok((await answer.arrayBuffer()).byteLength > 0);
  }
  t.diagnostic(`${waited} of 10 had to wait`);
  assert.ok(waited >= 3);
});

test('blocked requests of clients that left cost nothing, and many are bounded', async () => {
  cameras.say('stall 1');
  const { hostname, port } = new URL(daemon.url);
  for (let i = 0; i < 20; i += 1) {
    const target = `${base()}playlist.m3u8${ask(endOf(await load()))}`;
    const request = http.get({ hostname, port, path: target, agent: false }).on('error', () => {});
    const [socket] = await once(request, 'socket');
    await once(socket, 'connect');
    request.destroy();
  }
  const end = endOf(await load());
  const statuses = await Promise.all(Array.from({ length: 150 }, async () =>
    (await daemon.fetch(`${base()}playlist.m3u8${ask(end)}`)).status));
  assert.ok(statuses.includes(503), 'some are turned away, or told that nothing came');
  assert.ok(statuses.every((status) => [200, 503].includes(status)));
  cameras.say('resume 1');
  await until('the camera again', async () => (await get('playlist.m3u8')).status === 200);
});

describe('a camera that goes away', () => {
  test('is told at once, and comes back in the same playlist with a discontinuity', async () => {
    await until('it', async () => (await get('playlist.m3u8')).status === 200);
    const before = await load();
    cameras.say('refuse 1 port');
    cameras.say('close 1');
    const answer = await until('a 503', async () => {
      const one = await get('playlist.m3u8');
      return one.status === 503 && one;
    });
    assert.match((await answer.json()).detail, /Nothing listens|connection|camera/i);
    assert.equal(answer.headers.get('retry-after'), '1');
    cameras.say('allow 1');
    const stay = setInterval(() => get('playlist.m3u8').catch(() => {}), 500);
    const after = await until('it back', async () => {
      const one = await get('playlist.m3u8');
      return one.status === 200 && { text: await one.text() };
    }).finally(() => clearInterval(stay));
    after.read = HLS.parse(after.text);
    assert.equal(after.read.targetDuration, before.read.targetDuration);
    assert.ok(endOf(after).segment > endOf(before).segment);
    assert.match(after.text, /#EXT-X-DISCONTINUITY\n#EXT-X-MAP/);
    await follow(20);
  });
});

const clipFrames = 250;

/** The numbers in raw I420 pictures, as src/demo/bar_code.h describes them. */
function numbersIn(bytes, width, height) {
  const size = (width * height * 3) / 2;
  const row = width * Math.floor(height / 30); // the middle of the strip
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, picture) => {
    const bits = Array.from({ length: 32 }, (__, cell) =>
      bytes[picture * size + row + Math.floor(((cell + 0.5) * width) / 32)] > 125 ? 1 : 0);
    assert.equal([...bits.slice(0, 4), ...bits.slice(30)].join(''), '101001', `picture ${picture} has a bar code`);
    return bits.slice(4, 28).reduce((number, bit) => number * 2 + bit, 0);
  });
}

describe('plain players', () => {
  const url = () => `${daemon.url}${base()}playlist.m3u8`;

  test('ffprobe and ffmpeg read it, every frame once', async () => {
    // ffmpeg begins three segments before the end, and to it the time without a camera is time that passed.
    await until('segments since the camera came back', async () => {
      const whole = (await load()).read.segments.filter((one) => one.uri && !one.gap);
      return whole.slice(Math.max(0, whole.findLastIndex((one) => one.discontinuity))).length > 4;
    });
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'json', url()],
    ], { timeout: 60_000 });
    assert.equal(JSON.parse(stdout).streams[0].codec_name, 'h264');
    const file = path.join(folder, 'read.mp4');
    await run('ffmpeg', ['-v', 'error', '-y', '-i', url(), '-t', '6', '-c', 'copy', file], { timeout: 60_000 });
    const numbers = await frameNumbers(file);
    assert.ok(numbers.length >= 125);
    numbers.forEach((number, i) => assert.equal(number, numbers[0] + i, `frame ${i}`));
  });

  test('VLC plays it, every frame once', async (t) => {
    // VLC refuses to run as root.
    const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
    const home = await mkdtemp(path.join(tmpdir(), 'ronin-ll-vlc-'));
    await chmod(home, 0o777);
    const raw = path.join(home, 'seen.yuv');
    const sink = `#transcode{vcodec=I420}:std{access=file,mux=dummy,dst=${raw}}`;
    const options = ['-I', 'dummy', '--no-dbus', '--avcodec-hw=none', '--no-sout-audio', '--run-time=8'];
    try {
      await run('vlc', [...options, '--sout', sink, url(), 'vlc://quit'], {
        ...nobody, cwd: home, env: { PATH: process.env.PATH, HOME: home }, timeout: 60_000, maxBuffer: 16 << 20,
      });
      const numbers = numbersIn(await readFile(raw), 640, 360);
      t.diagnostic(`${numbers.length} pictures from ${numbers[0]} on`);
      assert.ok(numbers.length >= 100, `${numbers.length} pictures`);
      numbers.forEach((number, i) => assert.equal(number, (numbers[0] + i) % clipFrames, `picture ${i}`));
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  test('ffmpeg starts while there is only the gap', async () => {
    await until('it to be idle', async () => (await daemon.fetch(`${base()}init.mp4`)).status === 404, 30_000, 500);
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-read_intervals', '%+1', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', url()],
    ], { timeout: 60_000 });
    assert.ok(stdout.trim().split('\n').length > 10);
  });
});

test('the sub stream is connected for it, and let go afterwards', async () => {
  const answer = await get('playlist.m3u8?stream=sub');
  assert.equal(answer.status, 200, await answer.clone().text());
  const text = await answer.text();
  HLS.parse(text);
  const [piece] = /\d+\.\d+\.m4s\?stream=sub/.exec(text);
  assert.equal((await get(piece)).status, 200);
  const [init] = /init\.mp4\?stream=sub&id=\d+/.exec(text);
  assert.equal((await get(init)).status, 200);
  await until('it is let go', async () => (await daemon.camera(id)).sub.status === 'idle', 60_000, 500);
});

test('a camera without a sub stream, or without a name, is not found', async () => {
  const added = await (await daemon.post('/api/cameras', { name: 'Shed', url: cameras.urls[1], enabled: false })).json();
  assert.equal((await daemon.fetch(`/api/cameras/${added.id}/stream/ll/playlist.m3u8?stream=sub`)).status, 404);
  const off = await daemon.fetch(`/api/cameras/${added.id}/stream/ll/playlist.m3u8`);
  assert.equal(off.status, 503);
  assert.match((await off.json()).detail, /switched off/);
});

test('numbers rise over a restart of the recorder', async () => {
  // Numbers begin with the time in quarters of a second, and a stream begins with what was there
  // before: only one that is older than that is sure to be overtaken.
  const first = endOf(await load());
  const before = await until('two more segments', async () => {
    const now = endOf(await load());
    return now.segment >= first.segment + 2 && now;
  });
  const { dataDir, storage } = daemon;
  await daemon.stop();
  daemon = await Daemon.start({ args, dataDir, storage });
  await until('the camera', async () => (await get('playlist.m3u8')).status === 200);
  const end = endOf(await load());
  assert.ok(end.segment > before.segment, `${JSON.stringify(before)}, then ${JSON.stringify(end)}`);
});
