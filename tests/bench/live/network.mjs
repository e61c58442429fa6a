// SPDX-License-Identifier: MIT
// node network.mjs NAMESPACE [--quick]: a browser in another network namespace, behind a long and
// bad cable; prints how late and how steady it sees the live view, as JSON. See long_cable.py.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { enlarge, untilLive, untilWay } from './latencies.mjs';
import { lookFor, startOf, logOf, wayOf } from './pictures.mjs';
import { Site } from './site.mjs';
import { Spectator } from './spectator.mjs';
import { Steps } from './steps.mjs';
import { until } from '../../e2e/daemon.mjs';

const isQuick = process.argv.includes('--quick');
const [namespace] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const [seconds, starts] = isQuick ? [60, 2] : [600, 5];
const settleS = 10;
const readS = 5;
const names = ['Yard', 'Gate', 'Garage', 'Garden'];
const [yard] = names;
/** As long_cable.py says; the recorder is asked by a name that it knows. */
const [port, near] = [8080, '10.78.0.1'];
const steps = new Steps(() => site.sendAway());

const folder = await mkdtemp(path.join(tmpdir(), 'ronin-bench-'));
const chromium = path.join(folder, 'chromium');
await writeFile(chromium, `#!/bin/sh\nexec ip netns exec ${namespace} /usr/bin/chromium --host-resolver-rules='MAP localhost ${near}' "$@"\n`);
await chmod(chromium, 0o755);

async function look(site, target, cameras, { some, isMain = false }) {
  const context = await site.newViewer();
  try {
    const page = await site.page(context, target);
    for (const name of some) await untilLive(page, name);
    if (isMain) {
      await enlarge(page, yard);
      await untilWay(page, yard, / main$/);
      await untilLive(page, yard);
    }
    await lookFor(page, settleS);
    const spectator = await Spectator.open(page, some, isMain ? cameras.main : cameras.sub, cameras.clipMs);
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      await lookFor(page, readS);
      await spectator.read();
    }
    await spectator.end();
    const { pictures, blank, stalls } = spectator;
    return { way: await wayOf(page, yard), ms: spectator.takeLate().map(Math.round), pictures, blank, stalls, seconds, tiles: some.length };
  } finally {
    await context.close();
  }
}

async function firsts(site) {
  const moving = [];
  for (let i = 0; i < starts; i += 1) {
    const context = await site.newViewer();
    const page = await site.page(context, '/live', { isStart: true });
    const at = await until('all move', async () => {
      const all = [];
      for (const name of names) all.push(startOf(await logOf(page, name)).moving);
      return all.includes(null) ? null : Math.max(...all);
    }, 60_000, 250);
    moving.push(Math.round(at - (await page.evaluate(() => performance.timeOrigin))));
    await context.close();
  }
  return { moving };
}

let site;
try {
  site = await Site.open({ port, address: `http://localhost:${port}`, chromium });
  const cameras = await site.add(names);
  await steps.run('four', () => look(site, '/live', cameras, { some: names }));
  await steps.run('one', () => look(site, '/live/1', cameras, { some: [yard] }));
  await steps.run('start', () => firsts(site));
} finally {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(JSON.stringify(steps.found));
