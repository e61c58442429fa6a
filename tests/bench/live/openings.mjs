// SPDX-License-Identifier: MIT
// How long after a page is opened its tiles show a picture, and move.
import { until } from '../../e2e/daemon.mjs';
import { logOf, startOf, statesOf, wayOf } from './pictures.mjs';

/** What is known of tiles that do not come. */
async function seenOf(page, names) {
  const out = [];
  for (const name of names) {
    const [log, states] = [await logOf(page, name), await statesOf(page, name)];
    out.push([name, states.map(({ state }) => state).join(' '), log.length, ...log.slice(-3).map(({ number }) => number)].join(' '));
  }
  return out;
}

/** Opens a page once; milliseconds until all tiles of `names` show something, and until all move. */
async function once(site, context, target, names) {
  const page = await site.page(context, target, { isStart: true });
  const starts = await until(`${names.length} tiles move`, async () => {
    const all = [];
    for (const name of names) all.push(startOf(await logOf(page, name)));
    return all.every(({ moving }) => moving !== null) ? all : null;
  }, 30_000, 250).catch(async ({ message }) => {
    throw new Error(`${message}, but: ${JSON.stringify(await seenOf(page, names))}`);
  });
  const origin = await page.evaluate(() => performance.timeOrigin);
  // What is shown is noted a second later, for the next time.
  await until('it is noted', () => page.evaluate(() => localStorage.getItem('ronin.live.shown')), 20_000);
  const way = await wayOf(page, names[0]);
  await page.close();
  const last = (key) => Math.round(Math.max(...starts.map((one) => one[key])) - origin);
  return { shown: last('shown'), moving: last('moving'), way };
}

/**
 * `count` openings of `target`. `isNew`: by somebody who was never there; `isFirst`: while nobody else
 * looks, so that sub streams are connected for this.
 */
export async function openings(site, target, names, count, { isNew, isFirst }) {
  const other = isFirst ? null : await site.watcher(names);
  try {
    const known = isNew ? null : await site.newViewer();
    if (known !== null) await once(site, known, target, names);
    const out = { shown: [], moving: [] };
    for (let i = 0; i < count; i += 1) {
      if (isFirst) await site.untilIdle(names);
      const context = known ?? (await site.newViewer());
      const { shown, moving, way } = await once(site, context, target, names);
      out.way = way;
      out.shown.push(shown);
      out.moving.push(moving);
      if (isNew) await context.close();
    }
    return out;
  } finally {
    other?.close();
  }
}
