// SPDX-License-Identifier: MIT
// Whatever is sent: a status below 500 and a sentence, nothing half saved, no other camera disturbed.
// RONIN_SEED=7 RONIN_REQUESTS=100000 sends others, and more.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Daemon, DemoCameras, until } from '../e2e/daemon.mjs';
import { badRequest, randomFrom, routes } from './bad_input.mjs';
import { assertAnswer, operationOf } from './openapi.mjs';

const seed = Number(process.env.RONIN_SEED ?? 1);
const count = Number(process.env.RONIN_REQUESTS ?? 10_000);
const atOnce = 48;
const megabyte = 1024 * 1024;

/** Not now, as the document has it: no live picture of a camera that is off, one export after the other. */
const mayBeBusy = /\/(playlist\.m3u8|snapshot\.jpg|export|import)(\?|$)/;

/** What of the configuration a refused request must not change: all of it. */
const stateOf = (daemon) => daemon.fetch('/api/cameras/export').then((answer) => answer.text());

async function send(daemon, { method, target, headers, body }) {
  let answer;
  try {
    answer = await daemon.fetch(target, { method, headers, body });
  } catch (error) {
    // It closes the connection on who sends too much, who may then not get to read the answer.
    assert.ok(body?.length > megabyte, `${method} ${target}: ${error.cause ?? error}`);
    return { status: 413 };
  }
  const text = await answer.text();
  const what = `seed ${seed}: ${method} ${target} ${JSON.stringify(String(body)).slice(0, 1000)}: ${answer.status} ${text.slice(0, 300)}`;
  assert.ok(answer.status < 500 || (answer.status === 503 && mayBeBusy.test(target)), what);
  const known = operationOf(method, new URL(target, daemon.url).pathname);
  if (known) assertAnswer(method, target, answer.status, answer.headers.get('content-type'), text);
  if (answer.status >= 400) {
    const problem = JSON.parse(text);
    assert.equal(problem.status, answer.status, what);
    assert.ok(problem.detail.length > 5 && text.length < 100_000, what);
  }
  return { status: answer.status, operationId: known?.operation.operationId, changes: method !== 'GET' && answer.status < 400 };
}

test(`${count} bad requests change nothing and disturb nobody`, { timeout: 600_000 }, async (t) => {
  const cameras = await DemoCameras.start();
  const daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true', '--set', 'undo_s=1'] });
  t.after(async () => {
    await daemon.remove();
    await cameras.stop();
  });
  const { id: watched } = await (await daemon.post('/api/cameras', { name: 'Watched', url: cameras.url })).json();
  await until('it is recorded', async () => (await daemon.camera(watched)).status === 'recording', 60_000);
  const before = await daemon.camera(watched);
  const figures = () => daemon.json(`/api/cameras/${watched}/recording/status`);
  const { frames_written: frames } = await figures();

  let named = 0;
  /** The others: a few that are off; those that were made by chance are taken away again. */
  const others = async () => {
    const { items } = await daemon.json('/api/cameras?limit=1000');
    const all = items.map((one) => one.id).filter((id) => id !== watched);
    for (const id of all.splice(4)) await daemon.fetch(`/api/cameras/${id}`, { method: 'DELETE' });
    for (const { id } of items.filter((one) => one.enabled && all.includes(one.id))) {
      await daemon.fetch(`/api/cameras/${id}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: '{"enabled":false}',
      });
    }
    while (all.length < 3) {
      const body = { name: `Other ${named++}`, url: 'rtsp://192.0.2.1/s', enabled: false };
      all.push((await (await daemon.post('/api/cameras', body)).json()).id);
    }
    return all;
  };

  const random = randomFrom(seed);
  const statuses = new Map();
  const asked = new Set();
  let ids = await others();
  let state = await stateOf(daemon);
  const start = performance.now();
  for (let sent = 0; sent < count; sent += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - sent) }, () => badRequest(random, ids));
    const answers = await Promise.all(batch.map((request) => send(daemon, request)));
    for (const { status, operationId } of answers) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (operationId) asked.add(operationId);
    }
    const now = await stateOf(daemon);
    if (answers.some((one) => one.changes)) {
      ids = await others();
      state = await stateOf(daemon);
    } else {
      assert.equal(now, state, `seed ${seed}: something that was refused was saved, request ${sent} and on`);
    }
  }
  const took = (performance.now() - start) / 1000;
  t.diagnostic(`${count} requests in ${took.toFixed(1)} s; ${[...statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`).join(', ')}`);

  assert.equal(asked.size, routes.length, 'each route was asked');
  const after = await daemon.camera(watched);
  assert.deepEqual({ ...after, stream: null }, { ...before, stream: null }, 'the other camera was not touched');
  const { frames_written: more, frames_lost: lost, reconnects } = await figures();
  assert.deepEqual([lost, reconnects], [0, 0]);
  assert.ok(more > frames);
  assert.doesNotMatch(daemon.stderr, /CRITICAL|Sanitizer|runtime error/);
  await daemon.stop();
  assert.doesNotMatch(daemon.stderr, /CRITICAL|Sanitizer|runtime error/);
});
