// SPDX-License-Identifier: MIT
// What changes while somebody looks: a tile is enlarged; a camera goes and comes back.
import { until } from '../../e2e/daemon.mjs';
import { enlarge, untilLive, untilWay } from './latencies.mjs';
import { logOf, startOf, statesOf } from './pictures.mjs';

const outageS = 15;
const subWidth = 640;

/** Milliseconds from the click to the first picture of the main stream; pictures without a number. */
export async function enlargements(site, name, count) {
  const out = { ms: [], blank: 0 };
  const context = await site.newViewer();
  const page = await site.page(context, '/live');
  const main = ({ width, number }) => width > subWidth && number !== null;
  for (let i = 0; i < count; i += 1) {
    await untilWay(page, name, / sub$/);
    await untilLive(page, name);
    const asked = await page.evaluate(() => Date.now());
    await enlarge(page, name);
    const first = await until('the main stream', async () => (await logOf(page, name, asked)).find(main), 60_000, 100);
    out.ms.push(first.at - asked);
    await untilLive(page, name);
    await page.getByRole('button', { name: 'Back to all cameras' }).click();
    await untilWay(page, name, / sub$/);
    out.blank += (await logOf(page, name, asked)).filter(({ number }) => number === null).length;
  }
  await context.close();
  return out;
}

/** How a camera goes and comes back: its cable is pulled, or it has no power. */
const outages = {
  silent: { go: [['stall']], come: [['resume']] },
  off: { go: [['refuse', 'port'], ['close']], come: [['allow']] },
};

/** Milliseconds until the tile says that the first camera is gone, and from its return until it moves. */
export async function outage(site, cameras, name, kind, count) {
  const out = { said: [], states: [], moving: [] };
  const context = await site.newViewer();
  const page = await site.page(context, '/live');
  const { go, come } = outages[kind];
  for (let i = 0; i < count; i += 1) {
    await site.untilRecorded([name]);
    await untilLive(page, name);
    const gone = Date.now();
    cameras.say(1, ...go);
    const { at, state } = await until('the tile says so', async () =>
      (await statesOf(page, name, gone)).find((one) => one.state !== 'live'), 60_000, 50);
    out.said.push(at - gone);
    out.states.push(state);
    await until('the end of the outage', () => Date.now() > gone + outageS * 1000, (outageS + 5) * 1000);
    const back = Date.now();
    cameras.say(1, ...come);
    out.moving.push(await until('it moves', async () =>
      startOf(await logOf(page, name, back)).moving, 90_000, 50) - back);
  }
  await context.close();
  return out;
}
