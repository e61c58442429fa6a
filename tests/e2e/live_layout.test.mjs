// SPDX-License-Identifier: MIT
// How the live page is laid out: by pointer, by keys and by menu, and what stays of it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';

import { assertAccessible, assertFits, assertSteady, end, launchBrowser, openIn, screenshots, sizes } from './browser.mjs';
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

afterEach(async () => {
  await daemon.fetch('/api/me/preferences', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
});

const openPage = (target, viewport) => openIn(browser, daemon, target, viewport);
const namesOf = (page) => page.getByRole('article').evaluateAll((all) =>
  all.filter((one) => !one.hidden).map((one) => one.getAttribute('aria-label')));
const pathOf = (page) => new URL(page.url()).pathname + new URL(page.url()).search;
const streaming = (page) => page.evaluate(() => [...document.querySelectorAll('article')]
  .filter((one) => ['live', 'delayed'].includes(one.dataset.state)).length);
const kept = async () => (await daemon.json('/api/me/preferences')).live ?? {};

async function showsNames(page, names) {
  await until(`the cameras ${names.join(', ')}`, async () =>
    JSON.stringify(await namesOf(page)) === JSON.stringify(names)).catch(async (error) => {
    assert.deepEqual(await namesOf(page), names, error.message);
  });
}

/** Tab until something has the focus; a person without a pointer does no other. */
async function tabTo(page, name) {
  for (let i = 0; i < 80; i += 1) {
    const isThere = await page.evaluate((wanted) => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') === wanted || activeElement?.textContent === wanted;
    }, name);
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${name}`);
}

const all = ['Front door', 'Driveway', 'Garden', 'Garage', 'Street'];

test('a layout is chosen by one click or one key, and its pages are turned', async () => {
  const { page, complaints } = await openPage('/live');
  await showsNames(page, all);
  await page.getByRole('button', { name: 'Two by two' }).click();
  assert.equal(pathOf(page), '/live/2x2');
  await showsNames(page, all.slice(0, 4));
  await page.getByText('page 1 of 2').waitFor();
  await page.keyboard.press('PageDown');
  await showsNames(page, ['Street']);
  assert.equal(pathOf(page), '/live/2x2?page=2');
  await page.keyboard.press('PageDown');
  await page.getByText('page 2 of 2').waitFor();
  await page.getByRole('button', { name: 'Previous page' }).click();
  await showsNames(page, all.slice(0, 4));
  for (const [key, layout, count] of [['1', '1', 1], ['3', '3x3', 5], ['4', '4x4', 5], ['a', 'auto', 5]]) {
    await page.keyboard.press(key);
    await until(`layout ${layout}`, () => pathOf(page) === `/live/${layout}`);
    await until(`${count} cameras`, async () => (await namesOf(page)).length === count);
  }
  await page.getByRole('button', { name: 'One large, five small' }).click();
  await until('one is twice as large', async () => {
    const [large, small] = await page.getByRole('article').evaluateAll((tiles) => tiles.map((one) => one.clientWidth));
    return large > 1.9 * small;
  });
  await page.goBack();
  await until('the layout before', () => pathOf(page) === '/live/auto');
  await end(page, complaints);
});

test('what is not in sight is not streamed', async () => {
  const { page, complaints } = await openPage('/live/2x2');
  await until('all four move', async () => (await streaming(page)) === 4, 60_000);
  await page.keyboard.press('1');
  await until('one camera', async () => (await namesOf(page)).length === 1);
  const playlists = new Set();
  page.on('request', (request) => {
    const camera = /\/api\/cameras\/(\d+)\/stream\//.exec(request.url())?.[1];
    if (camera !== undefined) playlists.add(camera);
  });
  await until('it moves', async () => (await streaming(page)) === 1);
  // Long enough that each of the others would have asked for its next second.
  await until('requests of the one, if it makes any', async () => {
    const [at] = await page.locator('video').evaluateAll((videos) => videos.map((one) => one.currentTime));
    return at > 3;
  });
  assert.ok(playlists.size <= 1, [...playlists].join());
  await page.getByRole('button', { name: 'Enlarge Front door' }).click();
  await until('the enlarged one moves', async () => (await streaming(page)) === 1);
  await end(page, complaints);
});

test('a layout survives a refresh, and another browser has it', async () => {
  const { page, complaints } = await openPage('/live');
  await page.getByRole('button', { name: 'Three by three' }).click();
  await until('it is kept', async () => (await kept()).layout === '3x3');
  await page.goto(`${daemon.url}/live`);
  const pressed = (on) => on.getByRole('button', { name: 'Three by three', pressed: true });
  await pressed(page).waitFor();
  await assertSteady(page, 'the page after a refresh');

  const context = await browser.newContext({ viewport: sizes[0] });
  const other = await context.newPage();
  await other.goto(`${daemon.url}/live`);
  await pressed(other).waitFor();
  // One that is open follows what is changed elsewhere.
  await page.getByRole('button', { name: 'One camera' }).click();
  await other.getByRole('button', { name: 'One camera', pressed: true }).waitFor();
  await context.close();
  await end(page, complaints);
});

test('patrol turns the pages by itself until it is stopped', async () => {
  await daemon.fetch('/api/me/preferences', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 1, live: { patrol_s: 5 } }),
  });
  const { page, complaints } = await openPage('/live/1');
  await page.getByText('page 1 of 5').waitFor();
  await page.getByRole('button', { name: 'Patrol' }).click();
  await page.getByText('page 2 of 5').waitFor({ timeout: 20_000 });
  await page.getByText('page 3 of 5').waitFor({ timeout: 20_000 });
  // Its address is that of a screen on the wall: it goes on after a reload.
  await page.reload();
  await page.getByRole('button', { name: 'Patrol', pressed: true }).waitFor();
  await page.getByText(/page [45] of 5/).waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Patrol' }).click();
  await page.getByRole('button', { name: 'Patrol', pressed: false }).waitFor();
  await end(page, complaints);
});

test('a camera is dragged to another place, or put back by Escape', async () => {
  const { page, complaints } = await openPage('/live/3x3');
  await showsNames(page, all);
  const middle = async (name) => {
    const { x, y, width, height } = await page.getByRole('article', { name }).boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const drag = async (from, to) => {
    await page.mouse.move(...(await middle(from)));
    await page.mouse.down();
    await page.mouse.move(...(await middle(to)), { steps: 8 });
  };
  await drag('Front door', 'Garden');
  await page.locator('article[data-target=true]').waitFor();
  await page.screenshot({ path: path.join(screenshots, 'live-drag-1280.png') });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await showsNames(page, all);
  await drag('Front door', 'Garden');
  await page.mouse.up();
  const moved = ['Garden', 'Driveway', 'Front door', 'Garage', 'Street'];
  await showsNames(page, moved);
  await until('it is kept', async () => JSON.stringify((await kept()).order) === '[3,2,1,4,5]');
  await page.reload();
  await showsNames(page, moved);
  await end(page, complaints);
});

test('a camera is moved by keyboard alone, and by its menu', async () => {
  const { page, complaints } = await openPage('/live/3x3');
  await showsNames(page, all);
  await tabTo(page, 'Front door');
  await page.keyboard.press('g');
  await page.getByText(/Front door is picked up, place 1 of 9/).waitFor();
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('Front door: place 2 of 9').waitFor();
  await page.keyboard.press('Escape');
  await showsNames(page, all);
  await page.keyboard.press('g');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Enter');
  const moved = ['Street', 'Driveway', 'Garden', 'Garage', 'Front door'];
  await showsNames(page, moved);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await until('the focus stays on the camera', async () => (await focused()) === 'Front door');

  await tabTo(page, 'More for Front door');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Move to…');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Move Front door' }).waitFor();
  await page.screenshot({ path: path.join(screenshots, 'live-move-1280.png') });
  await assertAccessible(page, 'the dialog to move a camera');
  await page.getByLabel('To', { exact: true }).selectOption('0');
  await tabTo(page, 'Move');
  await page.keyboard.press('Enter');
  await showsNames(page, all);
  await end(page, complaints);
});

test('keys alone enlarge, go on to the next camera, and come back', async () => {
  const { page, complaints } = await openPage('/live');
  await showsNames(page, all);
  await tabTo(page, 'Front door');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await showsNames(page, ['Driveway']);
  assert.equal(pathOf(page), '/live/cam/2');
  await page.keyboard.press('ArrowRight');
  await showsNames(page, ['Garden']);
  assert.equal(pathOf(page), '/live/cam/3');
  const visible = await page.evaluate(() => document.activeElement?.matches(':focus-visible'));
  assert.ok(visible, 'the focus is not to be seen');
  await page.keyboard.press('Escape');
  await until('all of them', () => pathOf(page) === '/live');
  await showsNames(page, all);

  // The help, and single keys switched off there.
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.waitFor();
  await page.screenshot({ path: path.join(screenshots, 'live-help-1280.png') });
  await assertAccessible(page, 'the help');
  await page.getByLabel('Letters, digits and signs work as shortcuts').uncheck();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.keyboard.press('2');
  await page.keyboard.press('?');
  await page.keyboard.press('PageDown');
  assert.equal(pathOf(page), '/live');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await page.getByLabel('Letters, digits and signs work as shortcuts').check();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.keyboard.press('2');
  await until('the layout', () => pathOf(page) === '/live/2x2');
  await end(page, complaints);
});

test('a layout with a name has its own cameras, and its removal can be undone', async () => {
  const { page, complaints } = await openPage('/live/2x2');
  await showsNames(page, all.slice(0, 4));
  await page.getByRole('button', { name: 'Named layouts' }).click();
  await page.getByRole('button', { name: 'New named layout' }).click();
  await page.getByLabel('Name', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('A layout needs a name').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Yard');
  await page.getByLabel('Place 1', { exact: true }).selectOption({ label: 'Garden' });
  await page.getByLabel('Place 2', { exact: true }).selectOption({ label: 'Empty' });
  await page.getByLabel('Place 5', { exact: true }).selectOption({ label: 'Empty' });
  await page.screenshot({ path: path.join(screenshots, 'live-layout-1280.png') });
  await assertAccessible(page, 'the dialog of a layout');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await until('its address', () => pathOf(page) === '/live/yard');
  // Garden left the third place, where it was.
  await showsNames(page, ['Garden', 'Garage']);
  const places = await page.getByRole('article').evaluateAll((tiles) => tiles.map((one) => one.dataset.place));
  assert.deepEqual(places, ['0', '3']);
  await until('it is kept', async () => (await kept()).layouts?.[0]?.name === 'Yard');
  await page.goto(`${daemon.url}/live`);
  await showsNames(page, ['Garden', 'Garage']);

  await page.getByRole('button', { name: 'Named layouts' }).click();
  await page.getByRole('button', { name: 'Remove Yard' }).click();
  await page.getByText('Yard removed').waitFor();
  await showsNames(page, all.slice(0, 4));
  await page.getByRole('button', { name: 'Undo' }).click();
  await showsNames(page, ['Garden', 'Garage']);
  await page.getByLabel('Named layout', { exact: true }).selectOption({ label: 'All cameras' });
  await showsNames(page, all);
  await end(page, complaints);
});

test('a kiosk has nothing but pictures, after a reload too, and a way out', async () => {
  const { page, complaints } = await openPage('/live/2x2?kiosk=1&patrol=1');
  await showsNames(page, all.slice(0, 4));
  assert.equal(await page.getByRole('navigation').count(), 0);
  assert.equal(await page.getByRole('banner').count(), 0);
  await page.screenshot({ path: path.join(screenshots, 'live-kiosk-1280.png') });
  await assertAccessible(page, 'the kiosk');
  await page.reload();
  await showsNames(page, all.slice(0, 4));
  await page.mouse.move(300, 300);
  await page.getByRole('button', { name: 'Leave kiosk' }).click();
  await page.getByRole('navigation').first().waitFor();
  assert.match(pathOf(page), /^\/live\/2x2\?patrol=1(&page=2)?$/);
  await end(page, complaints);
});

test('a phone has one large picture and two in each row, four of them moving', async () => {
  // The one in H.265, which does not move here, is among the first four.
  await daemon.fetch('/api/me/preferences', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 1, live: { order: [5, 1, 2, 3, 4] } }),
  });
  const context = await browser.newContext({ viewport: sizes[1], hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(`${daemon.url}/live`);
  await showsNames(page, ['Street', ...all.slice(0, 4)]);
  const widths = await page.getByRole('article').evaluateAll((tiles) => tiles.map((one) => one.clientWidth));
  assert.deepEqual(widths, [344, 168, 168, 168, 168]);
  await until('three move', async () => (await streaming(page)) === 3, 60_000);
  const last = page.getByRole('article', { name: 'Garage' });
  await last.getByRole('img', { name: 'Garage as seen last' }).waitFor();
  await last.getByText(/^\d+ s old$/).waitFor();
  assert.equal(await last.getAttribute('data-state'), 'single');
  await page.screenshot({ path: path.join(screenshots, 'live-layout-360.png') });
  await assertFits(page, 'the live page on a phone');
  await assertAccessible(page, 'the live page on a phone');

  await page.getByRole('article', { name: 'Garden' }).tap({ position: { x: 60, y: 50 } });
  await showsNames(page, ['Garden']);
  assert.equal(pathOf(page), '/live/cam/3');
  await page.screenshot({ path: path.join(screenshots, 'live-enlarged-360.png') });
  await assertFits(page, 'an enlarged camera on a phone');
  const box = await page.getByRole('article', { name: 'Garden' }).boundingBox();
  const session = await context.newCDPSession(page);
  const y = box.y + box.height / 2;
  const touch = (type, x) => session.send('Input.dispatchTouchEvent', {
    type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }],
  });
  await touch('touchStart', 280);
  for (let x = 260; x >= 80; x -= 30) await touch('touchMove', x);
  await touch('touchEnd', 80);
  await showsNames(page, ['Garage']);
  assert.equal(pathOf(page), '/live/cam/4');
  await context.close();
});
