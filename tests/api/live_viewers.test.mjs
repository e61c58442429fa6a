// SPDX-License-Identifier: MIT
// Viewers come, go, stall and vanish; the recording has every picture all the same.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';

import { Daemon, DemoCameras, frameNumbers, mediaFiles, until } from '../e2e/daemon.mjs';
import { LiveClient } from './live_client.mjs';

test('viewers who come, go and stall cost the recording nothing', { timeout: 240_000 }, async (t) => {
  const cameras = await DemoCameras.start({ count: 2 });
  const daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true', '--set', 'live_linger_s=1'] });
  const clients = new Set();
  t.after(async () => {
    for (const client of clients) client.close();
    await daemon.remove();
    await cameras.stop();
  });
  const answer = await daemon.post('/api/cameras', { name: 'Yard', url: cameras.urls[0], sub_url: cameras.urls[1] });
  const { id } = await answer.json();
  await until('it is recorded', async () => (await daemon.camera(id)).status === 'recording');
  const first = await cameras.newest();

  const open = async (options) => {
    const client = await LiveClient.open(daemon.url, { keeps: false, ...options });
    clients.add(client);
    return client;
  };
  const leave = (client) => {
    client.close();
    clients.delete(client);
  };
  // One who reads nothing, one who acknowledges nothing, one who stays.
  const deaf = await open();
  deaf.subscribe(1, id);
  const silent = await open({ acks: false });
  silent.subscribe(1, id);
  const steady = await open();
  const watching = steady.subscribe(1, id);
  await until('pictures', () => watching.messages.length > 10);
  deaf.pause();
  // And others, in and out, for some twenty seconds of pictures.
  let visits = 0;
  for (let round = 0; (await cameras.newest()) < first + 500; round++) {
    const visitors = await Promise.all(Array.from({ length: 5 }, () => open()));
    const channels = visitors.map((visitor, i) => visitor.subscribe(1, id, i % 2 === 0 ? 'main' : 'sub'));
    if (round % 2 === 0) await until('somebody sees something', () => channels.some((channel) => channel.messages.length > 3));
    visitors.forEach(leave);
    visits += visitors.length;
  }
  const last = await cameras.newest();
  const { frames_lost: lost, reconnects } = await daemon.json(`/api/cameras/${id}/recording/status`);
  assert.deepEqual([lost, reconnects], [0, 0]);
  await daemon.stop();

  const numbers = [];
  for (const file of await mediaFiles(daemon.storage)) numbers.push(...(await frameNumbers(path.join(daemon.storage, file))));
  t.diagnostic(`${visits} visits, ${numbers.length} pictures`);
  numbers.forEach((number, i) => assert.ok(i === 0 || number === numbers[i - 1] + 1, `${numbers[i - 1]}, ${number}`));
  assert.ok(numbers[0] <= first && numbers.at(-1) >= last - 5, `${numbers[0]} to ${numbers.at(-1)}, not ${first} to ${last}`);
});
