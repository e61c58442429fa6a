// SPDX-License-Identifier: MIT
// Reads the number in a live picture, whichever way it comes, and how late it is seen.

export const clipFrames = 250;
const frameMs = 40;
const clipMs = clipFrames * frameMs;

/** In the page, from its start: notes each number that is seen on the page, and when. */
export function watchPictures() {
  const sampler = document.createElement('canvas');
  const context = sampler.getContext('2d', { willReadFrequently: true });
  sampler.width = 320;
  sampler.height = 6;

  /** As src/demo/bar_code.h describes it; null without one. */
  function read(picture, height) {
    context.drawImage(picture, 0, height / 60, picture.videoWidth || picture.width, height / 30, 0, 0, 320, 6);
    const { data } = context.getImageData(0, 0, 320, 6);
    const level = (cell) => {
      let sum = 0;
      for (let x = cell * 10 + 3; x < cell * 10 + 7; x += 1) sum += data[(3 * 320 + x) * 4 + 1];
      return sum / 4;
    };
    const levels = Array.from({ length: 32 }, (_, cell) => level(cell));
    const middle = (levels[0] + levels[1]) / 2;
    const bits = levels.map((one) => (one > middle ? 1 : 0));
    const marks = [...bits.slice(0, 4), ...bits.slice(30)].join('');
    const ones = (first) => bits.filter((_, i) => i >= 4 && i < 30 && i % 2 === first).reduce((a, b) => a + b, 0);
    if (marks !== '101001' || ones(0) % 2 !== 0 || ones(1) % 2 !== 0) return null;
    return bits.slice(4, 28).reduce((number, bit) => number * 2 + bit, 0);
  }

  /** What a person sees of a tile: the video, or the canvas behind it while that has no picture. */
  function seen(tile) {
    const video = tile.querySelector('video');
    if (video !== null && video.videoWidth > 0 && video.readyState >= 2) return [video, video.videoHeight];
    const canvas = tile.querySelector('canvas');
    return canvas !== null && canvas.width > 0 ? [canvas, canvas.height] : [null, 0];
  }

  const logs = (globalThis.pictures = {});
  const look = () => {
    for (const tile of document.querySelectorAll('article[aria-label]')) {
      const log = (logs[tile.ariaLabel ?? tile.getAttribute('aria-label')] ??= []);
      const [picture, height] = tile.hidden ? [null, 0] : seen(tile);
      if (picture === null) continue;
      const number = read(picture, height);
      const last = log.at(-1);
      if (last?.number === number) continue;
      const { state } = tile.dataset;
      log.push({ at: Date.now(), number, state, width: picture.videoWidth || picture.width });
      if (log.length > 5000) log.shift();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

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
