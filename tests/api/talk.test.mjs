// SPDX-License-Identifier: MIT
// Speaking to cameras: what is heard there, who may speak, and how it ends. The recording of the
// same camera goes on in all cases.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Daemon, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';
import { loadClip } from './rtp_clip.mjs';
import { ScriptedCamera } from './scripted_camera.mjs';
import { Ear, Talker, peak, pitch, tone } from './talker.mjs';

holdAllAnswers();
const head = 'v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=Camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n';
const password = 'talk-password-Hh4';
const back = (types, maps) => `m=audio 0 RTP/AVP ${types}\r\na=control:trackID=back\r\n${maps.map((map) => `a=rtpmap:${map}\r\n`).join('')}a=sendonly\r\n`;
const pcmu = back('0', ['0 PCMU/8000']);
const pcma = back('8', []);
const aac = `${back('97', ['97 MPEG4-GENERIC/16000'])}a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408\r\n`;
const dahua = back('116 115 8 0', ['116 MPEG4-GENERIC/48000', '115 MPEG4-GENERIC/8000', '8 PCMA/8000']);
const asks = (request) => /backchannel/.test(request.headers.require ?? '');

/** A busy machine makes pauses in what is said: then, and only then, time jumps, and that is marked. */
function assertEven(ear, usual) {
  const jumps = ear.steps(usual);
  assert.ok(jumps.every(({ step, marker }) => step > usual && marker), JSON.stringify(jumps));
  assert.equal(ear.packets.filter(({ marker }) => marker).length, jumps.length + 1);
}

let daemon;
const open = [];

/** A camera that is recorded; `ear` hears what comes by its back channel. `by`: gives another address of it. */
async function camera(name, { by = (url) => url, ...options } = {}) {
  const ear = new Ear();
  const clip = await loadClip('h264');
  const sdp = `${head}m=video 0 RTP/AVP 96\r\na=control:trackID=1\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;${clip.sprop}\r\n`;
  const it = await ScriptedCamera.start({ sdp, clips: { h264: clip }, onPacket: (packet) => ear.take(packet), ...options });
  open.push(it);
  const credentials = options.auth ? { username: 'admin', password } : {};
  const answer = await daemon.post('/api/cameras', { name, url: await by(it.url), ...credentials });
  assert.equal(answer.status, 201, await answer.clone().text());
  const { id } = await answer.json();
  const figures = () => daemon.json(`/api/cameras/${id}/recording/status`);
  await until(`${name} is recorded`, async () => (await daemon.camera(id)).status === 'recording' && (await figures()).frames_written > 0, 60_000);
  /** Fails unless it was recorded all the time, and still is. */
  const isRecorded = async () => {
    const { frames_written: before, reconnects, frames_lost } = await figures();
    assert.deepEqual({ reconnects, frames_lost }, { reconnects: 0, frames_lost: 0 }, name);
    await until(`more pictures of ${name}`, async () => (await figures()).frames_written > before);
  };
  return { it, id, ear, isRecorded, canTalk: () => daemon.json(`/api/cameras/${id}/talk`) };
}

before(async () => {
  daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
});
after(async () => {
  await daemon?.remove();
  for (const one of open) one.stop();
});

async function talker(t) {
  const one = await Talker.open(daemon);
  t.after(() => one.close());
  return one;
}

describe('what is said is heard', () => {
  for (const { law, backChannel, type } of [
    { law: 'pcmu', backChannel: pcmu, type: 0 },
    { law: 'pcma', backChannel: pcma, type: 8 },
    { law: 'pcma', backChannel: dahua.replace(' 0\r', '\r'), type: 8, name: 'beside AAC' },
  ]) {
    for (const rate of [8000, 16_000, 48_000]) {
      test(`in ${law} (${backChannel.length}), from ${rate} Hz`, async (t) => {
        const { id, ear, isRecorded, canTalk, it } = await camera(`${law} ${backChannel.length} ${rate}`, { backChannel });
        assert.deepEqual(await canTalk(), { available: true, codec: law, sample_rate_hz: 8000, reason: null });
        assert.ok(!it.requests.some(({ method, headers }) => method === 'SETUP' && asks({ headers })), 'a question sets up nothing');
        const one = await talker(t);
        one.start(id, rate);
        assert.deepEqual(await one.message('ready'), { camera_id: id, codec: law, sample_rate_hz: 8000 });

        await one.speak(tone(440, 2, rate), rate);

        // What is left of the last packet waits for more.
        await until('all of it', () => ear.packets.length >= 98);
        assert.ok(ear.packets.length <= 101, `${ear.packets.length} packets`);
        assert.ok(ear.packets.every((packet) => packet.type === type && packet.payload.length === 160));
        assert.equal(ear.gaps(), 0);
        assert.ok(ear.packets[0].marker, 'the beginning is marked');
        assertEven(ear, 160);
        const heard = ear.g711(law);
        assert.ok(Math.abs(pitch(heard, 8000) - 440) < 5, `${pitch(heard, 8000)} Hz`);
        assert.ok(Math.abs(peak(heard) - 0.5) < 0.05, `${peak(heard)}`);
        assert.ok(!one.messages.some((message) => 'dropped' in message || 'error' in message));
        await isRecorded();
      });
    }
  }

  test('in AAC, where the camera has nothing else', async (t) => {
    const { id, ear, isRecorded } = await camera('AAC', { backChannel: aac });
    const one = await talker(t);
    one.start(id, 48_000);
    assert.deepEqual(await one.message('ready'), { camera_id: id, codec: 'aac', sample_rate_hz: 16_000 });

    await one.speak(tone(440, 3, 48_000), 48_000);

    await until('most of it', () => ear.packets.length >= 44);
    assert.ok(ear.packets.every(({ type }) => type === 97));
    assert.equal(ear.gaps(), 0);
    assert.ok(ear.steps(1024).every(({ step }) => step > 1024), 'time goes on evenly, but for pauses');
    const heard = await ear.aac(16_000);
    assert.ok(Math.abs(pitch(heard, 16_000) - 440) < 5, `${pitch(heard, 16_000)} Hz`);
    assert.ok(heard.length > 2.7 * 16_000, `${heard.length} samples`);
    await isRecorded();
  });

  test('after a pause with a mark, and as late as it was said', async (t) => {
    const { id, ear } = await camera('pause', { backChannel: pcmu });
    const one = await talker(t);
    one.start(id, 8000);
    await one.message('ready');
    await one.speak(tone(440, 0.4, 8000), 8000);
    await until('the first word', () => ear.packets.length >= 19);
    await new Promise((done) => setTimeout(done, 1000)); // that is the pause

    await one.speak(tone(440, 0.4, 8000), 8000);

    await until('the second word', () => ear.packets.length >= 38);
    assertEven(ear, 160);
    const longest = Math.max(...ear.steps(160).map(({ step }) => step));
    assert.ok(longest > 8000 * 0.9 && longest < 8000 * 5, `${longest / 8000} s`);
  });

  test('by a camera that wants a password, which stands nowhere', async (t) => {
    const { id, ear, isRecorded, canTalk } = await camera('password', { backChannel: pcmu, auth: { password, algorithms: ['SHA-256', 'MD5'], qop: true } });
    assert.equal((await canTalk()).available, true);
    const one = await talker(t);
    one.start(id);
    await one.message('ready');

    await one.speak(tone(440, 0.5, 16_000), 16_000);

    await until('a word', () => ear.packets.length > 20);
    await isRecorded();
    assert.ok(!daemon.stderr.includes(password) && !JSON.stringify(one.messages).includes(password));
  });
});

describe('one speaks at a time', () => {
  test('others are told so, and have their turn after it', async (t) => {
    const { id, ear, it } = await camera('one', { backChannel: pcmu });
    const [first, second] = [await talker(t), await talker(t)];
    first.start(id);
    await first.message('ready');

    second.start(id);

    assert.equal((await second.message('ended')).code, 'busy');
    first.text({ stop: {} });
    assert.equal((await first.message('ended')).code, 'stopped');
    second.start(id);
    await second.message('ready');
    await second.speak(tone(440, 0.3, 16_000), 16_000);
    await until('a word', () => ear.packets.length > 10);
    await until('the first session is over', () => it.requests.filter(({ method }) => method === 'TEARDOWN').length === 1);
  });

  test('who goes away makes room', async (t) => {
    const { id, it, isRecorded } = await camera('away', { backChannel: pcmu });
    const sockets = it.sockets.size;
    const first = await talker(t);
    first.start(id);
    await first.message('ready');
    assert.equal(it.sockets.size, sockets + 1);

    first.close();

    await until('its connection is over', () => it.sockets.size === sockets);
    const second = await talker(t);
    second.start(id);
    await second.message('ready');
    await isRecorded();
  });

  test('one socket speaks to one camera after the other', async (t) => {
    const [a, b] = [await camera('turn a', { backChannel: pcmu }), await camera('turn b', { backChannel: pcma })];
    const one = await talker(t);
    for (const { id, ear } of [a, b, a]) {
      const from = one.messages.length;
      const heard = ear.packets.length;
      one.start(id);
      assert.equal((await one.message('ready', from)).camera_id, id);
      one.start(id);
      assert.equal((await one.message('error', from)).code, 'talking');
      await one.speak(tone(440, 0.2, 16_000), 16_000);
      await until('a word', () => ear.packets.length > heard + 5);
      one.text({ stop: {} });
      assert.equal((await one.message('ended', from)).code, 'stopped');
    }
  });
});

describe('a camera that cannot be spoken to', () => {
  const kinds = [
    { what: 'ignores the question', options: {} },
    { what: 'does not know the question', options: { answers: { DESCRIBE: (request) => (asks(request) ? '551 Option not supported\r\nUnsupported: www.onvif.org/ver20/backchannel' : undefined) } } },
    { what: 'takes the question for nonsense', options: { answers: { DESCRIBE: (request) => (asks(request) ? '400 Bad Request' : undefined) } } },
    { what: 'wants another codec', options: { backChannel: back('98', ['98 G726-32/8000']) } },
  ];
  for (const { what, options } of kinds) {
    test(`one that ${what}`, async (t) => {
      const { id, it, isRecorded, canTalk } = await camera(what, options);

      const answers = await Promise.all([canTalk(), canTalk(), canTalk()]);

      for (const { available, codec, reason } of answers) {
        assert.deepEqual([available, codec], [false, null]);
        assert.match(reason, /back channel/);
      }
      await canTalk();
      assert.equal(it.requests.filter(({ method, headers }) => method === 'DESCRIBE' && asks({ headers })).length, 1, 'it was asked once');
      const one = await talker(t);
      one.start(id);
      const { code, detail } = await one.message('ended');
      assert.equal(code, 'no_back_channel');
      assert.match(detail, /\.$/);
      await isRecorded();
    });
  }

  test('one that has no connection left', async (t) => {
    const { id, isRecorded } = await camera('full', {
      backChannel: pcmu,
      answers: { SETUP: (request) => (asks(request) ? '453 Not Enough Bandwidth' : undefined) },
    });
    const one = await talker(t);

    one.start(id);

    const { code, detail } = await one.message('ended');
    assert.equal(code, 'busy');
    assert.match(detail, /too many viewers/);
    assert.doesNotMatch(detail, /again/);
    await isRecorded();
  });

  test('one that is off, away or unknown', async (t) => {
    const off = await (await daemon.post('/api/cameras', { name: 'Off', url: 'rtsp://192.0.2.1/s', enabled: false })).json();
    const away = await (await daemon.post('/api/cameras', { name: 'Unplugged', url: 'rtsp://127.0.0.1:9/s' })).json();
    const one = await talker(t);
    for (const [id, code] of [[off.id, 'disabled'], [away.id, 'offline'], [9999, 'unknown_camera']]) {
      const from = one.messages.length;
      one.start(id);
      assert.equal((await one.message('ended', from)).code, code);
    }
    assert.equal((await daemon.json(`/api/cameras/${off.id}/talk`)).available, false);
    assert.equal((await daemon.json(`/api/cameras/${away.id}/talk`)).available, false);
    assert.equal((await daemon.fetch('/api/cameras/9999/talk')).status, 404);
  });
});

describe('a talk ends', () => {
  test('when the camera does', async (t) => {
    const { id, it, ear } = await camera('killed', { backChannel: pcmu });
    const one = await talker(t);
    one.start(id);
    await one.message('ready');
    void one.speak(tone(440, 20, 16_000), 16_000, { until: () => one.messages.some((message) => 'ended' in message) });
    await until('a word', () => ear.packets.length > 10);

    it.hangUp();

    const { code, detail } = await one.message('ended');
    assert.equal(code, 'unreachable');
    assert.match(detail, /closed the connection\.$/);
    // The camera is there again, and so is its loudspeaker.
    const from = one.messages.length;
    await until('it is back', async () => (await daemon.camera(id)).status === 'recording');
    one.start(id);
    await one.message('ready', from);
  });

  test('when the camera takes nothing any more, and meanwhile little is kept for it', async (t) => {
    let relay;
    t.after(() => relay?.kill());
    const { id, ear, isRecorded } = await camera('deaf', {
      backChannel: pcmu,
      by: async (url) => {
        relay = spawn('python3', [path.join(import.meta.dirname, 'narrow_relay.py'), new URL(url).port], { stdio: ['pipe', 'pipe', 'inherit'] });
        const [port] = await once(relay.stdout, 'data');
        return url.replace(/:\d+\//, `:${Number(port)}/`);
      },
    });
    const one = await talker(t);
    one.start(id, 8000);
    await one.message('ready');
    const isOver = () => one.messages.some((message) => 'ended' in message);
    const speaking = one.speak(tone(440, 60, 8000), 8000, { until: isOver });
    await until('a word', () => ear.packets.length > 10);

    relay.stdin.write('deaf\n');

    await until('it is over', isOver, 60_000);
    await speaking;
    assert.equal((await one.message('ended')).code, 'stalled');
    assert.ok(one.messages.some((message) => message.dropped?.ms > 0), 'what was not sent is told');
    await isRecorded();
  });

  test('when the camera is switched off or removed', async (t) => {
    const { id } = await camera('switched', { backChannel: pcmu });
    const one = await talker(t);
    one.start(id);
    await one.message('ready');

    await daemon.fetch(`/api/cameras/${id}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"enabled":false}' });

    assert.equal((await one.message('ended')).code, 'disabled');
  });

  test('with the recorder, which stops in time', async () => {
    const own = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
    const previous = daemon;
    daemon = own;
    try {
      const { id } = await camera('stopping', { backChannel: pcmu });
      const one = await Talker.open(own);
      one.start(id);
      await one.message('ready');
      void one.speak(tone(440, 10, 16_000), 16_000, { until: () => one.socket.tcp.destroyed });

      await own.stop();

      one.close();
    } finally {
      daemon = previous;
      await own.remove();
    }
  });
});

test('bad messages get an answer, and the socket stays', async (t) => {
  const { id, ear } = await camera('nonsense', { backChannel: pcmu });
  const one = await talker(t);
  const bad = [
    '', '7', 'x', '[]', '{}', '{"start":7}', '{"start":{}}', '{"start":{"camera_id":"1","sample_rate_hz":16000}}',
    '{"start":{"camera_id":1}}', '{"start":{"camera_id":1,"sample_rate_hz":7999}}', '{"start":{"camera_id":1,"sample_rate_hz":48001}}',
    '{"start":{"camera_id":1.5,"sample_rate_hz":16000}}', '{"start":{"camera_id":-1,"sample_rate_hz":16000}}',
    '{"start":{"camera_id":1,"sample_rate_hz":16000,"colour":1}}', '{"start":{"camera_id":1,"sample_rate_hz":16000},"stop":{}}', '{"colour":{}}', '{"stop":{}}',
  ];
  for (const [at, text] of bad.entries()) {
    one.text(text);
    await until(text, () => one.messages.length === at + 1);
    assert.ok(one.messages[at].error.detail.length > 5, text);
    assert.equal(one.messages[at].error.code, text === '{"stop":{}}' ? 'not_talking' : 'bad_message');
  }
  one.samples(tone(440, 0.02, 16_000)); // nobody listens: no error, since a talk may just have ended
  one.start(id);
  const from = one.messages.length;
  await one.message('ready', from);
  for (const samples of [Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(19_202)]) {
    const sent = one.messages.length;
    one.samples(samples);
    await until(`${samples.length} bytes`, () => one.messages.length === sent + 1);
    assert.equal(one.messages[sent].error.code, 'bad_message');
  }

  await one.speak(tone(440, 0.3, 16_000), 16_000);

  await until('a word', () => ear.packets.length > 10);
});

test('what comes faster than time is not sent faster than time', async (t) => {
  const { id, ear } = await camera('fast', { backChannel: pcmu });
  const one = await talker(t);
  one.start(id, 8000);
  await one.message('ready');

  await one.speak(tone(440, 10, 8000), 8000, { faster: 10 });

  assert.ok((await one.message('dropped')).ms > 0);
  const span = (ear.packets.at(-1).at - ear.packets[0].at) / 1000;
  assert.ok(ear.packets.length / 50 < span + 0.7, `${ear.packets.length / 50} s of sound in ${span} s`);
});

test('fifty talks, some cut off at any moment, leave nothing behind', async (t) => {
  const { id, it, isRecorded } = await camera('fifty', { backChannel: pcmu });
  const { pid } = daemon.child;
  const countOf = async (what) => (await readdir(`/proc/${pid}/${what}`)).length;
  const one = await talker(t);
  const speakOnce = async () => {
    const from = one.messages.length;
    one.start(id);
    await one.message('ready', from);
    await one.speak(tone(440, 0.06, 16_000), 16_000);
    one.text({ stop: {} });
    await one.message('ended', from);
  };
  await speakOnce();
  await until('the first is over', () => it.sockets.size === 1);
  const [descriptors, threads] = [await countOf('fd'), await countOf('task')];

  for (let i = 0; i < 30; i++) await speakOnce();
  for (let i = 0; i < 20; i++) {
    const other = await Talker.open(daemon);
    other.start(id);
    await new Promise((done) => setTimeout(done, i * 5)); // another moment each time
    other.close();
  }

  await until(`there is no more than before: ${descriptors} descriptors, ${threads} threads`, async () =>
    it.sockets.size === 1 && (await countOf('fd')) <= descriptors && (await countOf('task')) <= threads);
  await isRecorded();
});
