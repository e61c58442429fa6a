// SPDX-License-Identifier: MIT
// What judges the live view is judged itself, without a recorder and without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Listener, stampsIn } from './listener.mjs';
import { latenciesIn, stallsIn, startOf } from './pictures.mjs';
import { Spectator } from './spectator.mjs';
import { Steps } from './steps.mjs';

const seen = (...pairs) => pairs.map(([at, number]) => ({ at, number, width: 640 }));

test('a picture that stands still is shown, and does not move', () => {
  assert.deepEqual(startOf([]), { shown: null, moving: null });
  assert.deepEqual(startOf(seen([5, null], [10, 7])), { shown: 10, moving: null });
});

test('it moves with the second of two pictures that follow each other', () => {
  const old = [10, 200];

  assert.equal(startOf(seen(old, [300, 40], [340, 41])).moving, 340);
  assert.equal(startOf(seen(old, [300, 40], [340, 52])).moving, 340);
});

test('pictures far from each other, in number or in time, are no movement', () => {
  assert.equal(startOf(seen([10, 40], [50, 60])).moving, null);
  assert.equal(startOf(seen([10, 40], [900, 41])).moving, null);
  assert.equal(startOf(seen([10, 40], [20, null], [50, 41])).moving, null);
});

test('latency is told from the number, over the end of the clip', () => {
  const zero = 1_000_000;

  assert.deepEqual(latenciesIn(seen([zero + 130, 2]), zero, 10_000), [50]);
  assert.deepEqual(latenciesIn(seen([zero + 10_100, 249]), zero, 10_000), [140]);
  assert.deepEqual(latenciesIn(seen([zero + 500, null]), zero, 10_000), []);
  assert.deepEqual(latenciesIn(seen([zero + 12_100, 299]), zero, 12_000), [140]);
});

test('a picture that stands still for too long is a stall, also at the end', () => {
  const log = seen([0, 1], [40, 2], [400, 3]);

  assert.deepEqual(stallsIn(log, 440), [360]);
  assert.deepEqual(stallsIn(log, 1000), [360, 600]);
});

/** A chunk as the recorder sends it: `numbers` of pictures that were due at `utcMs`. */
function chunk(numbers, utcMs, decodeS) {
  const mark = Buffer.from('524f4e494e4e56529d1e4c7ab358e621', 'hex');
  const time = Buffer.alloc(16);
  time.write('tfdt', 0, 'latin1');
  time.writeBigUInt64BE(BigInt(Math.round(decodeS * 90_000)), 8);
  const stamps = numbers.map((number) => {
    const stamp = Buffer.alloc(24);
    stamp.writeBigUInt64BE(BigInt(number), 0);
    stamp.writeBigUInt64BE(BigInt(utcMs) * 1_000_000n, 16);
    return Buffer.concat([mark, escaped(stamp)]);
  });
  return Buffer.concat([Buffer.from('\0\0\0\x08moof', 'latin1'), time, ...stamps]);
}

function escaped(bytes) {
  const out = [];
  for (const byte of bytes) {
    if (out.length >= 2 && out.at(-1) === 0 && out.at(-2) === 0 && byte <= 3) out.push(3);
    out.push(byte);
  }
  return Buffer.from(out);
}

test('numbers and times are read out of a chunk', () => {
  assert.deepEqual(stampsIn(chunk([70_000, 70_001], 1_795_919_080_445, 1)), [
    { number: 70_000, utcMs: 1_795_919_080_445 },
    { number: 70_001, utcMs: 1_795_919_080_445 },
  ]);
  assert.deepEqual(stampsIn(Buffer.from('nothing')), []);
});

function listenTo(...chunks) {
  const listener = new Listener();
  for (const [numbers, decodeS, at] of chunks) listener.take(chunk(numbers, 1_000_000, decodeS), at);
  return listener;
}

test('a stream without a fault has none', () => {
  const listener = listenTo([[1, 2, 3], 0.04, 1_000_500], [[4], 0.16, 1_000_510], [[5], 0.2, 1_000_550]);

  const { pictures, missing, uneven, stalls } = listener;
  assert.deepEqual({ pictures, missing, uneven, stalls }, { pictures: 5, missing: 0, uneven: 0, stalls: [] });
  assert.deepEqual(listener.takeLate(), [510, 550], 'what came in one burst says nothing of the latency');
  assert.deepEqual(listener.takeLate(), []);
});

test('pictures that lack or come twice, times that jump and pauses are found', () => {
  assert.equal(listenTo([[1], 0.04, 0], [[4], 0.08, 40]).missing, 2);
  assert.equal(listenTo([[1], 0.04, 0], [[1], 0.08, 40]).missing, 1);
  assert.equal(listenTo([[1], 0.04, 0], [[2], 0.5, 40]).uneven, 1);
  assert.deepEqual(listenTo([[1], 0.04, 0], [[2], 0.08, 300]).stalls, [300]);
  assert.equal(listenTo([[], 0.04, 0]).missing, 1);
});

/** A page of which one tile is read in `pieces`. */
const pageOf = (pieces) => ({ evaluate: async () => [pieces.shift() ?? []] });
const cameras = { sent: async () => ({ number: 0, utcMs: 0 }) };

test('a stall between two readings is found, and what was before the beginning is not', async () => {
  const page = pageOf([seen([0, 0], [900, 1]), seen([940, 23]), seen([1500, 37], [1540, 38])]);

  const spectator = await Spectator.open(page, ['Yard'], cameras, 10_000);
  await spectator.read();
  assert.deepEqual(spectator.stalls, []);
  await spectator.read();

  assert.deepEqual(spectator.stalls, [560]);
  assert.equal(spectator.pictures, 3);
  assert.deepEqual(spectator.takeLate(), [20, 20, 20]);
});

test('what stands still at the end is a stall', async () => {
  const now = Date.now();
  const spectator = await Spectator.open(pageOf([[], seen([now - 3000, 1])]), ['Yard'], cameras, 10_000);

  await spectator.end();

  assert.equal(spectator.stalls.length, 1);
});

test('a step that fails says why, and the next one is measured', async () => {
  const steps = new Steps(async () => {});

  await steps.run('first', async () => { throw new Error('no camera\nat line 7'); });
  await steps.run('second', async () => ({ ms: [1] }));

  assert.deepEqual(steps.found, { first: { failed: 'no camera' }, second: { ms: [1] } });
});
