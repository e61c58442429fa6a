// SPDX-License-Identifier: MIT
// node live.mjs [--quick] [PART…]: what a person sees of the live view; prints it as JSON.
// Parts: starts latencies changes gops sixteen.
import { enlargements, outage } from './changes.mjs';
import { latencyBy } from './latencies.mjs';
import { openings } from './openings.mjs';
import { Site } from './site.mjs';
import { Steps } from './steps.mjs';

const isQuick = process.argv.includes('--quick');
const [starts, manyStarts, changes, seconds] = isQuick ? [3, 2, 2, 8] : [10, 5, 5, 30];
const names = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const four = ['Yard', 'Gate', 'Garage', 'Garden'];
const [yard] = four;
const sixteen = [...four, ...Array.from({ length: 12 }, (_, i) => `Camera ${i + 5}`)];
const steps = new Steps(() => site.sendAway());
const site = await Site.open();
const pageOf = (name) => `/live/cam/${site.ids.get(name)}`;

const parts = {
  async starts() {
    for (const [who, isNew] of Object.entries({ new: true, again: false })) {
      const open = (target, some, isFirst) => () => openings(site, target, some, starts, { isNew, isFirst });
      await steps.run(`four ${who} first`, open('/live', four, true));
      await steps.run(`four ${who}`, open('/live', four, false));
      await steps.run(`one ${who}`, open(pageOf(yard), [yard], false));
    }
  },
  async latencies(cameras) {
    for (const by of ['tile', 'main', 'enlarged', 'll', 'hls']) {
      await steps.run(`latency ${by}`, () => latencyBy(site, by, yard, cameras, seconds));
    }
  },
  async changes(cameras) {
    await steps.run('enlarge', () => enlargements(site, yard, starts));
    for (const kind of ['silent', 'off']) {
      await steps.run(`outage ${kind}`, () => outage(site, cameras, yard, kind, changes));
    }
  },
  async gops(cameras) {
    for (const gop of [1, 2, 4, 10]) {
      const name = gop === 1 ? yard : `GOP of ${gop} s`;
      const its = gop === 1 ? cameras : await site.add([name], gop);
      await steps.run(`gop ${gop} latency`, () => latencyBy(site, 'main', name, its, seconds));
      await steps.run(`gop ${gop} start`, () =>
        openings(site, pageOf(name), [name], starts, { isNew: true, isFirst: false }));
      if (gop > 1) await site.remove(name, its);
    }
  },
  async sixteen() {
    await site.addFleet(sixteen.slice(four.length));
    for (const [what, how] of Object.entries({ first: { isNew: true, isFirst: true }, again: { isNew: false, isFirst: false } })) {
      await steps.run(`sixteen ${what}`, () => openings(site, '/live/4x4', sixteen, manyStarts, how));
    }
  },
};

try {
  const cameras = await site.add(four);
  for (const name of names.length > 0 ? names : Object.keys(parts)) await parts[name](cameras);
} finally {
  await site.close();
}
console.log(JSON.stringify(steps.found));
