// SPDX-License-Identifier: MIT
// What is seen of each tile of a page, and when, read from the pixels; and what follows from it.
import assert from 'node:assert/strict';

import { barCodeIn, readBarCode, readFrame } from '../../e2e/bar_code.mjs';
import { until } from '../../e2e/daemon.mjs';

export const frameMs = 40;
/** A picture that stands still for longer is a stall. */
export const stallMs = 250;
/** Of two pictures that follow each other in a picture that moves. */
const mostFrames = 12;
const mostMs = 500;

/**
 * In the page, from its start: `pictures` has each number that is seen of a tile, `states` what the
 * tile says. `isStart`: a tile that moves is looked at no more, since looking costs, too. So where the
 * browser lets us, only two rows of a video's picture are read, and each picture once.
 */
function watch(isMoving, isStart) {
  const pictures = (globalThis.pictures = {});
  const states = (globalThis.states = {});
  const newest = {};
  const times = {};
  const note = (name, log, at, number, width) => {
    if (newest[name] === number) return;
    newest[name] = number;
    log.push({ at, number, width });
  };
  const readVideo = (name, log, at, video) => {
    let frame;
    try {
      frame = new VideoFrame(video);
    } catch {
      return;  // it has just lost its picture
    }
    const { timestamp } = frame;
    if (times[name] === timestamp) {
      frame.close();
      return;
    }
    times[name] = timestamp;
    const width = video.videoWidth;
    readFrame(frame)
      .catch(() => readBarCode(video))  // a picture that is in the graphics card only
      .then((number) => note(name, log, at, number, width))
      .finally(() => frame.close());
  };
  /** What a person sees: the video, or the canvas behind it while that has no picture. */
  const seen = (tile) => {
    const video = tile.querySelector('video');
    if (video !== null && video.videoWidth > 0 && video.readyState >= 2) return video;
    const canvas = tile.querySelector('canvas');
    return canvas !== null && canvas.width > 0 ? canvas : null;
  };
  const look = () => {
    requestAnimationFrame(look);  // first: a picture that cannot be read is not the last one
    const at = Date.now();
    for (const tile of document.querySelectorAll('article[aria-label]')) {
      const name = tile.getAttribute('aria-label');
      const log = (pictures[name] ??= []);
      const said = (states[name] ??= []);
      const { state } = tile.dataset;
      if (said.at(-1)?.state !== state) said.push({ at, state });
      if (tile.hidden || (isStart && isMoving(log) !== null)) continue;
      const picture = seen(tile);
      if (picture === null) continue;
      if (picture.videoWidth > 0 && 'VideoFrame' in globalThis) readVideo(name, log, at, picture);
      else note(name, log, at, readBarCode(picture), picture.videoWidth ?? picture.width);
    }
  };
  requestAnimationFrame(look);
}

/** When a picture moved for the first time, and null before; run in the page, too. */
function movedAt(log, [longestMs, longestStep]) {
  for (let i = 1; i < log.length; i += 1) {
    const [last, next] = [log[i - 1], log[i]];
    if (last.number === null || next.number === null) continue;
    const step = next.number - last.number;
    if (step > 0 && step <= longestStep && next.at - last.at <= longestMs) return next.at;
  }
  return null;
}
const limits = [mostMs, mostFrames];

/** When a tile showed a picture, and when it moved; null for what has not come. */
export function startOf(log) {
  return { shown: log.find(({ number }) => number !== null)?.at ?? null, moving: movedAt(log, limits) };
}

/**
 * Milliseconds from the camera's clock to the eye. Numbers begin again with each clip of `clipMs`, of
 * which one began at `zero`.
 */
export function latenciesIn(log, zero, clipMs) {
  return log
    .filter(({ number }) => number !== null)
    .map(({ at, number }) => (((at - zero - number * frameMs) % clipMs) + clipMs) % clipMs);
}

/** How long the picture stood still, each time that was too long; until `end` it may do so, too. */
export function stallsIn(log, end) {
  const times = [...log.map(({ at }) => at), end];
  return times.slice(1).map((at, i) => Math.round(at - times[i])).filter((gap) => gap > stallMs);
}

export async function watchPage(page, isStart = false) {
  const isMoving = `(log) => (${movedAt})(log, ${JSON.stringify(limits)})`;
  const readers = [barCodeIn, readBarCode, readFrame].join('\n');
  await page.addInitScript({ content: `${readers}\n(${watch})(${isMoving}, ${isStart})` });
}

/** What was seen of a tile since `since`. */
export function logOf(page, name, since = 0) {
  return page.evaluate(([key, from]) => (globalThis.pictures?.[key] ?? []).filter(({ at }) => at >= from),
    [name, since]);
}

export function statesOf(page, name, since = 0) {
  return page.evaluate(([key, from]) => (globalThis.states?.[key] ?? []).filter(({ at }) => at >= from),
    [name, since]);
}

/** By which way, and which stream: "websocket sub". */
export async function wayOf(page, name) {
  const video = page.getByRole('article', { name, exact: true }).locator('video');
  return `${await video.getAttribute('data-transport')} ${await video.getAttribute('data-stream')}`;
}

/** Lets time pass in which pictures are looked at. */
export async function lookFor(page, seconds) {
  const end = Date.now() + seconds * 1000;
  await until('some seconds of pictures', () => page.evaluate((at) => Date.now() > at, end), seconds * 1000 + 60_000, 250);
}

/** When a camera's picture 0 was due, in milliseconds of this computer's clock. */
export async function beginOf(cameras, which = 1) {
  const { number, utcMs } = await cameras.sent(which);
  return utcMs - number * frameMs;
}

/** What is seen of a tile in the next `seconds`; a clip of `clipMs` began when `begin` says. */
export async function latency(page, name, begin, clipMs, seconds) {
  const since = Date.now();
  await lookFor(page, seconds);
  const end = Date.now();
  const log = await logOf(page, name, since);
  const ms = latenciesIn(log, await begin(), clipMs).map(Math.round);
  assert.ok(ms.length > seconds, `${ms.length} pictures in ${seconds} s`);
  return { way: await wayOf(page, name), ms, stalls: stallsIn(log, end), blank: log.filter(({ number }) => number === null).length };
}
