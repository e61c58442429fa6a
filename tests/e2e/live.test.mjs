// SPDX-License-Identifier: MIT
// What a person sees: live pictures and recordings.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, end, launchBrowser, openIn, screenshots, sizes } from './browser.mjs';
import { Daemon, until } from './daemon.mjs';

let browser;
let daemon;

before(async () => {
  daemon = await Daemon.start({ demo: 5 });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await daemon?.remove();
});

/** A page of the daemon, and its complaints. */
const openPage = (target, viewport) => openIn(browser, daemon, target, viewport);

async function assertMoves(video) {
  const first = await video.evaluate((element) => element.currentTime);
  await until('the picture moves', () =>
    video.evaluate((element, from) => element.currentTime > from + 0.5 && element.readyState >= 2, first),
  );
}

test('every tile of the live page moves', async (t) => {
  const started = Date.now();
  const { page, complaints } = await openPage('/live');
  const videos = page.getByLabel(/^Live picture of /);
  const isMoving = (element) => element.readyState >= 2 && element.currentTime > 0;
  await until('a first moving picture', async () => (await videos.evaluateAll((all) =>
    all.map((one) => one.readyState >= 2 && one.currentTime > 0 && !one.paused))).some(Boolean), 30_000, 20);
  t.diagnostic(`first moving picture after ${((Date.now() - started) / 1000).toFixed(2)} s`);
  for (const name of ['Front door', 'Driveway', 'Garden', 'Garage']) {
    const video = page.getByLabel(`Live picture of ${name}`);
    await until('a picture', () => video.evaluate(isMoving));
    await assertMoves(video);
  }
  await end(page, complaints);
});

test('a tile says why it has no picture, and the others go on', async () => {
  // The port of a server that is gone: nobody listens there.
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  const url = `rtsp://127.0.0.1:${port}/stream`;
  const { id } = await (await daemon.post('/api/cameras', { name: 'Shed', url })).json();
  const wrong = new URL((await daemon.camera(1)).url);
  wrong.pathname = '/nowhere';
  const second = await (await daemon.post('/api/cameras', { name: 'Attic', url: wrong.href })).json();
  const { page, complaints } = await openPage('/live');

  const tile = (name) => page.getByRole('article', { name });
  await tile('Shed').getByText(/Nothing listens at 127\.0\.0\.1:\d+; check the port/).waitFor();
  await tile('Attic').getByText(/no stream at this path \(404\)/).waitFor();
  await tile('Street').getByText(/This browser cannot play H\.265/).waitFor();
  await assertMoves(page.getByLabel('Live picture of Front door'));
  await page.screenshot({ path: path.join(screenshots, 'live-faults-1280.png') });

  for (const one of [id, second.id]) await daemon.fetch(`/api/cameras/${one}`, { method: 'DELETE' });
  await tile('Shed').waitFor({ state: 'detached' });
  await end(page, complaints);
});

for (const size of sizes) {
  test(`live and recordings are accessible at ${size.width} px`, async () => {
    await until('a recording', async () => (await daemon.recordings()).length > 0);
    for (const name of ['live', 'recordings']) {
      const { page, complaints } = await openPage(`/${name}`, size);
      if (name === 'live') await assertMoves(page.getByLabel(/^Live picture of /).first());
      else await page.getByRole('list').getByRole('button').first().waitFor();
      await page.screenshot({ path: path.join(screenshots, `${name}-${size.width}.png`) });
      await assertAccessible(page, `${name} at ${size.width}`);
      await assertFits(page, `${name} at ${size.width}`);
      await end(page, complaints);
    }
  });
}

test('a finished recording plays and seeks', async () => {
  const recording = await until('a finished recording', async () =>
    (await daemon.recordings()).find((one) =>
      // Chromium here plays no H.265, and which camera is first is chance.
      one.state === 'complete' && one.duration_s > 5 && one.video.codec === 'h264'));
  const day = recording.start.slice(0, 10);
  const { page, complaints } = await openPage(
    `/recordings?camera=${recording.camera_id}&day=${day}&rec=${recording.id}`);
  const video = page.getByLabel(/^Recording of /);
  await video.waitFor();
  await assertMoves(video);
  const slider = page.getByRole('slider', { name: 'Position in the recording' });
  assert.match(await slider.getAttribute('aria-valuetext'), / of .*\d/);
  assert.ok(Math.abs(Number(await slider.getAttribute('max')) - recording.duration_s) <= 1);
  const position = () => video.evaluate((element) => element.currentTime);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await slider.fill('5');
  await until('the slider seeks', async () => Math.abs((await position()) - 5) < 0.2);
  await page.getByRole('button', { name: 'Play', exact: true }).focus();
  await page.keyboard.press('ArrowLeft');
  await until('the left key seeks back', async () => (await position()) < 0.2);
  await page.screenshot({ path: path.join(screenshots, 'player-1280.png') });
  await end(page, complaints);
});

test('a recording that grows plays on past what there was when it was opened', async () => {
  const newest = async () => (await daemon.recordings('&camera_id=1')).filter(({ state }) => state === 'recording').at(-1);
  // Opened while it is written: on a slow computer its end may come before the page does.
  const { recording, page, complaints, video, duration } = await until('a file that goes on to grow', async () => {
    const begun = await until('a file that was just begun', async () => {
      const one = await newest();
      const age = one && Date.now() - Date.parse(one.start);
      return age > 2000 && age < 4000 && one;
    }, 60_000);
    const opened = await openPage(`/recordings?camera=1&rec=${begun.id}`);
    const element = opened.page.getByLabel(/^Recording of /);
    const known = await until('its known length', () =>
      element.evaluate((one) => one.readyState >= 1 && one.duration));
    if ((await newest())?.id === begun.id) return { ...opened, recording: begun, video: element, duration: known };
    await opened.page.close();
    return null;
  }, 120_000);
  await until('what came later', () => video.evaluate((element, [id, known]) =>
    element.src.includes(`/${id}/`) && element.currentTime > known + 0.5, [recording.id, duration]));
  await end(page, complaints);
});
