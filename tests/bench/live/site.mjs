// SPDX-License-Identifier: MIT
// Cameras with a main and a sub stream, a recorder that records them, and a browser.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

import { LiveClient } from '../../api/live_client.mjs';
import { launchBrowser } from '../../e2e/browser.mjs';
import { Daemon, DemoCameras, until } from '../../e2e/daemon.mjs';
import { stampsIn } from './listener.mjs';
import { watchPage } from './pictures.mjs';

const viewport = { width: 1280, height: 800 };
// Cameras, recorder and browser end with this process, and not one after the other.
process.once('SIGTERM', () => process.exit(143));

const main = ['--size=1920x1080', '--kbit=4000'];
const sub = ['--size=640x360', '--kbit=500'];

/** The first of `count` ports that are free. */
async function freePorts(count) {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const servers = Array.from({ length: count }, (_, i) => net.createServer().listen(first + i, '127.0.0.1'));
    const all = await Promise.allSettled(servers.map((server) => once(server, 'listening')));
    for (const server of servers) server.close();
    if (all.every(({ status }) => status === 'fulfilled')) return first;
  }
}

/** Pairs of cameras; the i-th of `main` and of `sub` is the same camera. */
export class Cameras {
  /** Which obey nothing, and cost little. */
  static async fleet(count) {
    const out = new Cameras();
    const port = await freePorts(2 * count);
    out.main = await DemoCameras.startFleet([`--count=${count}`, `--port=${port}`, ...main]);
    out.sub = await DemoCameras.startFleet([`--count=${count}`, `--port=${port + count}`, ...sub]);
    return out;
  }

  static async start(count, gopS = 1) {
    const out = new Cameras();
    // With longer GOPs a camera goes on at a keyframe for whoever is new, so that its pictures say only
    // where in their GOP they are.
    out.hasLongGops = gopS > 1;
    out.clipMs = (out.hasLongGops ? gopS : 10) * 1000;
    // Noise, since anything else would not fill the bitrate.
    const some = [`--count=${count}`, `--gop=${gopS}`, '--pattern=snow'];
    out.main = await DemoCameras.startFake([...some, ...main]);
    out.sub = await DemoCameras.startFake([...some, ...sub]);
    return out;
  }

  both() {
    return [this.main, this.sub].filter(Boolean);
  }

  /** To both streams of a camera, from 1. */
  say(which, ...commands) {
    for (const one of this.both()) for (const [verb, ...rest] of commands) one.say([verb, which, ...rest].join(' '));
  }

  async stop() {
    for (const one of this.both()) await one.stop();
  }
}

export class Site {
  /** Ids by name. */
  ids = new Map();
  groups = [];

  /** `port`: of the recorder; `address`: where the browser finds it; `chromium`: what starts that. */
  static async open({ port = 0, address, chromium } = {}) {
    const site = new Site();
    try {
      // Sub streams end soon after nobody looks, so that a first look can be had again and again.
      site.daemon = await Daemon.start({
        port,
        args: ['--set', 'allow_loopback_cameras=true', '--set', 'live_linger_s=1', '--set', 'segment_duration_s=60'],
      });
      site.address = address ?? site.daemon.url;
      site.browser = await launchBrowser([], chromium);
    } catch (error) {
      await site.close();
      throw error;
    }
    return site;
  }

  async add(names, gopS = 1) {
    const cameras = await Cameras.start(names.length, gopS);
    await this.enter(names, cameras);
    return cameras;
  }

  async addFleet(names) {
    await this.enter(names, await Cameras.fleet(names.length));
  }

  /** Cameras are called by `names`; waits until they are recorded. */
  async enter(names, cameras) {
    this.groups.push(cameras);
    for (const [i, name] of names.entries()) {
      const answer = await this.daemon.post('/api/cameras', { name, url: cameras.main.urls[i], sub_url: cameras.sub.urls[i] });
      assert.equal(answer.status, 201, await answer.clone().text());
      this.ids.set(name, (await answer.json()).id);
    }
    await this.untilRecorded(names);
  }

  /** Takes the only camera of a group away again. */
  async remove(name, cameras) {
    await this.daemon.fetch(`/api/cameras/${this.ids.get(name)}`, { method: 'DELETE' });
    this.ids.delete(name);
    this.groups.splice(this.groups.indexOf(cameras), 1);
    await cameras.stop();
  }

  async untilRecorded(names) {
    for (const name of names) {
      await until(`${name} is recorded`, async () => (await this.daemon.camera(this.ids.get(name))).status === 'recording', 60_000);
    }
  }

  /** Until nobody's looking keeps a sub stream connected. */
  async untilIdle(names) {
    for (const name of names) {
      await until(`nobody looks at ${name}`, async () => (await this.daemon.camera(this.ids.get(name))).sub.status === 'idle', 60_000);
    }
  }

  /** Somebody else who looks at the sub streams of these. */
  async watcher(names) {
    const client = await LiveClient.open(this.daemon.url, { keeps: false });
    const channels = names.map((name, i) => client.subscribe(i + 1, this.ids.get(name), 'sub'));
    await until('they are seen', () => channels.every((one) => one.messages.length > 1), 30_000, 20);
    return client;
  }

  /** When the newest keyframe of a stream was due, in milliseconds of this computer's clock. */
  async keyframeOf(name, stream) {
    const client = await LiveClient.open(this.daemon.url);
    try {
      const channel = client.subscribe(1, this.ids.get(name), stream);
      const stamps = () => channel.messages.map(stampsIn).find((some) => some.length > 0);
      return (await until('a GOP', stamps, 30_000, 20))[0].utcMs;
    } finally {
      client.close();
    }
  }

  /** Everybody who looks leaves: what was measured may have failed before they did. */
  async sendAway() {
    for (const context of this.browser.contexts()) await context.close();
  }

  newViewer() {
    return this.browser.newContext({ viewport });
  }

  /** A page that is looked at from its start; `prepare` is called before it is opened. */
  async page(context, target, { isStart = false, prepare = async () => {} } = {}) {
    const page = await context.newPage();
    await watchPage(page, isStart);
    await prepare(page);
    await page.goto(new URL(target, this.address).href, { waitUntil: 'commit' });
    return page;
  }

  async close() {
    await this.browser?.close();
    await this.daemon?.remove();
    for (const one of this.groups) await one.stop();
  }
}
