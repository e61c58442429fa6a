// SPDX-License-Identifier: MIT
// What is seen before the page is there, and that nobody sees where the one becomes the other.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { end, launchBrowser, newPage, screenshots, sizes } from './browser.mjs';
import { Daemon, until } from './daemon.mjs';

let browser;
let daemon;

before(async () => {
  daemon = await Daemon.start({ demo: 4 });
  for (const id of [1, 2, 3, 4]) {
    await until(`camera ${id} is recorded`, async () => (await daemon.camera(id)).status === 'recording');
  }
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await daemon?.remove();
});

/** In the page, from its start: each tile in each frame, while it is of the first page and after. */
function watchTiles() {
  const all = (globalThis.tiles = {});
  const videos = new Map();
  const look = () => {
    requestAnimationFrame(look);
    for (const tile of document.querySelectorAll('article[aria-label]')) {
      if (tile.hidden) continue;
      const video = tile.querySelector('video');
      if (video !== null && !videos.has(video)) videos.set(video, videos.size);
      const { x, y, width, height } = tile.getBoundingClientRect();
      // Of one that is enlarged each picture is drawn.
      const [drawn] = tile.querySelectorAll('canvas');
      const isUncovered = (element) => element !== null && getComputedStyle(element).opacity === '1';
      const isDrawn = video?.dataset.transport === 'low-latency';
      const isSeen = isDrawn ? drawn.width > 0 && isUncovered(drawn) : isUncovered(video) && video.videoWidth > 0;
      (all[tile.getAttribute('aria-label')] ??= []).push({
        isFirst: tile.closest('#first-page') !== null,
        place: [x, y, width, height].map(Math.round).join(' '),
        video: videos.get(video),
        isSeen,
        isPaused: video?.paused && !isDrawn,
      });
    }
  };
  requestAnimationFrame(look);
}

const tilesOf = (page) => page.evaluate(() => globalThis.tiles ?? {});
const isLater = ({ isFirst }) => !isFirst;

for (const [what, target, count] of [['all', '/live', 4], ['one', '/live/cam/2', 1], ['kiosk', '/live?kiosk=1', 4]]) {
  for (const viewport of sizes) {
    test(`pictures move before the page is there, and go on in it: ${what}, ${viewport.width} px wide`, async () => {
      const { page, complaints } = await newPage(browser, daemon, viewport);
      await page.addInitScript(watchTiles);
      // The rest of the page is late, so that what comes before it is seen for a while.
      let goOn;
      const isSeen = new Promise((done) => (goOn = done));
      await page.route(/\/assets\/main-[^/]*\.js$/, async (route) => {
        await isSeen;
        await route.continue();
      });
      await page.goto(new URL(target, daemon.url).href, { waitUntil: 'commit' });
      await until('pictures move', async () =>
        Object.values(await tilesOf(page)).filter((log) => log.at(-1).isSeen).length === count);
      await page.screenshot({ path: path.join(screenshots, `first-page-${what}-${viewport.width}.png`) });
      goOn();
      await until('the page is there', async () =>
        Object.values(await tilesOf(page)).every((log) => log.filter(isLater).length > 20));
      const tiles = Object.entries(await tilesOf(page));
      assert.equal(tiles.length, count);
      for (const [name, log] of tiles) {
        assert.ok(log[0].isFirst, name);
        const first = log.findLast(({ isFirst }) => isFirst);
        const places = [...new Set(log.filter(isLater).map(({ place }) => place))];
        assert.deepEqual(places, [first.place], `${name} has another place`);
        const later = log.filter(isLater);
        assert.deepEqual([...new Set(later.map(({ video }) => video))], [first.video], `${name}: another video`);
        assert.deepEqual(later.filter((one) => !one.isSeen || one.isPaused), [], `${name} blinks`);
      }
      assert.equal(await page.locator('#first-page').count(), 0);
      await end(page, complaints);
    });
  }
}
