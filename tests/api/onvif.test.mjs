// SPDX-License-Identifier: MIT
// Cameras that are found, read, added, turned and set by ONVIF, against a simulated device.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Daemon, DemoCameras, assertTook, until } from '../e2e/daemon.mjs';
import { OnvifDevice } from '../support/onvif_device.mjs';
import { holdAllAnswers } from './openapi.mjs';

holdAllAnswers();

const password = 'c4nary & "secret"';
const wrong = 'wr0ng-canary';

describe('cameras by ONVIF', () => {
  let daemon;
  let cameras;
  const devices = [];

  before(async () => {
    cameras = await DemoCameras.start({ count: 2 });
    daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
  });
  after(async () => {
    for (const device of devices) device.stop();
    await daemon?.remove();
    await cameras?.stop();
  });

  async function device(options = {}) {
    const [stream, sub] = cameras.urls;
    const made = await OnvifDevice.start({ stream, sub, password, discover: false, ...options });
    devices.push(made);
    return made;
  }

  async function read(made, credentials = { username: 'admin', password }) {
    const answer = await daemon.post('/api/discovery/device', { xaddr: made.url, ...credentials });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  }

  /** Disabled, unless its picture counts. */
  async function add(made, name, enabled = false) {
    const found = await read(made);
    assert.ok(found.ok, JSON.stringify(found));
    const answer = await daemon.post('/api/cameras', {
      ...{ name, onvif_url: found.onvif_url, username: 'admin', password, enabled, record: false },
      ...{ url: found.profiles[0].url, sub_url: found.profiles[1].url },
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    return answer.json();
  }

  async function ask(path, body) {
    const answer = await daemon.post(path, body);
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  }

  test('one is found, read and added, and records', async () => {
    const made = await device({ modes: ['token'], discover: true });
    const search = () => daemon.post('/api/discovery', '').then((answer) => answer.json());
    // Two at once share the search.
    const [{ items }, second] = await Promise.all([search(), search()]);
    assert.deepEqual(second.items, items);
    const found = items.find((item) => item.xaddrs.includes(made.url));
    assert.deepEqual(found, {
      ...{ name: 'Front door', manufacturer: null, model: 'SIM-1', location: 'yard' },
      ...{ address: '127.0.0.1', xaddrs: [made.url], known_camera_id: null },
    });
    assert.equal(items.filter((item) => item.xaddrs.includes(made.url)).length, 1);

    const camera = await add(made, 'Found', true);
    assert.equal(camera.onvif_url, made.url);
    assert.equal(camera.url, cameras.urls[0]);
    await ask(`/api/cameras/${camera.id}/recording/start`, {});
    await until('recording', async () => (await daemon.camera(camera.id)).status === 'recording');
    const again = (await search()).items.find((item) => item.xaddrs.includes(made.url));
    assert.equal(again.known_camera_id, camera.id);
  });

  test('what names another host is read at its own', async () => {
    const made = await device({ modes: ['token', 'elsewhere'], discover: true });
    const { items } = await (await daemon.post('/api/discovery', {})).json();
    assert.ok(items.some((item) => item.xaddrs.includes(made.url)), JSON.stringify(items));
    assert.ok(!JSON.stringify(items).includes('203.0.113.9'));
    const found = await read(made);
    assert.equal(found.profiles.length, 2);
    assert.ok(made.calls.every((call) => call.headers.host === `127.0.0.1:${made.port}`));
  });

  test('a device whose answer has a document type is not found', async () => {
    const made = await device({ modes: ['bomb'], discover: true });
    const { items } = await (await daemon.post('/api/discovery', {})).json();
    assert.ok(!items.some((item) => item.xaddrs.includes(made.url)));
  });

  const profiles = (made) => [
    {
      ...{ token: 'profile_main', name: 'main', codec: 'h264', width: 1920, height: 1080, fps: 25 },
      ...{ keyframe_interval_s: 4, bitrate_bps: 4096000, url: cameras.urls[0], snapshot_url: `${made.origin}/snapshot/main.jpg` },
    },
    {
      ...{ token: 'profile_sub', name: 'sub', codec: 'h264', width: 640, height: 360, fps: 10 },
      ...{ keyframe_interval_s: 2, bitrate_bps: 512000, url: cameras.urls[1], snapshot_url: `${made.origin}/snapshot/sub.jpg` },
    },
  ];

  const good = [
    { modes: ['token'], signedBy: 'token' },
    { modes: ['digest'], signedBy: 'digest' },
    { modes: ['token', 'digest'], signedBy: 'token' },
    { modes: ['token'], clockOffsetS: 3600, signedBy: 'token' },
    { modes: ['token'], clockOffsetS: -40 * 365 * 86400, signedBy: 'token' },
    { modes: ['token', 'locked-clock'], signedBy: 'token' },
    { modes: ['digest', 'locked-clock'], signedBy: 'digest' },
    { modes: ['token', 'media1'], signedBy: 'token' },
    { modes: ['token', 'old'], signedBy: 'token' },
    { modes: ['token', 'no-ptz'], signedBy: 'token', ptz: false },
    { modes: [], signedBy: null },
  ];
  for (const { modes, signedBy, ptz = true, clockOffsetS = 0 } of good) {
    test(`reads a device that is [${modes}], ${clockOffsetS} s ahead`, async () => {
      const made = await device({ modes, clockOffsetS });
      const found = await read(made);
      assert.ok(found.ok, JSON.stringify(found));
      const { clock_offset_s: offset, ...rest } = found;
      assert.deepEqual(rest, {
        ...{ ok: true, onvif_url: made.url, manufacturer: 'Simulated & Co', model: 'SIM-1' },
        ...{ firmware: '1.2.3', serial: '0042', ptz, profiles: profiles(made) },
      });
      if (modes.includes('locked-clock')) {
        assert.equal(offset, null);
      } else {
        assert.ok(Math.abs(offset - clockOffsetS) < 3, `${offset}`);
      }
      assert.equal(made.last('GetProfiles').signedBy, signedBy);
    });
  }

  const bad = [
    { modes: ['basic'], code: 'unauthorized', says: /user name or password/ },
    { modes: ['fault'], code: 'server_error', says: /The lens is on fire/ },
    { modes: ['huge'], code: 'not_onvif', says: /1 MiB/ },
    { modes: ['bomb'], code: 'not_onvif', says: /document type/ },
    { modes: ['entity'], code: 'not_onvif', says: /document type/ },
    { modes: ['deep'], code: 'not_onvif', says: /nested too deeply/ },
    { modes: ['html'], code: 'not_onvif', says: /check the address/ },
    { modes: ['redirect'], code: 'redirected', says: /not followed/ },
    { modes: ['slow'], code: 'timeout', says: /did not answer in time/ },
    { modes: ['drip'], code: 'timeout', says: /did not answer in time/ },
  ];
  for (const { modes, code, says } of bad) {
    test(`a device that is [${modes}]: ${code}`, async () => {
      const made = await device({ modes });
      const began = Date.now();
      const found = await read(made);
      assert.equal(found.ok, false);
      assert.equal(found.error.code, code, found.error.message);
      assert.match(found.error.message, says);
      assertTook(Date.now() - began, 12_000, 'two calls of 5 s at most');
      assert.ok(!made.calls.some((call) => call.path === '/fetched'));
    });
  }

  test('a wrong password is said, and sent a few times only', async () => {
    for (const mode of ['token', 'digest']) {
      const made = await device({ modes: [mode] });
      const found = await read(made, { username: 'admin', password: wrong });
      assert.equal(found.error.code, 'unauthorized');
      assert.ok(made.refused <= 2, `${made.refused}`);
      const none = await read(made, {});
      assert.match(none.error.message, /asks for a user name/);
    }
  });

  test('nobody there is said', async () => {
    const made = await device();
    made.stop();
    devices.splice(devices.indexOf(made), 1);
    assert.equal((await read(made)).error.code, 'refused');
  });

  test('bad requests are told what is wrong', async () => {
    const cases = [
      ['/api/discovery', '{', 400],
      ['/api/discovery', { x: 1 }, 422],
      ['/api/discovery/device', {}, 422],
      ['/api/discovery/device', { xaddr: 'file:///etc/passwd' }, 422],
      ['/api/discovery/device', { xaddr: 'http://a:b@192.0.2.1/' }, 422],
      ['/api/cameras/999/ptz', { stop: true }, 404],
      ['/api/cameras/999/onvif/apply', { fps: 5 }, 404],
      ['/api/cameras/1/ptz', { move: { pan: 2 } }, 422],
      ['/api/cameras/1/ptz', '[]', 400],
      ['/api/cameras/1/onvif/apply', { fps: 'fast' }, 422],
    ];
    for (const [path, body, status] of cases) {
      const answer = await daemon.post(path, body);
      assert.equal(answer.status, status, `${path} ${JSON.stringify(body)}: ${await answer.text()}`);
    }
  });

  test('a camera is turned, stopped, and sent to a preset', async () => {
    const made = await device({ modes: ['token'] });
    const { id } = await add(made, 'Turned');
    const ptz = `/api/cameras/${id}/ptz`;
    assert.deepEqual(await daemon.json(ptz), {
      ok: true,
      presets: [{ token: '1', name: 'Gate' }, { token: '2', name: 'Yard & door' }],
    });
    assert.deepEqual(await ask(ptz, { move: { pan: -0.5, tilt: 1, timeout_s: 0.4 } }), { ok: true });
    const { body } = made.last('ContinuousMove');
    assert.ok(body.includes('<tt:PanTilt x="-0.5" y="1"/>') && !body.includes('Zoom'), body);
    assert.ok(body.includes('<ProfileToken>profile_main</ProfileToken>'), body);
    // The recorder stops it itself.
    await until('the stop', () => made.last('Stop') !== undefined, 5000);
    assert.deepEqual(await ask(ptz, { move: { zoom: 1 } }), { ok: true });
    assert.deepEqual(await ask(ptz, { stop: true }), { ok: true });
    assert.deepEqual(await ask(ptz, { preset: '2' }), { ok: true });
    assert.ok(made.last('GotoPreset').body.includes('<PresetToken>2</PresetToken>'));
    const once = made.operations().filter((name) => name === 'GetServices').length;
    assert.equal(once, 2, 'read for adding, and once for all of these');
    const many = await Promise.all(Array.from({ length: 20 }, () => ask(ptz, { move: { pan: 1 } })));
    for (const one of many) assert.ok(one.ok || one.error.code === 'busy', JSON.stringify(one));
    assert.ok(many.some((one) => one.ok));
  });

  test('a camera that cannot be turned says so', async () => {
    const made = await device({ modes: ['no-ptz'] });
    const { id } = await add(made, 'Fixed');
    const answer = await ask(`/api/cameras/${id}/ptz`, { stop: true });
    assert.equal(answer.error.code, 'not_supported');
    const other = await daemon.post('/api/cameras', { name: 'No ONVIF', url: cameras.urls[0], enabled: false });
    const without = await ask(`/api/cameras/${(await other.json()).id}/ptz`, { stop: true });
    assert.match(without.error.message, /no ONVIF address/);
  });

  test('a camera that went away and came back is turned again', async () => {
    const made = await device({ modes: ['token'] });
    const { id } = await add(made, 'Rebooted');
    const ptz = `/api/cameras/${id}/ptz`;
    assert.ok((await ask(ptz, { stop: true })).ok);
    made.stop();
    devices.splice(devices.indexOf(made), 1);
    const gone = await ask(ptz, { stop: true });
    assert.equal(gone.error.code, 'refused', JSON.stringify(gone));
    await device({ modes: ['token'], port: made.port });
    assert.deepEqual(await ask(ptz, { stop: true }), { ok: true });
  });

  test('a refused password is not tried again at once, so that the camera locks nobody out', async () => {
    const made = await device({ modes: ['token'] });
    const { id } = await add(made, 'Locked');
    const patch = (fields) =>
      daemon.fetch(`/api/cameras/${id}`, {
        ...{ method: 'PATCH', headers: { 'Content-Type': 'application/json' } },
        body: JSON.stringify(fields),
      });
    assert.equal((await patch({ password: wrong })).status, 200);
    for (let i = 0; i < 5; i += 1) {
      assert.equal((await ask(`/api/cameras/${id}/ptz`, { stop: true })).error.code, 'unauthorized');
    }
    assert.equal(made.refused, 1);
    assert.equal((await patch({ password })).status, 200);
    assert.deepEqual(await ask(`/api/cameras/${id}/ptz`, { stop: true }), { ok: true });
  });

  for (const modes of [['token'], ['digest', 'media1']]) {
    test(`what is wrong is set in a camera that is [${modes}]`, async () => {
      const made = await device({ modes, clockOffsetS: 3600 });
      const { id } = await add(made, `Set by ${modes}`);
      const apply = `/api/cameras/${id}/onvif/apply`;
      const main = await ask(apply, { keyframe_interval_s: 1, bitrate_bps: 2_000_000, set_clock: true });
      assert.ok(main.ok, JSON.stringify(main));
      assert.deepEqual(main.changed, ['keyframe_interval_s', 'bitrate_bps']);
      assert.equal(main.before.keyframe_interval_s, 4);
      assert.equal(main.after.keyframe_interval_s, 1);
      assert.deepEqual(main.notes, []);
      assert.ok(Math.abs(main.clock_was_ahead_s - 3600) < 3);
      assert.ok(Math.abs(made.clockOffsetS) < 3);
      assert.deepEqual(made.encoders.main, { codec: 'H264', width: 1920, height: 1080, fps: 25, gov: 25, kbit: 2000 });

      const sub = await ask(apply, { stream: 'sub', width: 700, height: 700, fps: 5, keyframe_interval_s: 60 });
      assert.deepEqual(made.encoders.sub, { codec: 'H264', width: 640, height: 360, fps: 5, gov: 100, kbit: 512 });
      assert.equal(sub.notes.length, 2, JSON.stringify(sub.notes));
      assert.equal(sub.clock_was_ahead_s, null);
    });
  }

  test('the codec is set where the device can', async () => {
    const made = await device({ modes: ['token'] });
    const { id } = await add(made, 'Newer');
    const answer = await ask(`/api/cameras/${id}/onvif/apply`, { codec: 'h265' });
    assert.deepEqual(answer.changed, ['codec']);
    assert.ok(made.last('SetVideoEncoderConfiguration').body.includes('Profile="Main10"'));
  });

  test('settings that the camera does not keep are said', async () => {
    const made = await device({ modes: ['stubborn'] });
    const { id } = await add(made, 'Stubborn');
    const answer = await ask(`/api/cameras/${id}/onvif/apply`, { fps: 5 });
    assert.deepEqual(answer.changed, []);
    assert.match(answer.notes.at(-1), /did not keep/);
  });

  test('a stream that the device does not have is not guessed', async () => {
    const made = await device({ modes: ['token'] });
    const { id } = await add(made, 'Moved');
    made.streams.main = 'rtsp://127.0.0.1/another';
    const answer = await ask(`/api/cameras/${id}/onvif/apply`, { fps: 5 });
    assert.equal(answer.error.code, 'not_found');
    assert.equal(made.encoders.main.fps, 25);
  });

  test('no password is in an answer or a log', async () => {
    const list = await (await daemon.fetch('/api/cameras?limit=1000')).text();
    for (const text of [list, daemon.stderr]) {
      for (const secret of [password, JSON.stringify(password).slice(1, -1), wrong, 'root:pass']) {
        assert.ok(!text.includes(secret), secret);
      }
    }
  });
});

describe('without leave to call this machine', () => {
  let daemon;
  before(async () => {
    daemon = await Daemon.start();
  });
  after(() => daemon?.remove());

  test('neither an address nor a name leads to the recorder itself', async () => {
    const made = await OnvifDevice.start({ stream: 'rtsp://127.0.0.1/', discover: true });
    const answer = await daemon.post('/api/discovery/device', { xaddr: made.url });
    assert.equal(answer.status, 422);
    const { items } = await (await daemon.post('/api/discovery', '')).json();
    assert.ok(!items.some((item) => item.address === '127.0.0.1'));
    assert.equal(made.calls.length, 0);
    made.stop();
  });
});
