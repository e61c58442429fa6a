// SPDX-License-Identifier: MIT
// Reads the number in a live picture, whichever way it comes, and how late it is seen.

import { barCodeIn, readBarCode } from './bar_code.mjs';

export const clipFrames = 250;
const frameMs = 40;
const clipMs = clipFrames * frameMs;

function watch() {
  /** What a person sees of a tile: the video, or the canvas behind it while that has no picture. */
  function seen(tile) {
    const video = tile.querySelector('video');
    if (video !== null && video.videoWidth > 0 && video.readyState >= 2) return video;
    const canvas = tile.querySelector('canvas');
    return canvas !== null && canvas.width > 0 ? canvas : null;
  }

  const logs = (globalThis.pictures = {});
  const look = () => {
    requestAnimationFrame(look);
    for (const tile of document.querySelectorAll('article[aria-label]')) {
      const log = (logs[tile.getAttribute('aria-label')] ??= []);
      const picture = tile.hidden ? null : seen(tile);
      if (picture === null) continue;
      const number = readBarCode(picture);
      if (log.at(-1)?.number === number) continue;
      const { state } = tile.dataset;
      log.push({ at: Date.now(), number, state, width: picture.videoWidth || picture.width });
      if (log.length > 5000) log.shift();
    }
  };
  requestAnimationFrame(look);
}

/** For a page, from its start: notes in `pictures` each number that is seen of a tile, and when. */
export const watchPictures = { content: `${barCodeIn}\n${readBarCode}\n(${watch})()` };

/** When picture 0 of the clip was sent, in milliseconds of this computer's clock, modulo the clip. */
export async function sendClock(cameras, which = 1) {
  const { number, utcMs } = await cameras.sent(which);
  return (utcMs - number * frameMs) % clipMs;
}

/** Milliseconds from sending to seeing, of what was seen of a camera since `since`. */
export async function latenciesOf(page, cameras, name, since, which = 1) {
  const zero = await sendClock(cameras, which);
  const log = await page.evaluate((key) => globalThis.pictures[key] ?? [], name);
  return log
    .filter(({ at, number }) => at >= since && number !== null)
    .map(({ at, number }) => (((at - zero - number * frameMs) % clipMs) + clipMs) % clipMs);
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** How often the picture stood still for longer than `ms` since `since`. */
export async function pausesOf(page, name, since, ms = 250) {
  const log = await page.evaluate((key) => globalThis.pictures[key] ?? [], name);
  const times = log.filter(({ at }) => at >= since).map(({ at }) => at);
  return times.slice(1).map((at, i) => at - times[i]).filter((gap) => gap > ms);
}
