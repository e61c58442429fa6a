// SPDX-License-Identifier: MIT
// node viewers.mjs [--quick]: 16 viewers of 4 cameras for half an hour, one of them a browser; prints
// what they saw, and what it cost the recorder, as JSON.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { LiveClient } from '../../api/live_client.mjs';
import { mediaFiles } from '../../e2e/daemon.mjs';
import { untilLive } from './latencies.mjs';
import { Listener, stampsIn } from './listener.mjs';
import { lookFor } from './pictures.mjs';
import { Site } from './site.mjs';
import { Spectator } from './spectator.mjs';

const isQuick = process.argv.includes('--quick');
const [seconds, edgeS, aloneS] = isQuick ? [120, 20, 20] : [1800, 60, 60];
const settleS = 10;
const readS = 5;
const clients = 15;
const ticksPerS = 100;
const names = ['Yard', 'Gate', 'Garage', 'Garden'];

/** Processor time of a process so far, in seconds. */
async function processorS(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
}

/** Of a process while `wait` lasts, in cores. */
async function coresDuring(pid, wait) {
  const [began, before] = [performance.now(), await processorS(pid)];
  await wait();
  return ((await processorS(pid)) - before) / ((performance.now() - began) / 1000);
}

/** A viewer without a screen of all cameras; a listener for each. */
async function listen(site) {
  const client = await LiveClient.open(site.daemon.url);
  const listeners = names.map((name, i) => {
    const listener = new Listener();
    client.subscribe(i + 1, site.ids.get(name), 'sub').onMessage = (message) =>
      listener.take(message, performance.timeOrigin + performance.now());
    return listener;
  });
  return { client, listeners };
}

/** What the recording has of each camera: pictures, and how many are missing between two others. */
async function recorded(folder) {
  const out = { pictures: 0, lost: 0 };
  const last = new Map();
  for (const file of await mediaFiles(folder)) {
    const camera = file.split('/')[0];
    const numbers = stampsIn(await readFile(path.join(folder, file))).map(({ number }) => number);
    for (const number of numbers) {
      if (last.has(camera)) out.lost += Math.abs(number - last.get(camera) - 1);
      last.set(camera, number);
    }
    out.pictures += numbers.length;
  }
  return out;
}

const site = await Site.open();
const out = { seconds, viewers: clients + 1 };
try {
  const cameras = await site.add(names);
  const { pid } = site.daemon.child;
  const page = await site.page(await site.newViewer(), '/about-nothing');
  await lookFor(page, settleS);
  out.alone_cores = await coresDuring(pid, () => lookFor(page, aloneS));

  await page.goto(new URL('/live', site.address).href);
  for (const name of names) await untilLive(page, name);
  const viewers = [];
  for (let i = 0; i < clients; i += 1) viewers.push(await listen(site));
  const listeners = viewers.flatMap((viewer) => viewer.listeners);
  await lookFor(page, settleS);
  const spectator = await Spectator.open(page, names, cameras.sub, cameras.clipMs);
  const takeLate = () => ({ browser: spectator.takeLate(), clients: listeners.flatMap((one) => one.takeLate()) });
  const forget = () => {
    spectator.forgetLate();
    for (const one of listeners) one.takeLate();
  };
  for (const one of listeners) Object.assign(one, { pictures: 0, missing: 0, uneven: 0, stalls: [] });
  forget();

  const end = Date.now() + seconds * 1000;
  const watch = async (until, isEdge) => {
    while (Date.now() < until) {
      await lookFor(page, Math.min(readS, (until - Date.now()) / 1000));
      await spectator.read();
      // Half an hour of it at once would hold this program up, and so the viewers in it.
      if (!isEdge) forget();
    }
  };
  const ownTurns = monitorEventLoopDelay({ resolution: 10 });
  ownTurns.enable();
  out.cores = await coresDuring(pid, async () => {
    await watch(end - (seconds - edgeS) * 1000, true);
    out.begin = takeLate();
    await watch(end - edgeS * 1000, false);
    await watch(end, true);
    out.end = takeLate();
  });
  ownTurns.disable();
  out.own_turn_ms = Math.round(ownTurns.max / 1e6);
  await spectator.end();
  const sum = (key) => listeners.reduce((all, one) => all + one[key], 0);
  out.browser = { pictures: spectator.pictures, stalls: spectator.stalls, blank: spectator.blank };
  out.clients = {
    ...{ pictures: sum('pictures'), missing: sum('missing'), uneven: sum('uneven') },
    stalls: listeners.flatMap((one) => one.stalls),
    dropped: viewers.flatMap(({ client }) => [...client.channels.values()].flatMap((one) => one.all('dropped'))).length,
  };
  for (const { client } of viewers) client.close();
  await page.context().close();
  await site.daemon.stop();
  out.recorded = await recorded(site.daemon.storage);
} finally {
  await site.close();
}
for (const edge of [out.begin, out.end]) {
  for (const who of Object.keys(edge)) edge[who] = edge[who].map((ms) => Math.round(10 * ms) / 10);
}
console.log(JSON.stringify(out));
