// SPDX-License-Identifier: MIT
// A recorded file in the browser's own player: it knows how long the file is, and seeks in it.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

import { clip, record, secondOfGrey, withoutIndex } from './clips.mjs';

let folder;
let server;
let browser;

/** What a file server does that knows single ranges. */
async function answer(request, response) {
  if (!request.url.endsWith('.mp4')) {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Player</title>');
    return;
  }
  const file = path.join(folder, path.basename(request.url));
  const { size } = await stat(file);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  response.writeHead(range ? 206 : 200, {
    'Content-Type': 'video/mp4',
    'Accept-Ranges': 'bytes',
    'Content-Length': end - start + 1,
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  });
  createReadStream(file, { start, end }).pipe(response);
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ronin-players-'));
  server = http.createServer((request, response) => void answer(request, response));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the file, seeks to each of `times`; the duration, and the brightness found there. */
function look(page, url, times) {
  return page.evaluate(
    async ([source, places]) => {
      const within = (promise, what) =>
        Promise.race([
          promise,
          new Promise((_, fail) => setTimeout(() => fail(new Error(`no ${what} within 15 s`)), 15_000)),
        ]);
      const video = document.createElement('video');
      video.muted = true;
      const happens = (name) =>
        within(
          new Promise((done, fail) => {
            video.addEventListener(name, done, { once: true });
            video.addEventListener('error', () => fail(new Error(video.error.message)), { once: true });
          }),
          name,
        );
      const loaded = happens('loadeddata');
      video.src = source;
      await loaded;
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const seen = [];
      for (const place of places) {
        const sought = happens('seeked');
        video.currentTime = place;
        await sought;
        context.drawImage(video, 0, 0, 8, 8);
        seen.push({ at: video.currentTime, bright: context.getImageData(4, 4, 1, 1).data[0] });
      }
      return { duration: video.duration, seen };
    },
    [url, times],
  );
}

function assertRightPictures(seen, places) {
  for (const { at, bright } of seen) {
    const second = secondOfGrey(bright);
    assert.ok(Math.abs(second - Math.floor(at)) < 0.4, `at ${at} s is the picture of second ${second}`);
  }
  assert.deepEqual(
    seen.map(({ at }) => at),
    places,
  );
}

const places = [10.5, 3.5, 18.5];
for (const bFrames of [0, 3]) {
  for (const index of [true, false]) {
    const what = `with ${bFrames} B-frames in a row and ${index ? 'an' : 'no'} index`;
    test(`a recording ${what} plays from any place in Chromium`, async (t) => {
      const name = `clip-${bFrames}-${index}.mp4`;
      await (index ? record(folder, name, { bFrames }) : withoutIndex(folder, `clip-${bFrames}-true.mp4`, name));
      const { port } = server.address();
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);

      const { duration, seen } = await look(page, `http://127.0.0.1:${port}/${name}`, places);

      t.diagnostic(`duration ${duration}; ${JSON.stringify(seen)}`);
      assertRightPictures(seen, places);
      assert.ok(Math.abs(duration - clip.seconds) < 0.2, `it is said to last ${duration} s`);
      await page.close();
    });
  }
}
