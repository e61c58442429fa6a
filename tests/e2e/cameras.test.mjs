// SPDX-License-Identifier: MIT
// What is done on the page of the cameras, by pointer and by keyboard.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { OnvifDevice } from '../support/onvif_device.mjs';
import { assertFits, assertSteady, button, end, enter, launchBrowser, look, openIn, sizes } from './browser.mjs';
import { Daemon, DemoCameras, assertTook, mediaFiles, until } from './daemon.mjs';

const password = 'a "secret" & more';
const [wide, phone] = sizes;

let browser;
let daemon;
let cameras;
let locked;
/** Folders of cameras that were removed with their recordings. */
const doomed = [];

before(async () => {
  [cameras, locked, daemon, browser] = await Promise.all([
    DemoCameras.start({ count: 3 }),
    DemoCameras.startFake(['--user', 'admin', '--password', password]),
    Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] }),
    launchBrowser(),
  ]);
});

after(async () => {
  await browser?.close();
  await cameras?.stop();
  await locked?.stop();
  await daemon?.remove();
});

/** A row of the table, or a card on a phone. */
const entry = (page, name) =>
  page.locator('tr, li').filter({ has: page.getByRole('link', { name, exact: true }) });

async function dialogCloses(page) {
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Of a picture that can be seen, in its own pixels. */
function widthOf(picture) {
  return picture.evaluate((image) => image.decode().then(() => image.naturalWidth));
}

async function onlyCamera() {
  const { items } = await daemon.json('/api/cameras');
  assert.equal(items.length, 1);
  return items[0];
}

async function removeAll() {
  for (const { id } of (await daemon.json('/api/cameras')).items) {
    await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' });
  }
}

for (const size of sizes) {
  test(`a camera is added, renamed, removed, brought back and deleted at ${size.width} px`, async () => {
    const name = `Gate ${size.width}`;
    const { page, complaints } = await openIn(browser, daemon, '/cameras', size);
    await page.getByRole('heading', { name: 'No cameras yet' }).waitFor();
    await look(page, 'cameras-empty', size);

    await page.getByRole('link', { name: 'Add camera' }).click();
    await page.getByRole('dialog', { name: 'Add camera' }).waitFor();
    await button(page, 'Search again').and(page.locator('[aria-disabled=false]')).waitFor();
    await look(page, 'cameras-add', size);
    await button(page, 'Save').click();
    await page.getByText('Give the camera a name, such as Front door.').waitFor();
    await look(page, 'cameras-add-errors', size);
    await enter(page, 'Address', cameras.url);
    await enter(page, 'Name', name);
    await button(page, 'Test connection').click();
    const result = page.getByRole('region', { name: 'Test of the connection' });
    await result.getByText('The camera answers').waitFor();
    assert.equal(await widthOf(result.getByRole('img', { name: 'What the camera sees' })), 640);
    assert.match(await result.textContent(), /H\.264, 640 × 360, 25 fps.*every 1 s.*kbit\/s.*Only 640x360/);
    await look(page, 'cameras-add-test', size);
    await button(page, 'Save').click();
    await dialogCloses(page);
    await entry(page, name).getByText('Recording', { exact: true }).waitFor();
    await entry(page, name).getByText(/Mbit\/s|kbit\/s/).waitFor();
    assert.equal(await widthOf(entry(page, name).getByRole('img', { name: `Picture of ${name}` })), 160);
    await look(page, 'cameras-list', size);

    const { id, folder } = await onlyCamera();
    const { since } = await daemon.json(`/api/cameras/${id}/recording/status`);
    await page.getByRole('link', { name: `Edit ${name}` }).click();
    await page.getByRole('dialog', { name: `Edit ${name}` }).waitFor();
    await look(page, 'cameras-edit', size);
    const renamed = `Front gate ${size.width}`;
    await enter(page, 'Name', renamed);
    await button(page, 'Save').click();
    await dialogCloses(page);
    await page.getByRole('link', { name: renamed, exact: true }).waitFor();
    const later = await daemon.json(`/api/cameras/${id}/recording/status`);
    assert.equal(later.since, since, 'a new name does not interrupt the recording');

    await button(page, `Remove ${renamed}`).click();
    await page.getByRole('alertdialog', { name: `Remove ${renamed}?` }).waitFor();
    await look(page, 'cameras-remove', size);
    await button(page, 'Remove camera').click();
    await page.getByText(`${renamed} was removed; its recordings are kept.`).waitFor();
    await page.getByRole('heading', { name: 'No cameras yet' }).waitFor();
    await look(page, 'cameras-removed', size);
    await button(page, `Undo the removal of ${renamed}`).click();
    await entry(page, renamed).getByText('Recording', { exact: true }).waitFor();
    assert.equal((await onlyCamera()).id, id);

    await button(page, `Remove ${renamed}`).click();
    await page.getByRole('radio', { name: 'Delete the recordings' }).check();
    await button(page, 'Remove camera and recordings').click();
    await page.getByText(`${renamed} was removed; its recordings will be deleted.`).waitFor();
    await until('the camera is gone', async () => (await daemon.json('/api/cameras')).items.length === 0);
    const files = await mediaFiles(daemon.storage);
    assert.ok(files.some((file) => file.startsWith(`${folder}/`)), 'it can still be undone');
    doomed.push(folder);
    await assertSteady(page, name);
    await end(page, complaints);
  });
}

/** Tab by Tab to what has this name; each stop on the way has to be seen. */
async function tabTo(page, name) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const one = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      // Past the last stop is the browser itself.
      if (one === document.body) return { label: '', isSeen: true };
      const words = [...(one.labels?.[0] ?? one).childNodes].filter((part) => part.ariaHidden !== 'true');
      const label = one.getAttribute('aria-label') ?? words.map((part) => part.textContent).join('');
      const { width, height, top, bottom } = one.getBoundingClientRect();
      const isInSight = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
      return { label, isSeen: isInSight && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
    });
    assert.ok(stop.isSeen, `the focus on "${stop.label}" is not seen`);
    if (stop.label === name) return;
  }
  assert.fail(`no way to ${name} by keyboard`);
}

/** The focus gets into a dialog, and back to where it was, a moment after the dialog is seen or gone. */
function focusIsOn(page, selector) {
  return page.waitForFunction((wanted) => document.activeElement.closest(wanted) !== null, selector);
}

test('a camera is added, edited, removed and brought back by keyboard alone', async () => {
  const { page, complaints } = await openIn(browser, daemon, '/cameras');
  const { keyboard } = page;
  await page.getByRole('heading', { name: 'No cameras yet' }).waitFor();
  await tabTo(page, 'Add camera');
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Add camera' }).waitFor();
  await tabTo(page, 'Address');
  await keyboard.type(locked.url);
  await tabTo(page, 'Name');
  await keyboard.type('Key');
  await tabTo(page, 'User name');
  await keyboard.type('admin');
  await tabTo(page, 'Password');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await dialogCloses(page);
  await entry(page, 'Key').getByText('Recording', { exact: true }).waitFor();

  await tabTo(page, 'Edit Key');
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Edit Key' }).waitFor();
  await tabTo(page, 'Record this camera');
  await keyboard.press('Space');
  await tabTo(page, 'Save');
  await keyboard.press('Enter');
  await dialogCloses(page);
  await entry(page, 'Key').getByText('Online', { exact: true }).waitFor();
  await focusIsOn(page, '[aria-label="Edit Key"]');

  await tabTo(page, 'Remove Key');
  await keyboard.press('Enter');
  await focusIsOn(page, '[role=alertdialog]');
  await keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await focusIsOn(page, '[aria-label="Remove Key"]');
  await keyboard.press('Enter');
  await focusIsOn(page, '[role=alertdialog]');
  await tabTo(page, 'Keep the recordings');
  await keyboard.press('ArrowDown');
  await tabTo(page, 'Remove camera and recordings');
  await keyboard.press('Space');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await tabTo(page, 'Undo the removal of Key');
  await keyboard.press('Enter');
  await entry(page, 'Key').getByText('Online', { exact: true }).waitFor();
  await removeAll();
  await end(page, complaints);
});

test('a test of the connection says in words why it failed', async (t) => {
  const web = http.createServer((request, answer) => answer.end('hello')).listen(0, '127.0.0.1');
  await once(web, 'listening');
  t.after(() => web.close());
  const closed = http.createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const nobody = `rtsp://127.0.0.1:${closed.address().port}/`;
  closed.close();

  const { page, complaints } = await openIn(browser, daemon, '/cameras/new', phone);
  const result = page.getByRole('region', { name: 'Test of the connection' });
  async function failsWith(words) {
    await button(page, 'Test connection').click();
    await result.getByText(words).waitFor({ timeout: 6000 });
    assert.equal(await result.getByRole('img').count(), 0);
    await assertFits(page, String(words));
  }
  await enter(page, 'Address', nobody);
  await failsWith(/Nothing listens at 127\.0\.0\.1:\d+; check the port/);
  await enter(page, 'Address', `rtsp://127.0.0.1:${web.address().port}/`);
  await failsWith(/RTSP/);
  await enter(page, 'Address', `${cameras.url}/nowhere`);
  await failsWith(/no stream at this path \(404\)/);
  await enter(page, 'Address', locked.url);
  await enter(page, 'User name', 'admin');
  await enter(page, 'Password', 'wrong');
  await failsWith(/refused the user name or password/);
  await look(page, 'cameras-test-failed', phone);
  await enter(page, 'Password', password);
  await result.getByText('The fields have changed since this test.').waitFor();
  // A search that is still under way would answer the next page that asks for one.
  await button(page, 'Search again').and(page.locator('[aria-disabled=false]')).waitFor();
  assert.ok(!(await page.content()).includes(password), 'the password is nowhere in the page');
  await assertSteady(page, 'the test of a connection');
  await end(page, complaints);
});

test('a device on the network is found, read and added by three clicks and a password', async (t) => {
  const name = `Yard ${process.pid}`;
  const [, stream, sub] = cameras.urls;
  const device = await OnvifDevice.start({ modes: ['token'], stream, sub, password, name: encodeURIComponent(name) });
  t.after(() => device.stop());
  const { page, complaints } = await openIn(browser, daemon, '/cameras');

  await page.getByRole('link', { name: 'Add camera' }).click();
  await page.getByText(name).click();
  await look(page, 'cameras-add-found', wide);
  await tabTo(page, 'User name');
  await page.keyboard.type('admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await button(page, 'Save').click();
  await dialogCloses(page);
  assert.equal(await page.evaluate(() => globalThis.seen.presses), 3);

  await entry(page, name).getByText('Recording', { exact: true }).waitFor();
  const camera = await onlyCamera();
  assert.deepEqual([camera.url, camera.sub_url], [stream, sub]);
  await until('a file', async () => (await daemon.recordings(`&camera_id=${camera.id}`)).length > 0);
  await removeAll();
  await end(page, complaints);
});

test('a camera that is unplugged, or hangs, is offline in the list and live within 5 s', async (t) => {
  let camera = await DemoCameras.startFake([]);
  t.after(() => camera.child.kill('SIGKILL'));
  const answer = await daemon.post('/api/cameras', { name: 'Plug', url: camera.url });
  assert.equal(answer.status, 201);
  const list = await openIn(browser, daemon, '/cameras');
  const live = await openIn(browser, daemon, '/live');
  const row = entry(list.page, 'Plug');
  const tile = live.page.getByRole('article', { name: 'Plug' });
  const isBack = () =>
    Promise.all([row.getByText('Recording', { exact: true }).waitFor(), tile.getByText('LIVE').waitFor()]);
  async function isAway(what, reason) {
    const pulled = Date.now();
    const told = async (place) => {
      await place.getByText(/Offline since \d\d:\d\d/).waitFor({ timeout: 8000 });
      const seconds = (Date.now() - pulled) / 1000;
      assert.match(await place.textContent(), reason);
      return seconds;
    };
    const [inList, inTile] = await Promise.all([told(row), told(tile)]);
    t.diagnostic(`${what}: offline in the list after ${inList} s, live after ${inTile} s`);
    for (const seconds of [inList, inTile]) assertTook(seconds * 1000, 5000, what);
  }
  await isBack();
  camera.child.kill('SIGKILL');
  await isAway('killed', /ended the stream|Nothing listens/);
  assert.equal(await widthOf(row.getByRole('img', { name: 'Last picture of Plug' })), 160);
  await look(list.page, 'cameras-offline', wide);
  camera = await DemoCameras.startFake(['--port', new URL(camera.url).port]);
  await isBack();
  camera.child.kill('SIGSTOP');
  await isAway('stopped', /No picture for \d s/);
  camera.child.kill('SIGCONT');
  await isBack();
  await assertSteady(list.page, 'the list');
  await removeAll();
  await live.page.close();
  await end(list.page, list.complaints);
});

test('dark is the default, and light is kept', async () => {
  const { page } = await openIn(browser, daemon, '/cameras');
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const [dark, light] = ['rgb(13, 17, 23)', 'rgb(246, 248, 250)'];
  assert.equal(await page.evaluate(() => matchMedia('(prefers-color-scheme: light)').matches), true);
  assert.equal(await ground(), dark);
  await button(page, 'Change to light colours').click();
  assert.equal(await ground(), light);
  await page.reload();
  await button(page, 'Change to dark colours').waitFor();
  assert.equal(await ground(), light);
  await page.close();
});

test('a table of 64 cameras is filtered and sorted at once, and its head stays', async (t) => {
  const add = async (number) => {
    const answer = await daemon.post('/api/cameras', {
      ...{ name: `Camera ${number}`, url: `rtsp://192.0.2.${number}/`, enabled: false },
      ...{ group: number % 2 === 0 ? 'Yard' : 'House', tags: number % 8 === 0 ? ['night'] : [] },
    });
    assert.equal(answer.status, 201);
    return answer.json();
  };
  const added = await Promise.all(Array.from({ length: 64 }, (_, at) => add(at + 1)));
  const { page, complaints } = await openIn(browser, daemon, '/cameras');
  const names = page.getByRole('rowheader');
  await until('all rows', async () => (await names.count()) === 64);
  await look(page, 'cameras-many', wide);

  const head = page.getByRole('columnheader').first();
  await names.last().scrollIntoViewIfNeeded();
  const headBox = await head.boundingBox();
  const headerBox = await page.getByRole('banner').boundingBox();
  assert.ok(Math.abs(headBox.y - (headerBox.y + headerBox.height)) < 1, `the head is at ${headBox.y}`);

  const drawn = await page.evaluate(async () => {
    const input = document.querySelector('input[type=search]');
    const start = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '64');
    input.dispatchEvent(new Event('input', { bubbles: true }));
    while (document.querySelectorAll('tbody tr').length !== 1) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  t.diagnostic(`64 rows are filtered in ${drawn.toFixed(0)} ms`);
  assertTook(drawn, 250);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('combobox', { name: 'Group' }).selectOption('House');
  await page.getByText('32 of 64 cameras').waitFor();
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('night');
  await page.getByRole('heading', { name: 'No camera matches' }).waitFor();
  await button(page, 'Show all cameras').click();
  await page.getByRole('combobox', { name: 'State' }).selectOption('Recording');
  await page.getByRole('heading', { name: 'No camera matches' }).waitFor();
  await page.getByRole('combobox', { name: 'State' }).selectOption('Switched off');
  await button(page, 'Name').click();
  await page.getByText('64 cameras', { exact: true }).waitFor();
  assert.match(await names.first().textContent(), /^Camera 64/);

  await page.evaluate(() => {
    globalThis.touched = new Set();
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        globalThis.touched.add((target.closest?.('tr') ?? target.parentElement?.closest('tr'))?.textContent);
      }
    }).observe(document.querySelector('tbody'), { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await daemon.fetch(`/api/cameras/${added[9].id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: '{"tags":["spotted"]}',
  });
  await page.getByText('Yard · spotted').waitFor();
  // But for those of which it turns out just now that they do not answer.
  const touched = (await page.evaluate(() => [...globalThis.touched])).filter((row) => /^Camera 10/.test(row) || !row.endsWith('It does not answer.'));
  assert.equal(touched.length, 1, touched.join('\n'));
  assert.match(touched[0], /^Camera 10/);
  await page.setViewportSize(phone);
  await until('cards', async () => (await page.getByRole('listitem').count()) === 64);
  await look(page, 'cameras-many', phone);
  await end(page, complaints);
});

test('the recordings of cameras that were removed with them are deleted after the time to undo', async () => {
  assert.equal(doomed.length, 2);
  await until('they are gone', async () => {
    const files = await mediaFiles(daemon.storage);
    return doomed.every((folder) => !files.some((file) => file.startsWith(`${folder}/`)));
  }, 40_000);
});
