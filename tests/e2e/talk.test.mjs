// SPDX-License-Identifier: MIT
// Somebody speaks into the browser's microphone, and is heard at the camera.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { loadClip } from '../api/rtp_clip.mjs';
import { ScriptedCamera } from '../api/scripted_camera.mjs';
import { Ear, peak, pitch, tone } from '../api/talker.mjs';
import { button, end, launchBrowser, look, newPage, openIn, sizes } from './browser.mjs';
import { Daemon, until } from './daemon.mjs';

const rate = 48_000;
const sdpOf = (clip) =>
  'v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=Camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n' +
  `m=video 0 RTP/AVP 96\r\na=control:trackID=1\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;${clip.sprop}\r\n`;
const backChannel = 'm=audio 0 RTP/AVP 0\r\na=control:trackID=back\r\na=rtpmap:0 PCMU/8000\r\na=sendonly\r\n';

let browser;
let daemon;
let ear = new Ear();
const ids = {};
const cameras = [];

/** A tone as a WAV file, which Chromium takes for the microphone. */
async function writeTone(file) {
  const samples = tone(440, 10, rate);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  await writeFile(file, Buffer.concat([head, samples]));
}

before(async () => {
  const clip = await loadClip('h264');
  daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
  const options = { sdp: sdpOf(clip), clips: { h264: clip }, onPacket: (packet) => ear.take(packet) };
  for (const [name, more] of [['Gate', { backChannel }], ['Mute', {}]]) {
    const camera = await ScriptedCamera.start({ ...options, ...more });
    cameras.push(camera);
    ids[name] = (await (await daemon.post('/api/cameras', { name, url: camera.url })).json()).id;
    await until(`${name} is recorded`, async () => (await daemon.camera(ids[name])).status === 'recording', 60_000);
  }
  const file = path.join(tmpdir(), `ronin-tone-${process.pid}.wav`);
  await writeTone(file);
  browser = await launchBrowser([
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-audio-capture=${file}`,
    '--autoplay-policy=no-user-gesture-required',
  ]);
});
after(async () => {
  await browser?.close();
  await daemon?.remove();
  for (const camera of cameras) camera.stop();
});

const speak = (page) => button(page, 'Speak to Gate');
const isOn = async (page) => (await speak(page).getAttribute('aria-pressed')) === 'true';
const isHeard = (page) => page.getByText('You are heard.').waitFor();

async function openGate(viewport) {
  ear = new Ear();
  const opened = await openIn(browser, daemon, `/live/cam/${ids.Gate}`, viewport);
  await speak(opened.page).waitFor();
  return opened;
}

test('a voice is heard while the button is held', async () => {
  const { page, complaints } = await openGate();
  await speak(page).hover();
  await page.mouse.down();
  await isHeard(page);
  await until('two seconds of it', () => ear.packets.length > 100);

  await page.mouse.up();

  await until('it is over', async () => !(await isOn(page)));
  const heard = ear.g711('pcmu');
  assert.equal(ear.gaps(), 0);
  assert.ok(Math.abs(pitch(heard, 8000) - 440) < 10, `${pitch(heard, 8000)} Hz`);
  assert.ok(peak(heard) > 0.05, `${peak(heard)}`);
  await until('the microphone and the camera are let go', () => cameras[0].requests.some(({ method }) => method === 'TEARDOWN'));
  await end(page, complaints);
});

test('a tap switches on and off, and so does a key', async () => {
  const { page, complaints } = await openGate();
  await speak(page).click();
  await isHeard(page);
  await page.mouse.move(5, 5);
  await until('words', () => ear.packets.length > 20);
  assert.ok(await speak(page).isVisible(), 'who is heard sees it');
  await speak(page).click();
  await until('it is over', async () => !(await isOn(page)));

  await speak(page).focus();
  for (const key of ['Space', 'Enter']) {
    await page.keyboard.press(key);
    await isHeard(page);
    await page.keyboard.press(key);
    await until('it is over', async () => !(await isOn(page)));
  }
  await end(page, complaints);
});

test('a second person is told that somebody speaks', async () => {
  const first = await openGate();
  const second = await openIn(browser, daemon, `/live/cam/${ids.Gate}`);
  await speak(first.page).click();
  await isHeard(first.page);

  await speak(second.page).click();

  await second.page.getByText('Somebody else speaks to this camera; try again later.').waitFor();
  assert.equal(await isOn(second.page), false);
  await end(first.page, first.complaints);
  await end(second.page, second.complaints);
});

test('a camera without a loudspeaker has no such button', async () => {
  const { page, complaints } = await newPage(browser, daemon);
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/talk'));
  await page.goto(`${daemon.url}/live/cam/${ids.Mute}`);
  await answered;
  await page.getByLabel('Live picture of Mute').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Speak to/ }).count(), 0);
  await end(page, complaints);
});

for (const size of sizes) {
  test(`the button is accessible at ${size.width} px`, async () => {
    const { page, complaints } = await openGate(size);
    await speak(page).click();
    await isHeard(page);
    await look(page, 'talk', size);
    await end(page, complaints);
  });
}
