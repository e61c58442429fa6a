// SPDX-License-Identifier: MIT
// A camera is added, looked at, renamed and removed on the page of the cameras.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, launchBrowser, openIn, screenshots, sizes } from './browser.mjs';
import { Daemon, DemoCameras, until } from './daemon.mjs';

let browser;
let daemon;
let cameras;

before(async () => {
  cameras = await DemoCameras.start();
  daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await cameras?.stop();
  await daemon?.remove();
});

/** What the recorder cannot do is said in the page; the browser tells its console as well. */
function unexpected(complaints) {
  return complaints.filter((one) => !/Failed to load resource.*\/api\/(discovery|cameras)/.test(one));
}

async function look(page, name, size) {
  const what = `${name} at ${size.width}`;
  await page.screenshot({ path: path.join(screenshots, `cameras-${name}-${size.width}.png`) });
  await assertAccessible(page, what);
  await assertFits(page, what);
}

for (const size of sizes) {
  test(`a camera is added, renamed and removed at ${size.width} px`, async () => {
    const { page, complaints } = await openIn(browser, daemon, '/cameras', size);
    const button = (name) => page.getByRole('button', { name, exact: true });
    await page.getByRole('heading', { name: 'No cameras yet' }).waitFor();
    await look(page, 'empty', size);

    await page.getByRole('link', { name: 'Add camera' }).click();
    await page.getByRole('dialog', { name: 'Add camera' }).waitFor();
    await button('Search again').and(page.locator('[aria-disabled=false]')).waitFor();
    await look(page, 'add', size);
    await button('Save').click();
    await page.getByText('Give the camera a name, such as Front door.').waitFor();
    await look(page, 'add-errors', size);
    await page.getByLabel('Address', { exact: true }).fill(cameras.url);
    await page.getByLabel('Name', { exact: true }).fill('Gate');
    await button('Save').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('Recording', { exact: true }).waitFor();
    await page.getByText(/Mbit\/s|kbit\/s/).waitFor({ timeout: 30_000 });
    await look(page, 'list', size);

    const [camera] = (await daemon.json('/api/cameras')).items;
    const { since } = await daemon.json(`/api/cameras/${camera.id}/recording/status`);
    await page.getByRole('link', { name: 'Edit Gate' }).click();
    await page.getByRole('dialog', { name: 'Edit Gate' }).waitFor();
    await look(page, 'edit', size);
    await page.getByLabel('Name', { exact: true }).fill('Front gate');
    await button('Save').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Front gate', exact: true }).waitFor();
    const renamed = await daemon.json(`/api/cameras/${camera.id}/recording/status`);
    assert.equal(renamed.since, since, 'a new name does not interrupt the recording');

    await button('Remove Front gate').click();
    await page.getByRole('alertdialog', { name: 'Remove Front gate?' }).waitFor();
    await look(page, 'remove', size);
    await button('Remove camera').click();
    await page.getByText('Front gate was removed; its recordings are kept.').waitFor();
    await look(page, 'removed', size);
    await until('the camera is gone', async () => (await daemon.json('/api/cameras')).items.length === 0);
    await page.close();
    assert.deepEqual(unexpected(complaints), []);
  });
}
