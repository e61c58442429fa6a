// SPDX-License-Identifier: MIT
// How late the picture is, by each way that there is.
import { until } from '../../e2e/daemon.mjs';
import { beginOf, latency, lookFor, wayOf } from './pictures.mjs';

const settleS = 6;

const tile = (page, name) => page.getByRole('article', { name, exact: true });
export const untilLive = (page, name) =>
  until(`${name} is live`, async () => (await tile(page, name).getAttribute('data-state')) === 'live', 60_000, 50);
export const untilWay = (page, name, pattern, ms = 90_000) =>
  until(`${name} comes by ${pattern}`, async () => pattern.test(await wayOf(page, name)), ms, 50);
export const enlarge = (page, name) => page.getByRole('button', { name: `Enlarge ${name}` }).click();

/** In the page, from its start: the live socket ends where nobody listens, as behind a proxy. */
function withoutSockets() {
  const Real = globalThis.WebSocket;
  globalThis.WebSocket = class extends Real {
    constructor(url, protocol) {
      super(String(url).includes('/api/live') ? 'ws://127.0.0.1:1/' : url, protocol);
    }
  };
}

/** In the page, from its start: requests for low-latency HLS fail. */
function withoutLowLatency() {
  const isBlocked = (url) => String(url?.url ?? url).includes('/stream/ll/');
  const { fetch: realFetch } = globalThis;
  globalThis.fetch = (url, ...rest) => (isBlocked(url) ? Promise.reject(new TypeError('blocked')) : realFetch(url, ...rest));
  const realOpen = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function open(method, url, ...rest) {
    return realOpen.call(this, method, isBlocked(url) ? 'http://127.0.0.1:1/' : url, ...rest);
  };
}

const without = (...scripts) => async (page) => {
  for (const script of scripts) await page.addInitScript(script);
};

/** By its name: the page, what must be missing in it, whether it is enlarged, and what is then expected. */
const ways = {
  tile: { stream: 'sub', way: /^websocket sub$/ },
  main: { stream: 'main', way: /^websocket main$/, prepare: without(() => Reflect.deleteProperty(globalThis, 'VideoDecoder')), enlarged: true },
  enlarged: { stream: 'main', way: /^\S+ main$/, enlarged: true },
  ll: { stream: 'main', way: /^ll-hls main$/, prepare: without(withoutSockets), enlarged: true },
  hls: { stream: 'main', way: /^hls main$/, prepare: without(withoutSockets, withoutLowLatency), enlarged: true },
};

/** `seconds` of pictures of a camera by one of `ways`. */
export async function latencyBy(site, by, name, cameras, seconds, target = '/live') {
  const { stream, way, prepare, enlarged } = ways[by];
  const context = await site.newViewer();
  const page = await site.page(context, target, { prepare });
  try {
    await untilLive(page, name);
    if (enlarged) await enlarge(page, name);
    await untilWay(page, name, way);
    await untilLive(page, name);
    await lookFor(page, settleS);
    const begin = () => (cameras.hasLongGops ? site.keyframeOf(name, stream) : beginOf(cameras[stream]));
    return await latency(page, name, begin, cameras.clipMs, seconds);
  } finally {
    await context.close();
  }
}
