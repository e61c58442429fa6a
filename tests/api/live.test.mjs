// SPDX-License-Identifier: MIT
// The live socket: pictures at once, of every kind of camera, over reconnects, for slow clients and many.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, assertTook, until } from '../e2e/daemon.mjs';
import { LiveClient, beginsWithKeyframe, decodeTime, fragments, probe } from './live_client.mjs';

const args = ['--set', 'allow_loopback_cameras=true', '--set', 'live_linger_s=2'];

function assertGapless(numbers) {
  numbers.forEach((number, i) => assert.ok(i === 0 || number === numbers[i - 1] + 1, `${numbers[i - 1]}, ${number}`));
}

async function add(daemon, fields) {
  const answer = await daemon.post('/api/cameras', fields);
  assert.equal(answer.status, 201, await answer.clone().text());
  const { id } = await answer.json();
  await until(`${fields.name} is recorded`, async () => (await daemon.camera(id)).status === 'recording');
  return id;
}

/** Waits until so many frames have come on a channel. */
const frames = (channel, count) => until(`${count} frames`, () => channel.frames() >= count, 30_000, 20);

describe('the live socket', () => {
  let cameras;
  let daemon;
  let id;
  const clients = [];
  const open = async (options) => {
    const client = await LiveClient.open(daemon.url, options);
    clients.push(client);
    return client;
  };

  before(async () => {
    cameras = await DemoCameras.start({ count: 2 });
    daemon = await Daemon.start({ args });
    id = await add(daemon, { name: 'Yard', url: cameras.urls[0], sub_url: cameras.urls[1] });
  });
  after(async () => {
    for (const client of clients) client.close();
    await daemon?.remove();
    await cameras?.stop();
  });

  test('it gives a picture at once and then each frame', async () => {
    const client = await open();
    const asked = performance.now();
    const channel = client.subscribe(7, id);
    await until('the first chunk', () => channel.chunks().length > 0, 5000, 2);
    const took = channel.times[1] - asked;
    assertTook(took, 3000);
    const [init] = channel.all('init');
    assert.match(init.mime, /^video\/mp4; codecs="avc1\.[0-9a-f]{6},mp4a\.40\.2"$/);
    assert.deepEqual([init.camera_id, init.stream, init.width, init.height, init.audio], [id, 'main', 640, 360, true]);
    assertTook(Math.abs(Date.parse(init.now) - Date.now()), 1000, init.now);
    await frames(channel, 75);

    assert.ok(beginsWithKeyframe(channel.chunks()[0]));
    assert.equal(channel.messages[0].toString('latin1', 4, 8), 'ftyp');
    const [video] = await probe(channel.file());
    assert.deepEqual([video.codec_name, video.width, video.height], ['h264', 640, 360]);
    const numbers = await channel.numbers();
    assertGapless(numbers);
    assert.ok(numbers.length >= 75);
    // Media time is UTC: frames are fresh when they come. The least of their ages, since this machine may be busy.
    const ages = channel.messages.slice(1).map((message, i) => (performance.timeOrigin + channel.times[i + 1]) / 1000 - decodeTime(message));
    assert.ok(Math.abs(Math.min(...ages)) < 1, `${Math.min(...ages)} s`);
    assert.deepEqual(channel.all('dropped'), []);
    client.close();
  });

  test('who comes in the middle of a GOP gets it in one message, like who came before', async () => {
    const client = await open();
    const first = client.subscribe(1, id);
    await frames(first, 30);
    const second = client.subscribe(2, id);
    await frames(second, 30);

    assert.ok(beginsWithKeyframe(second.chunks()[0]));
    assertGapless(await second.numbers());
    const own = (await second.numbers())[0];
    assert.ok((await first.numbers()).includes(own), 'it has the same frames');
    client.close();
  });

  test('bad messages are told, and the socket stays', async () => {
    const client = await open();
    const channel = client.subscribe(1, id);
    const refused = async (message, code, of) => {
      const before = client.texts.length + channel.texts.length;
      client.send(message);
      await until(code, () => client.texts.length + channel.texts.length > before, 5000, 5);
      const { error, channel: said } = client.texts.at(-1) ?? channel.texts.at(-1);
      assert.deepEqual([error.code, said], [code, of], JSON.stringify(message));
      assert.ok(error.detail.length > 5);
    };
    await frames(channel, 1);
    await refused('{', 'bad_json');
    await refused('7', 'unknown_message');
    await refused({ hello: {} }, 'unknown_message');
    await refused({ subscribe: { channel: 9 } }, 'bad_request', 9);
    await refused({ subscribe: { channel: -1, camera_id: id } }, 'bad_request');
    await refused({ subscribe: { channel: 9, camera_id: 99_999 } }, 'not_found', 9);
    await refused({ subscribe: { channel: 9, camera_id: id, stream: 'third' } }, 'bad_request', 9);
    client.sendBinary(Buffer.from('abc'));
    await until('binary is refused', () => client.texts.at(-1).error.code === 'unknown_message', 5000, 5);
    client.unsubscribe(99);
    client.send({ ack: { channel: 99, bytes: 5 } });
    for (let n = 100; n < 227; n++) client.subscribe(n, id);
    await frames(client.channels.get(226), 1);
    await refused({ subscribe: { channel: 1000, camera_id: id } }, 'too_many_channels', 1000);
    client.send({ ping: { channel: 7 } });
    await until('an answer', () => client.texts.at(-1).pong && client.texts.at(-1).channel === 7, 5000, 5);
    await frames(channel, channel.frames() + 10);
    client.close();
  });

  test('an end of a subscription is one', async () => {
    const client = await open();
    const channel = client.subscribe(1, id);
    const other = client.subscribe(2, id);
    await frames(channel, 10);
    client.unsubscribe(1);
    const from = other.frames();
    await frames(other, from + 5);
    const seen = channel.messages.length;
    await frames(other, from + 30);
    assert.equal(channel.messages.length, seen);
    client.close();
  });

  test('a sub stream connects for its viewers, and is let go of after them', async () => {
    const client = await open();
    assert.equal((await daemon.camera(id)).sub.status, 'idle');
    const channel = client.subscribe(1, id, 'sub');
    await frames(channel, 30);
    assert.equal(channel.all('init')[0].stream, 'sub');
    assertGapless(await channel.numbers());
    assert.notEqual((await daemon.camera(id)).sub.status, 'idle');
    client.close();
    await until('it is idle again', async () => (await daemon.camera(id)).sub.status === 'idle');
  });

  test('a channel is switched at a keyframe and back', async () => {
    const client = await open();
    const channel = client.subscribe(1, id, 'sub');
    await frames(channel, 20);
    for (const stream of ['main', 'sub']) {
      const before = channel.all('init').length;
      client.switch(1, id, stream);
      await until(`the ${stream} stream`, () => channel.all('init').length > before, 10_000, 10);
      const { at } = channel.texts.findLast((text) => 'init' in text);
      await until('its pictures', () => channel.messages.length > at + 30, 10_000, 10);
      assert.equal(channel.all('init').at(-1).stream, stream);
      assert.ok(beginsWithKeyframe(channel.messages[at + 1]));
      assertGapless(await channel.numbers());
    }
    assert.deepEqual(channel.all('dropped'), []);
    client.close();
  });

  test('a client that acknowledges nothing is stopped and told, and goes on when it does', async () => {
    const client = await open({ acks: false });
    const channel = client.subscribe(1, id);
    await until('it is told', () => channel.all('dropped').length > 0, 15_000, 20);
    const stopped = channel.frames();
    const [told] = channel.all('dropped');
    assert.ok(told.frames > 0 && Date.parse(told.to) > Date.parse(told.from), JSON.stringify(told));
    assert.ok(channel.received < 2_000_000, `${channel.received} bytes`);

    client.acks = true;
    await until('more frames', () => channel.frames() > stopped + 50, 15_000, 20);
    const numbers = await channel.numbers();
    const lost = numbers.reduce((sum, number, i) => sum + (i === 0 ? 0 : number - numbers[i - 1] - 1), 0);
    assert.equal(lost, channel.all('dropped').reduce((sum, one) => sum + one.frames, 0));
    client.close();
  });

  test('a client that reads nothing costs little, and goes on with a keyframe', async () => {
    const client = await open();
    const other = await open();
    const watching = other.subscribe(1, id);
    const channel = client.subscribe(1, id);
    await frames(channel, 10);
    client.pause();
    const from = watching.frames();
    await frames(watching, from + 150);
    client.resume();
    const seen = channel.frames();
    await frames(channel, seen + 100);
    assert.ok(channel.all('dropped').length > 0);
    assert.deepEqual(watching.all('dropped'), []);
    assertGapless(await watching.numbers());
    client.close();
    other.close();
  });

  test('a camera that goes and comes back is told of on the same socket', async () => {
    const client = await open();
    const channel = client.subscribe(1, id);
    await frames(channel, 10);
    cameras.say('refuse 1 port');
    cameras.say('close 1');
    await until('it is told', () => channel.all('ended').length > 0, 10_000, 10);
    const [ended] = channel.all('ended');
    assert.equal(ended.final, false);
    assert.ok(ended.code.length > 2 && ended.detail.length > 10, JSON.stringify(ended));
    const late = client.subscribe(2, id);
    await until('who comes meanwhile is told, too', () => late.all('ended').length > 0, 5000, 10);

    cameras.say('allow 1');
    const back = performance.now();
    for (const one of [channel, late]) {
      const before = one.messages.length;
      await until('pictures again', () => one.messages.length > before + 2, 15_000, 5);
    }
    const took = channel.times.find((time) => time > back) - back;
    assertTook(took, 6000);
    assert.ok(channel.all('init').length >= 2);
    await frames(late, 20);
    assertGapless(await channel.numbers());
    client.close();
  });

  test('a camera that is switched off says so, and comes back when it is switched on', async () => {
    const client = await open();
    const channel = client.subscribe(1, id);
    await frames(channel, 5);
    const change = (fields) =>
      daemon.fetch(`/api/cameras/${id}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields) });
    await change({ enabled: false });
    await until('it is told', () => channel.all('ended').length > 0, 10_000, 10);
    assert.equal(channel.all('ended')[0].code, 'disabled');
    const before = channel.messages.length;
    await change({ enabled: true });
    await until('pictures again', () => channel.messages.length > before + 5, 15_000, 10);
    client.close();
  });

  test('a thousand connects and disconnects leave no descriptor and no memory', { timeout: 240_000 }, async (t) => {
    const size = async () => {
      const status = await readFile(`/proc/${daemon.child.pid}/status`, 'utf8');
      return {
        fds: (await readdir(`/proc/${daemon.child.pid}/fd`)).length,
        mib: Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024,
        threads: Number(/^Threads:\s+(\d+)/m.exec(status)[1]),
      };
    };
    const visit = async (n) => {
      const client = await LiveClient.open(daemon.url, { keeps: false });
      const channel = client.subscribe(1, id, n % 2 === 0 ? 'main' : 'sub');
      // Half go in the middle of the first picture.
      if (n % 4 < 2) await until('a picture', () => channel.messages.length > 1, 20_000, 2);
      client.close();
    };
    const visits = async (count) => {
      for (let n = 0; n < count; n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => visit(n + i)));
    };
    await visits(200);
    const before = await size();
    await visits(1000);
    const after = await until('descriptors and threads are as before', async () => {
      const now = await size();
      return now.fds <= before.fds + 3 && now.threads <= before.threads + 3 && now;
    });
    t.diagnostic(`${JSON.stringify(before)} → ${JSON.stringify(after)}`);
    assert.ok(after.mib < before.mib + 8, `${before.mib} MiB, then ${after.mib}`);
  });

  test('a camera that is removed ends its channels for good', async () => {
    const other = await add(daemon, { name: 'Shed', url: cameras.urls[1] });
    const client = await open();
    const channel = client.subscribe(1, other);
    await frames(channel, 5);
    await daemon.fetch(`/api/cameras/${other}`, { method: 'DELETE' });
    await until('it is told', () => channel.all('ended').some((one) => one.final), 10_000, 10);
    assert.equal(channel.all('ended').at(-1).code, 'removed');
    client.close();
  });
});

describe('kinds of cameras', () => {
  const kinds = [
    { name: 'AAC', args: ['--audio=aac'], codecs: /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/, tracks: ['h264', 'aac'] },
    { name: 'G711', args: ['--audio=pcmu'], codecs: /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/, tracks: ['h264', 'aac'] },
    { name: 'H265', args: ['--video=h265'], codecs: /^hvc1\.1\.\d+\.L\d+(\.[0-9A-F]+)*$/, tracks: ['hevc'] },
    { name: 'Reordered', args: ['--reordered'], codecs: /^avc1\.[0-9a-f]{6}$/, tracks: ['h264'] },
    { name: 'Long', args: ['--gop=10'], codecs: /^avc1\.[0-9a-f]{6}$/, tracks: ['h264'] },
  ];
  for (const kind of kinds) {
    test(`${kind.name} plays`, { timeout: 120_000 }, async (t) => {
      const cameras = await DemoCameras.startFake(kind.args);
      const daemon = await Daemon.start({ args });
      t.after(async () => {
        await daemon.remove();
        await cameras.stop();
      });
      const id = await add(daemon, { name: kind.name, url: cameras.url });
      const client = await LiveClient.open(daemon.url);
      const channel = client.subscribe(1, id);
      await frames(channel, 60);
      client.close();
      const codecs = /codecs="(.*)"/.exec(channel.all('init')[0].mime)[1];
      assert.match(codecs, kind.codecs);
      assert.equal(channel.all('init')[0].audio, kind.tracks.length > 1);
      const tracks = await probe(channel.file());
      assert.deepEqual(tracks.map((track) => track.codec_name), kind.tracks);
      if (tracks[1]) assert.ok(Number(tracks[1].nb_read_packets) > 10, `${tracks[1].nb_read_packets} frames of sound`);
      const numbers = await channel.numbers();
      if (kind.name !== 'Reordered') assertGapless(numbers);
      assert.ok(new Set(numbers).size >= 60);
    });
  }

  test('another resolution gives another init segment', { timeout: 120_000 }, async (t) => {
    const cameras = await DemoCameras.startFake([]);
    const daemon = await Daemon.start({ args });
    t.after(async () => {
      await daemon.remove();
      await cameras.stop();
    });
    const id = await add(daemon, { name: 'Yard', url: cameras.url });
    const client = await LiveClient.open(daemon.url);
    const channel = client.subscribe(1, id);
    await frames(channel, 10);
    cameras.say('switch 1 1280x720');
    await until('another init segment', () => channel.all('init').length > 1, 30_000, 20);
    assert.deepEqual(channel.all('init').map((init) => init.width), [640, 1280]);
    const { at } = channel.texts.findLast((text) => 'init' in text);
    await until('its pictures', () => channel.messages.length > at + 20);
    assert.ok(beginsWithKeyframe(channel.messages[at + 1]));
    assert.equal((await probe(channel.file()))[0].width, 1280);
    assert.ok(fragments(channel.messages[at + 1]) >= 1);
    client.close();
  });
});
