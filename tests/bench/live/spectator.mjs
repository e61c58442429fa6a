// SPDX-License-Identifier: MIT
// Looks at all tiles of an open page for long, and keeps only what matters of it.
import assert from 'node:assert/strict';

import { beginOf, latenciesIn, stallsIn } from './pictures.mjs';

export class Spectator {
  /** How long a picture stood still, each time that was too long, in ms. */
  stalls = [];
  pictures = 0;
  /** Pictures without a number. */
  blank = 0;
  #late = [];
  #lastAt = new Map();

  /** `cameras`: the streams that are seen, in the order of `names`. */
  static async open(page, names, cameras, clipMs) {
    const out = new Spectator();
    Object.assign(out, { page, names, clipMs, begins: [] });
    for (const i of names.keys()) out.begins.push(await beginOf(cameras, i + 1));
    await out.read();
    Object.assign(out, { stalls: [], pictures: 0, blank: 0 });
    out.#late = [];
    return out;
  }

  /** Takes what has been seen since the last call. */
  async read() {
    const logs = await this.page.evaluate((names) =>
      names.map((name) => (globalThis.pictures[name] ?? []).splice(0)), this.names);
    logs.forEach((log, i) => {
      if (log.length === 0) return;
      const before = this.#lastAt.has(i) ? [{ at: this.#lastAt.get(i) }] : [];
      const { at } = log.at(-1);
      this.stalls.push(...stallsIn([...before, ...log], at));
      this.#lastAt.set(i, at);
      this.pictures += log.length;
      this.blank += log.filter(({ number }) => number === null).length;
      this.#late.push(...latenciesIn(log, this.begins[i], this.clipMs));
    });
  }

  /** How late the pictures since the last call were seen, in ms. */
  takeLate() {
    assert.ok(this.#late.length > 0, 'no picture was seen');
    return this.#late.splice(0);
  }

  forgetLate() {
    this.#late = [];
  }

  /** Reads for the last time: what stands still then is a stall, too. */
  async end() {
    await this.read();
    const now = Date.now();
    for (const at of this.#lastAt.values()) this.stalls.push(...stallsIn([{ at }], now));
  }
}
