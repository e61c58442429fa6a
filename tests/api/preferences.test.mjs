// SPDX-License-Identifier: MIT
// What users set up in the web interface is kept, and two browsers do not overwrite each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Daemon, Socket } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();
const target = '/api/me/preferences';

function put(daemon, body, headers = {}) {
  return daemon.fetch(target, { method: 'PUT', headers: { 'Content-Type': 'application/json', ...headers }, body });
}

test('preferences are kept as they came, over a crash too', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.remove());
  const before = await daemon.fetch(target);
  assert.deepEqual([before.headers.get('etag'), await before.text()], ['"0"', '{}']);
  const text = '{ "layouts": [{"name": "Yard", "cells": [1, null, 2.50]}], "of tomorrow": {"ä": true} }';

  const stored = await put(daemon, text);

  assert.equal(stored.status, 200);
  assert.deepEqual([stored.headers.get('etag'), await stored.text()], ['"1"', text]);
  await daemon.kill();
  const again = await Daemon.start({ dataDir: daemon.dataDir });
  t.after(() => again.remove());
  const after = await again.fetch(target);
  assert.deepEqual([after.headers.get('etag'), await after.text()], ['"1"', text]);
  assert.equal((await again.fetch(target, { headers: { 'If-None-Match': '"1"' } })).status, 304);
  assert.equal((await again.fetch(target, { headers: { 'If-None-Match': '"0"' } })).status, 200);
});

test('a browser that has not seen a change does not overwrite it, and is told of it', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.remove());
  const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
  t.after(() => events.close());
  const first = await put(daemon, '{"by":"a"}', { 'If-Match': '"0"' });
  assert.equal(first.status, 200);
  await events.message('the change', ({ type, version }) => type === 'preferences' && version === 1);

  const late = await put(daemon, '{"by":"b"}', { 'If-Match': '"0"' });

  assert.equal(late.status, 412);
  assert.match((await late.json()).detail, /changed elsewhere/);
  assert.deepEqual(await daemon.json(target), { by: 'a' });
  const seen = await put(daemon, '{"by":"b"}', { 'If-Match': late.headers.get('etag') });
  assert.equal(seen.status, 200);
  await events.message('the second change', ({ type, version }) => type === 'preferences' && version === 2);
  assert.equal((await put(daemon, '{"by":"b"}')).headers.get('etag'), '"2"', 'the same again is no change');
  assert.equal((await put(daemon, '{"by":"c"}')).headers.get('etag'), '"3"');
  await events.message('the third change', ({ type, version }) => type === 'preferences' && version === 3);
  assert.equal(events.messages.filter(({ type }) => type === 'preferences').length, 3);
});

test('what is no JSON object, or too large, is refused with a sentence', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.remove());
  const most = `{"a":"${'x'.repeat(65_536 - 8)}"}`;
  const refused = [
    ['', 400],
    ['[]', 400],
    ['7', 400],
    ['{"a":1', 400],
    [`${most} `, 413],
    ['x'.repeat(1024 * 1024), 413],
  ];
  for (const [body, status] of refused) {
    const answer = await put(daemon, body);
    assert.equal(answer.status, status, body.slice(0, 20));
    assert.ok((await answer.json()).detail.length > 5);
  }
  assert.equal((await put(daemon, '{}', { 'Content-Type': 'text/plain' })).status, 415);
  assert.equal((await put(daemon, '{}', { Origin: 'http://elsewhere.example' })).status, 403);
  assert.deepEqual(await daemon.json(target), {});
  assert.equal((await put(daemon, most)).status, 200);
});
