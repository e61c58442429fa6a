// SPDX-License-Identifier: MIT
// How late the live picture is on a page that shows one camera as anybody would see it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { end, launchBrowser, openIn } from './browser.mjs';
import { Daemon, DemoCameras, until } from './daemon.mjs';
import { latenciesOf, percentile, watchPictures } from './picture.mjs';

let browser;
let daemon;
let numbered;

before(async () => {
  numbered = await DemoCameras.start();
  daemon = await Daemon.start({ demo: 5 });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await numbered?.stop();
  await daemon?.remove();
});

test('the live picture is less than 5 s late', async (t) => {
  const answer = await daemon.post('/api/cameras', { name: 'Numbered', url: numbered.url });
  assert.equal(answer.status, 201);
  const { id } = await answer.json();
  await until('the camera records', async () => (await daemon.camera(id)).status === 'recording');
  const watched = { newPage: async (options) => {
    const page = await browser.newPage(options);
    await page.addInitScript(watchPictures);
    return page;
  } };
  const { page, complaints } = await openIn(watched, daemon, `/live/cam/${id}`);
  const tile = page.getByRole('article', { name: 'Numbered' });
  await until('it has settled', () => page.evaluate(() =>
    (globalThis.pictures?.Numbered ?? []).filter(({ number }) => number !== null).length > 100), 60_000);
  const since = await page.evaluate(() => Date.now());
  await until('ten seconds of it', () => page.evaluate((at) => Date.now() > at, since + 10_000));
  const latencies = await latenciesOf(page, numbered, 'Numbered', since);
  t.diagnostic(`latency: p50 ${Math.round(percentile(latencies, 0.5))} ms, p95 ${Math.round(percentile(latencies, 0.95))} ms`);
  assert.equal(await tile.getAttribute('data-state'), 'live');
  assert.ok(latencies.length > 10, `${latencies.length} pictures in 10 s`);
  assert.ok(percentile(latencies, 0.95) < 5000, `latencies: ${latencies.join(' ')}`);
  await end(page, complaints);
});
