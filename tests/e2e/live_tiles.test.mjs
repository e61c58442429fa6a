// SPDX-License-Identifier: MIT
// Every state of a live tile, brought about by what really happens to cameras, and what a tile can do.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, end, launchBrowser, openIn, screenshots, sizes } from './browser.mjs';
import { Daemon, DemoCameras, until } from './daemon.mjs';

let browser;
let daemon;
let site;
let port;
let cameras;
let id;

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  return free;
}

/** At the same address each time; a camera may be still for long without being given up. */
function start(dataDir, demo = 0) {
  const args = ['--set', 'stall_timeout_s=60', '--set', 'allow_loopback_cameras=true'];
  return Daemon.start({ dataDir, port, args, demo });
}

before(async () => {
  port = await freePort();
  site = { url: `http://127.0.0.1:${port}` };
  cameras = await DemoCameras.start();
  daemon = await start(undefined, 5);
  const answer = await daemon.post('/api/cameras', { name: 'Yard', url: cameras.url });
  assert.equal(answer.status, 201);
  ({ id } = await answer.json());
  await until('it records', async () => (await daemon.camera(id)).status === 'recording');
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await cameras?.stop();
  await daemon?.remove();
});

const openPage = (target, viewport) => openIn(browser, site, target, viewport);
/** Not of what is there before the page, and takes no keys. */
const tileOf = (page, name = 'Yard') => page.locator('#root').getByRole('article', { name });
const stateOf = (page, name = 'Yard') => tileOf(page, name).getAttribute('data-state');
const untilState = (page, state, name = 'Yard', ms = 40_000) =>
  until(`${name} is ${state}`, async () => (await stateOf(page, name)) === state, ms, 50);

/** What a person sees of it: at both widths, and by axe. */
async function lookAt(page, state) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.screenshot({ path: path.join(screenshots, `tile-${state}-${size.width}.png`) });
    await assertAccessible(page, `a tile that is ${state} at ${size.width}`);
    await assertFits(page, `a tile that is ${state} at ${size.width}`);
  }
  await page.setViewportSize(sizes[0]);
}

test('while it connects, it shows the last picture and says of when', async () => {
  const { page, complaints } = await openPage('/cameras');
  // What would bring a moving picture is held up on its way.
  await page.route(/\/api\/cameras\/\d+\/stream\//, () => undefined);
  await page.routeWebSocket(/\/api\/live$/, () => undefined);
  await page.route(/snapshot\.jpg\?width=\d+$/, () => undefined);
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await page.goto(`${site.url}/live/cam/${id}`);
  await tileOf(page).getByRole('img', { name: 'Yard as seen last' }).waitFor();
  await untilState(page, 'connecting');
  await tileOf(page).getByText('Connecting', { exact: true }).waitFor();
  assert.equal(await tileOf(page).getByText('LIVE').count(), 0);
  await lookAt(page, 'connecting');
  await untilState(page, 'reconnecting', 'Yard', 90_000);
  await tileOf(page).getByText(/Reconnecting, try \d/).waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.close();
  assert.deepEqual(complaints.filter((one) => !/stream|live/.test(one)), []);
});

test('a still camera is told from a live one: delayed, then reconnecting, then live again', async () => {
  const { page } = await openPage(`/live/cam/${id}`);
  await untilState(page, 'live');
  await tileOf(page).getByText('LIVE').waitFor();
  await lookAt(page, 'live');
  cameras.child.kill('SIGSTOP');
  try {
    await untilState(page, 'delayed');
    // The recorder gives its newest pictures to each try; they must never pass for live ones.
    await tileOf(page).evaluate((article) => {
      globalThis.states = [];
      new MutationObserver(() => globalThis.states.push(article.dataset.state))
        .observe(article, { attributeFilter: ['data-state'] });
    });
    await tileOf(page).getByText(/^Picture \d+ s old$/).waitFor();
    assert.equal(await tileOf(page).getByText('LIVE').count(), 0);
    await page.screenshot({ path: path.join(screenshots, 'tile-delayed-1280.png') });
    await untilState(page, 'reconnecting');
    await tileOf(page).getByText(/Reconnecting, try \d/).waitFor();
    await tileOf(page).getByRole('button', { name: 'Retry Yard' }).waitFor();
    assert.equal(await tileOf(page).getByText('LIVE').count(), 0);
    await lookAt(page, 'reconnecting');
    await tileOf(page).getByText(/Reconnecting, try 2/).waitFor({ timeout: 40_000 });
    assert.deepEqual(await page.evaluate(() => globalThis.states.filter((state) => state === 'live')), []);
  } finally {
    cameras.child.kill('SIGCONT');
  }
  await untilState(page, 'live', 'Yard', 60_000);
  await page.close();
});

test('a camera that the browser cannot play shows single pictures and why', async () => {
  const { page, complaints } = await openPage('/live');
  await untilState(page, 'unplayable', 'Street');
  const tile = tileOf(page, 'Street');
  await tile.getByText(/This browser cannot play H\.265/).waitFor();
  await tile.getByRole('link', { name: 'Details of Street' }).waitFor();
  // Drawn on the canvas, or in an image below it.
  const picture = () => tile.evaluate((article) => {
    const [canvas] = article.querySelectorAll('canvas');
    return canvas.width > 0 ? canvas.toDataURL() : (article.querySelector('img')?.src ?? null);
  });
  const first = await until('a picture', picture);
  await until('a newer picture', async () => (await picture()) !== first);
  await lookAt(page, 'unplayable');
  await end(page, complaints);
});

test('a camera that is switched off says so', async () => {
  const answer = await daemon.post('/api/cameras', { name: 'Shed', url: cameras.url, enabled: false });
  const shed = (await answer.json()).id;
  const { page, complaints } = await openPage(`/live/cam/${shed}`);
  await untilState(page, 'off', 'Shed');
  await tileOf(page, 'Shed').getByText('Switched off').waitFor();
  await lookAt(page, 'off');
  await daemon.fetch(`/api/cameras/${shed}`, { method: 'DELETE' });
  await end(page, complaints);
});

test('a tile is held, zoomed, saved, listened to and measured', async () => {
  const context = await browser.newContext({ viewport: sizes[0], acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${site.url}/live/cam/1`);
  const tile = tileOf(page, 'Front door');
  await untilState(page, 'live', 'Front door');

  await page.keyboard.press('k');
  await tile.getByText(/^Held at \d\d:\d\d:\d\d/).waitFor();
  assert.equal(await tile.getByText('LIVE').count(), 0);
  const held = () => tile.locator('canvas').last().evaluate((canvas) => canvas.toDataURL().slice(0, 4000));
  const picture = await held();
  const video = tile.getByLabel('Live picture of Front door');
  // What moves is the video, or the canvas behind it that is drawn on.
  const moving = () => tile.evaluate((article) =>
    `${article.querySelector('video').currentTime} ${article.querySelector('canvas').toDataURL().slice(0, 4000)}`);
  const from = await moving();
  await until('the stream goes on behind it', async () => (await moving()) !== from);
  assert.equal(await held(), picture);
  await page.screenshot({ path: path.join(screenshots, 'tile-held-1280.png') });
  await tile.getByRole('button', { name: 'Go on with Front door' }).click();
  await tile.getByText('LIVE').waitFor();

  const zoom = () => tile.locator('video').evaluate((one) =>
    new DOMMatrix(getComputedStyle(one.closest('[style*=transform]')).transform));
  await page.keyboard.press('+');
  await until('it is larger', async () => (await zoom()).a > 1.4);
  const box = await tile.boundingBox();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await until('the wheel makes it larger', async () => (await zoom()).a > 2);
  const before = (await zoom()).e;
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4 + 80, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await until('it was dragged', async () => (await zoom()).e > before + 40);
  await page.screenshot({ path: path.join(screenshots, 'tile-zoomed-1280.png') });
  await page.keyboard.press('0');
  await until('the whole picture', async () => (await zoom()).a === 1);

  const download = page.waitForEvent('download');
  await page.keyboard.press('s');
  const file = await download;
  assert.match(file.suggestedFilename(), /^Front door 20\d\d-\d\d-\d\dT\d\d-\d\d-\d\dZ\.jpg$/);
  const bytes = await readFile(await file.path());
  assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  await tile.getByText(/^Saved as Front door/).waitFor();

  await page.keyboard.press('Shift+D');
  await tile.getByText(/^(?:Latency|Figures|Transport)$/).first().waitFor();
  await page.keyboard.press('c');
  await tile.getByText(/Address copied|does not let the page copy/).waitFor();
  assert.equal(await video.evaluate((one) => one.muted), true);
  await page.keyboard.press('m');
  await until('it is heard', () => video.evaluate((one) => !one.muted && !one.paused));
  await tile.getByRole('button', { name: 'Mute Front door' }).waitFor();
  await assertAccessible(page, 'a tile with its figures');
  await page.screenshot({ path: path.join(screenshots, 'tile-figures-1280.png') });
  await context.close();
});

test('a camera that is gone says since when and why, with its last picture, and can be tried', async () => {
  const { page, complaints } = await openPage(`/live/cam/${id}`);
  await untilState(page, 'live');
  cameras.say('refuse 1 port');
  cameras.say('close 1');
  await untilState(page, 'offline');
  await tileOf(page).getByText(/^Offline since \d\d:\d\d/).waitFor();
  await tileOf(page).getByText(/^Picture from \d\d:\d\d/).waitFor();
  assert.equal(await tileOf(page).getByText('LIVE').count(), 0);

  // Somebody who comes only now sees the last picture, too.
  await page.reload();
  await untilState(page, 'offline');
  const picture = tileOf(page).getByRole('img', { name: 'Yard as seen last' });
  await picture.waitFor();
  assert.ok(await picture.evaluate((image) => image.naturalWidth > 0));
  await lookAt(page, 'offline');
  assert.match(await tileOf(page).getByRole('link', { name: 'Details of Yard' }).getAttribute('href'),
    new RegExp(`/cameras/${id}$`));
  const tried = page.waitForResponse((answer) => answer.url().endsWith(`/api/cameras/${id}/retry`));
  await tileOf(page).getByRole('button', { name: 'Retry Yard' }).click();
  assert.ok([202, 409].includes((await tried).status()));
  cameras.say('allow 1');
  await untilState(page, 'live', 'Yard', 60_000);
  await page.close();
  assert.deepEqual(complaints.filter((one) => !/stream|409/.test(one)), []);
});

test('a recorder that is killed: the tile says so, and is live again without a reload', async () => {
  const { page } = await openPage(`/live/cam/${id}`);
  await untilState(page, 'live');
  await page.evaluate(() => (globalThis.isSamePage = true));
  await daemon.kill();
  // A picture that was on its way may make it live once more, and then no more.
  const live = tileOf(page).getByText('LIVE');
  const saysSo = async () => (await stateOf(page)) === 'reconnecting' && (await live.count()) === 0;
  await until('it says so', saysSo);
  await tileOf(page).getByText('REC unknown').waitFor();
  await page.getByText('Connection to the recorder lost').waitFor();
  assert.ok(await saysSo(), 'a while later');
  await lookAt(page, 'recorder-lost');
  daemon = await start(daemon.dataDir);
  await untilState(page, 'live', 'Yard', 90_000);
  assert.ok(await page.evaluate(() => globalThis.isSamePage));
  await page.close();
});
