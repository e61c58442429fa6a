// SPDX-License-Identifier: MIT
// The page of the storage: what is on the disks, what limits would delete, and alarms.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { assertSteady, button, end, enter, launchBrowser, look, openIn, sizes } from './browser.mjs';
import { Daemon, DemoCameras, mediaFiles, until } from './daemon.mjs';

const [wide, phone] = sizes;
let browser;
let cameras;
let daemon;
let disks;

const disk = (name) => path.join(disks, name);

before(async () => {
  disks = await mkdtemp(path.join(tmpdir(), 'ronin-e2e-disks-'));
  await Promise.all(['a', 'b', 'c'].map((name) => mkdir(disk(name))));
  [cameras, browser] = await Promise.all([DemoCameras.start({ count: 2 }), launchBrowser()]);
  const places = ['a', 'b'].flatMap((name) => ['--storage', disk(name)]);
  daemon = await Daemon.start({ args: [...places, '--set', 'allow_loopback_cameras=true'] });
  for (const [at, name] of ['Door', 'Yard'].entries()) {
    const answer = await daemon.post('/api/cameras', { name, url: cameras.urls[at] });
    assert.equal(answer.status, 201);
  }
  await until('files', async () => (await daemon.json('/api/storage/stats')).file_count >= 4, 60_000);
});

after(async () => {
  await browser?.close();
  await daemon?.remove();
  await cameras?.stop();
  if (disks) await rm(disks, { recursive: true, force: true });
});

const region = (page, name) => page.getByRole('region', { name, exact: true });

for (const size of sizes) {
  test(`what is recorded is seen by camera, by day and by volume at ${size.width} px`, async () => {
    const { page, complaints } = await openIn(browser, daemon, '/live', size);
    await page.getByRole('link', { name: 'Storage' }).click();
    await region(page, 'Use per day').getByRole('img', { name: /^Chart of the last 30 days/ }).waitFor();
    await page.getByRole('img', { name: /^Door: .* recorded/ }).waitFor();
    await page.getByRole('heading', { name: disk('a') }).waitFor();
    const drawn = await region(page, 'Use per day').locator('canvas').evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, at) => at % 4 === 3 && value > 0);
    });
    assert.ok(drawn, 'the chart is drawn');
    await look(page, 'storage-page', size);
    await assertSteady(page, 'the storage page');

    await button(page, 'Show as table').click();
    const row = region(page, 'Use per day as a table').getByRole('row').nth(1);
    const { cameras: used } = await daemon.json('/api/storage/stats');
    assert.equal(used.length, 2);
    assert.match(await row.textContent(), /(kB|MB)\d+ files$/);
    await look(page, 'storage-table', size);
    await end(page, complaints);
  });
}

test('limits are previewed, and saved only after what they delete was read', async () => {
  const { page, complaints } = await openIn(browser, daemon, '/storage');
  await page.getByRole('link', { name: 'Change limits' }).click();
  await page.getByRole('dialog', { name: 'Limits of all cameras' }).waitFor();
  const result = region(page, 'What comes of it');
  await result.getByText('Deletes nothing.').waitFor();
  const { size_bytes: size } = await daemon.json('/api/storage/stats');
  await enter(page, 'All together at most, in GB', (size / 2 / 1e9).toFixed(9));
  await result.getByText(/^Deletes [\d,]+ recordings?, /).waitFor();
  await look(page, 'storage-preview', wide);
  assert.equal((await daemon.json('/api/storage/policy')).retention_bytes, null, 'nothing is saved yet');

  await button(page, 'Save').click();
  await page.getByText(/^Deletes [\d,]+ recordings?, .*Nothing brings them back\.$/).waitFor();
  await look(page, 'storage-confirm', wide);
  await button(page, 'Save and delete').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok((await daemon.json('/api/storage/policy')).retention_bytes > 0);
  await region(page, 'Limits of all cameras').getByText(/^at most/).waitFor();

  await page.getByRole('link', { name: 'Delete now' }).click();
  await page.getByRole('alertdialog').getByText(/^(Deletes|Nothing)/).waitFor();
  await look(page, 'storage-delete', wide);
  const remove = button(page, 'Delete now');
  if ((await remove.getAttribute('aria-disabled')) === 'false') await remove.click();
  else await button(page, 'Cancel').click();
  await page.getByText(/^Last run .* deleted, /).waitFor();
  const restored = await daemon.fetch('/api/storage/policy', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ retention_bytes: null }),
  });
  assert.equal(restored.status, 200);
  await end(page, complaints);
});

test('a camera has limits of its own, at 360 px', async () => {
  const { page, complaints } = await openIn(browser, daemon, '/storage', phone);
  await page.getByRole('link', { name: 'Change the limits of Yard' }).click();
  await page.getByRole('dialog', { name: 'Limits of Yard' }).waitFor();
  await enter(page, 'Keep for, in days', '60');
  await region(page, 'What comes of it').getByText('Deletes nothing.').waitFor();
  await look(page, 'storage-camera', phone);
  await button(page, 'Save').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('60 days').first().waitFor();
  const { items } = await daemon.json('/api/cameras');
  assert.equal(items.find(({ name }) => name === 'Yard').retention_days, 60);
  await end(page, complaints);
});

test('a camera is recorded to the volume that is chosen for it', async () => {
  const { items: volumes } = await daemon.json('/api/storage/volumes');
  const { items: [door] } = await daemon.json('/api/cameras');
  const filesIn = async (folder) => (await mediaFiles(folder)).filter((file) => file.startsWith(door.folder));
  const counts = await Promise.all(volumes.map(async ({ path: folder }) => (await filesIn(folder)).length));
  const chosen = volumes[counts.indexOf(0)];
  const { page, complaints } = await openIn(browser, daemon, `/cameras/${door.id}`, phone);
  const choice = page.getByRole('dialog').getByRole('combobox', { name: 'Volume' });
  await choice.selectOption({ label: chosen.path });
  await look(page, 'storage-assigned', phone);
  await assertSteady(page, 'the form');
  await button(page, 'Save').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await daemon.camera(door.id)).volume_id, chosen.id);
  await until('a file there', async () => (await filesIn(chosen.path)).length > 0);
  await end(page, complaints);
});

test('a volume is added, changed to an archive and removed', async () => {
  const { page, complaints } = await openIn(browser, daemon, '/storage');
  await page.getByRole('link', { name: 'Add volume' }).click();
  await enter(page, 'Folder', disk('c'));
  await look(page, 'storage-volume', wide);
  await button(page, 'Add volume').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: `Change ${disk('c')}` }).click();
  await page.getByRole('combobox', { name: 'Is for' }).selectOption('archive');
  await enter(page, 'Takes recordings after, in days', '14');
  await button(page, 'Save').click();
  await page.getByText('Archive, after 14 days').waitFor();
  await button(page, `Remove ${disk('c')}`).click();
  await button(page, 'Remove volume').click();
  await page.getByRole('heading', { name: disk('c') }).waitFor({ state: 'detached' });
  assert.equal(await button(page, `Remove ${disk('a')}`).count(), 0, 'it is in the configuration');
  await end(page, complaints);
});

test('a volume that is pulled is an alarm on every page, which moves nothing, until it is back', async () => {
  const { items: [door] } = await daemon.json('/api/cameras');
  const storage = await openIn(browser, daemon, '/storage');
  const live = await openIn(browser, daemon, '/live');
  const tile = await openIn(browser, daemon, `/live/cam/${door.id}`, phone);
  const pages = [storage, live, tile].map(({ page }) => page);
  for (const { page } of [live, tile]) await page.getByLabel(`Live picture of ${door.name}`).waitFor();
  await storage.page.getByRole('heading', { name: disk('b') }).waitFor();
  await rename(disk('b'), disk('away'));
  const banner = (page) => page.getByRole('complementary', { name: 'Alarms' });
  for (const page of pages) await banner(page).getByText(/is missing/).waitFor();
  await storage.page.getByRole('listitem').filter({ hasText: disk('b') }).getByText(/^Missing/).waitFor();
  await look(storage.page, 'storage-missing', wide);
  await look(live.page, 'storage-banner', wide);
  await look(tile.page, 'storage-banner', phone);
  await rename(disk('away'), disk('b'));
  for (const page of pages) await banner(page).waitFor({ state: 'detached' });
  await assertSteady(live.page, 'the grid below the banner');
  await assertSteady(tile.page, 'the picture above the banner');
  for (const { page, complaints } of [storage, live, tile]) await end(page, complaints);
});
