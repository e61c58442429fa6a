// SPDX-License-Identifier: MIT
// The live player against the real recorder: by each of its ways, and back after each thing that
// can happen to it. How late a picture is, is read from the picture itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { end, launchBrowser, openIn } from './browser.mjs';
import { Daemon, DemoCameras, until } from './daemon.mjs';
import { latenciesOf, pausesOf, percentile, watchPictures } from './picture.mjs';

let browser;
let daemon;
let cameras;
let yard;
let port;
const name = 'Yard';

before(async () => {
  cameras = await DemoCameras.startFake(['--count=1', '--size=1920x1080', '--kbit=4000']);
  daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
  ({ port } = new URL(daemon.url));
  const sub = await DemoCameras.startFake(['--count=1', '--size=640x360']);
  cameras.sub = sub;
  const answer = await daemon.post('/api/cameras', { name, url: cameras.url, sub_url: sub.url });
  assert.equal(answer.status, 201);
  yard = (await answer.json()).id;
  await until('it records', async () => (await daemon.camera(yard)).status === 'recording');
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await cameras?.sub?.stop();
  await cameras?.stop();
  await daemon?.remove();
});

async function open(target, prepare = async () => {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const opened = await openIn(
    { newPage: async () => {
      const page = await context.newPage();
      await page.addInitScript(watchPictures);
      await prepare(page);
      return page;
    } },
    daemon,
    target,
  );
  return { ...opened, tile: opened.page.getByRole('article', { name }) };
}

async function close({ page, complaints }, { mayComplain = false } = {}) {
  if (mayComplain) await page.context().close();
  else await end(page, complaints).then(() => page.context().close());
}

const stateOf = (tile) => tile.getAttribute('data-state');
const transportOf = async (tile) => {
  const video = tile.locator('video');
  return `${await video.getAttribute('data-transport')} ${await video.getAttribute('data-stream')}`;
};
const untilLive = (tile, limitMs) =>
  until('it is live', async () => (await stateOf(tile)) === 'live', limitMs, 50);
const untilTransport = (tile, wanted, limitMs = 90_000) =>
  until(`it comes by ${wanted}`, async () => (await transportOf(tile)) === wanted, limitMs, 50);

/** What is seen in the next `seconds`. */
async function measure(t, { page }, what, seconds = 6, source = cameras) {
  const since = await page.evaluate(() => Date.now());
  await until('some seconds are over', () => page.evaluate((at) => Date.now() > at, since + seconds * 1000),
    60_000);
  const latencies = await latenciesOf(page, source, name, since);
  const pauses = await pausesOf(page, name, since);
  const own = await page.evaluate((key) => {
    const video = document.querySelector(`article[aria-label="${key}"] video`);
    return video.videoWidth > 0 ? Date.now() - video.currentTime * 1000 : null;
  }, name);
  if (own !== null) t.diagnostic(`${what}: by its own clock ${Math.round(own)} ms, rate ${await page.evaluate(() => document.querySelector('article video').playbackRate)}`);
  const [p50, p95] = [0.5, 0.95].map((share) => Math.round(percentile(latencies, share)));
  t.diagnostic(`${what}: p50 ${p50} ms, p95 ${p95} ms of ${latencies.length} pictures, ${pauses.length} pauses`);
  // Figures are for a quiet machine, and for the benchmark; this must hold on any.
  assert.ok(latencies.length > seconds, `${what}: ${latencies.length} pictures in ${seconds} s`);
  return { p50, p95, pauses };
}

async function firstFrame({ page }) {
  return page.evaluate(async (key) => {
    for (;;) {
      const moving = (globalThis.pictures[key] ?? []).filter(({ number }) => number !== null);
      if (moving.length > 1) return moving[1].at - performance.timeOrigin;
      await new Promise((done) => requestAnimationFrame(done));
    }
  }, name);
}

test('a tile moves soon, a moment behind the camera, from its sub stream', async (t) => {
  const opened = await open('/live');
  t.diagnostic(`first moving picture after ${Math.round(await firstFrame(opened))} ms, as a new viewer`);
  await untilLive(opened.tile);
  await untilTransport(opened.tile, 'websocket sub');
  // What it shows is noted a second later, for the next time.
  await until('it is noted', () => opened.page.evaluate(() => localStorage.getItem('ronin.live.shown')));
  await measure(t, opened, 'settling', 6, cameras.sub);
  await measure(t, opened, 'websocket, tile', 10, cameras.sub);
  await opened.page.reload();
  t.diagnostic(`first moving picture after ${Math.round(await firstFrame(opened))} ms, the second time`);
  await close(opened);
});

test('an enlarged camera is drawn at once, and no picture is lost on the way there', async (t) => {
  const opened = await open('/live');
  await untilTransport(opened.tile, 'websocket sub');
  await untilLive(opened.tile);
  const asked = await opened.page.evaluate(() => Date.now());
  await opened.page.getByRole('button', { name: `Enlarge ${name}` }).click();
  // A computer that does not keep up with decoding is given the player of the browser in its place.
  const by = await until('the main stream', async () => {
    const found = await transportOf(opened.tile);
    return / main$/.test(found) ? found : null;
  }, 90_000, 50);
  t.diagnostic(`enlarged it comes by ${by}`);
  const log = await opened.page.evaluate((key) => globalThis.pictures[key], name);
  const main = log.find(({ at, width }) => at > asked && width > 640);
  t.diagnostic(`main stream after ${main.at - asked} ms`);
  const blank = log.filter(({ at, number }) => at > asked && number === null);
  assert.deepEqual(blank, [], 'a picture without a number was seen');
  await measure(t, opened, by, 10);
  await opened.page.getByRole('button', { name: 'Back to all cameras' }).click();
  await untilTransport(opened.tile, 'websocket sub');
  await close(opened);
});

test('without a decoder of its own the page enlarges in the same video', async (t) => {
  const opened = await open('/live', (page) =>
    page.addInitScript(() => Reflect.deleteProperty(globalThis, 'VideoDecoder')));
  await untilTransport(opened.tile, 'websocket sub');
  await untilLive(opened.tile);
  const asked = await opened.page.evaluate(() => Date.now());
  await opened.page.getByRole('button', { name: `Enlarge ${name}` }).click();
  await untilTransport(opened.tile, 'websocket main');
  const seen = () => opened.page.evaluate((key) => globalThis.pictures[key], name);
  const isMain = ({ at, width }) => at > asked && width > 640;
  // It is named with its first picture, which is in the log a frame later.
  await until('its first picture', async () => (await seen()).some(isMain), 5000, 50);
  const log = await seen();
  const main = log.find(isMain);
  t.diagnostic(`main stream after ${main.at - asked} ms`);
  assert.deepEqual(log.filter(({ at, number }) => at > asked && number === null), []);
  await measure(t, opened, 'settling');
  await measure(t, opened, 'websocket, main', 10);
  await close(opened);
});

test('a camera that stands still is not shown as live, and moves again by itself', async () => {
  const opened = await open('/live');
  await untilLive(opened.tile);
  // Both streams: else the other would take the place of the one that stands.
  for (const one of [cameras, cameras.sub]) one.say('stall 1');
  try {
    await until('it is called old', async () => (await stateOf(opened.tile)) === 'delayed', 20_000);
  } finally {
    for (const one of [cameras, cameras.sub]) one.say('resume 1');
  }
  await untilLive(opened.tile, 60_000);
  await close(opened);
});

test('a sub stream that is gone has the main one in its place, until it is there again', async (t) => {
  const opened = await open('/live');
  await untilTransport(opened.tile, 'websocket sub');
  cameras.sub.say('refuse 1 503');
  try {
    cameras.sub.say('close 1');
    await untilTransport(opened.tile, 'websocket main');
    await untilLive(opened.tile);
    await measure(t, opened, 'the main stream in the place of the other');
  } finally {
    cameras.sub.say('allow 1');
  }
  await untilTransport(opened.tile, 'websocket sub', 60_000);
  await measure(t, opened, 'the sub stream again', 6, cameras.sub);
  await close(opened);
});

test('another resolution is followed without an end', async () => {
  const opened = await open('/live');
  await untilLive(opened.tile);
  const width = () => opened.tile.locator('video').evaluate((video) => video.videoWidth);
  // It may be on its way back from the test before, with the main stream in its place.
  await until('it is the sub stream', async () => (await width()) === 640, 60_000);
  cameras.sub.say('switch 1 1280x720');
  await until('it is larger', async () => (await width()) === 1280, 60_000);
  await untilLive(opened.tile);
  cameras.sub.say('switch 1 640x360');
  await until('it is as before', async () => (await width()) === 640, 60_000);
  await untilLive(opened.tile);
  await close(opened);
});

test('a page that was hidden shows the present when it is seen again', async (t) => {
  const opened = await open('/live');
  await untilLive(opened.tile);
  const hide = (isHidden) => opened.page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
  await hide(true);
  await until('its stream ended', () => opened.tile.locator('video').evaluate((video) => video.src === ''), 30_000);
  await hide(false);
  await untilLive(opened.tile);
  await measure(t, opened, 'after it was hidden', 5, cameras.sub);
  await close(opened);
});

test('where no WebSocket comes through, HLS takes its place, and then single pictures', async (t) => {
  const opened = await open('/live', async (page) => {
    await page.addInitScript(() => {
      const Real = globalThis.WebSocket;
      globalThis.blocksLive = true;
      globalThis.WebSocket = class extends Real {
        constructor(url, protocol) {
          // A port where nobody listens, as behind a proxy that knows no sockets.
          super(globalThis.blocksLive && String(url).includes('/api/live') ? 'ws://127.0.0.1:1/' : url, protocol);
        }
      };
    });
  });
  const by = await until('another way', async () => {
    const found = await transportOf(opened.tile);
    return /^(ll-hls|hls) /.test(found) ? found : null;
  }, 60_000);
  t.diagnostic(`without WebSockets it comes by ${by}`);
  await untilLive(opened.tile);
  await opened.page.route(/\/stream\/(ll|hls)\//, (route) => route.abort());
  await until('single pictures', async () => /^jpeg /.test(await transportOf(opened.tile)), 90_000);
  await untilLive(opened.tile);
  // The best way is taken again by itself.
  await opened.page.evaluate(() => (globalThis.blocksLive = false));
  await untilTransport(opened.tile, 'websocket sub', 90_000);
  await untilLive(opened.tile);
  await close(opened, { mayComplain: true });
});

test('the recorder is killed and started again: the page comes back without a reload', async (t) => {
  const opened = await open('/live');
  await untilLive(opened.tile);
  await opened.page.evaluate(() => (globalThis.isSamePage = true));
  const { dataDir } = daemon;
  await daemon.kill();
  await until('it says so', async () => /reconnecting|delayed/.test(await stateOf(opened.tile)), 20_000);
  daemon = await Daemon.launch({ dataDir, args: ['--listen', `127.0.0.1:${port}`, '--set', 'allow_loopback_cameras=true'] });
  await daemon.line(/^ready /, 60_000);
  const ready = Date.now();
  await until('it moves', async () => (await stateOf(opened.tile)) === 'live', 60_000, 50);
  t.diagnostic(`moving ${Date.now() - ready} ms after the recorder was ready`);
  assert.equal(await opened.page.evaluate(() => globalThis.isSamePage), true);
  await close(opened, { mayComplain: true });
});
