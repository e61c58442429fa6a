// SPDX-License-Identifier: MIT
// What real cameras get wrong: each is recorded all the same, or says precisely why not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, until } from '../e2e/daemon.mjs';
import { loadClip } from './rtp_clip.mjs';
import { ScriptedCamera } from './scripted_camera.mjs';

const sourceRoot = process.env.RONIN_SOURCE_ROOT ?? new URL('../..', import.meta.url).pathname;
/** Answers of real cameras; they stay where they are. */
const answers = process.env.RONIN_RTSP_RESPONSES ?? path.join(sourceRoot, '../shared/data/rtsp-responses');

const head = 'v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=Camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n';
const mode1 = 'packetization-mode=1;profile-level-id=42C015';
const clips = {};

/** One video track; `fmtp` empty: no such line. */
function video({ fmtp = `${mode1};${clips.h264.sprop}`, map = 'H264/90000', control = 'trackID=1', port = 0, types = '96', more = '' } = {}) {
  return (
    `m=video ${port} RTP/AVP ${types}\r\n${control === null ? '' : `a=control:${control}\r\n`}` +
    `a=rtpmap:96 ${map}\r\n${fmtp === '' ? '' : `a=fmtp:96 ${fmtp}\r\n`}${more}`
  );
}
const pcma = 'm=audio 0 RTP/AVP 8\r\na=control:trackID=2\r\na=rtpmap:8 PCMA/8000\r\n';
const ofMethod = (method, change) => (answer, request) => (request.method === method ? change(answer) : answer);
const inDescribe = (from, to) => ofMethod('DESCRIBE', (answer) => answer.replace(from, to));
const inSetup = (from, to) => ofMethod('SETUP', (answer) => answer.replace(from, to));
/** SETUP and PLAY at exactly these addresses, as strict cameras want it. */
const only = (setup, play) => (uri, request) => uri === (request.method === 'SETUP' ? setup : play) || uri === play;

/** `from`: where it was reported. Without `code`, it is recorded. */
const quirks = () => [
  // What the description of the stream gets wrong.
  { what: 'Tuya: a negative port and a broken c=', from: 'AlexxIT/go2rtc#2316', sdp: head + video({ port: -1353744643 }).replace('\r\n', "\r\nc=IN IP4 '&\xff\xfd\r\n") },
  { what: 'RVi: no o=', from: 'aler9/rtsp-simple-proxy#7', sdp: head.replace(/o=.*\r\n/, '') + video() },
  { what: 'a Chinese camera: nothing but the track', from: 'AlexxIT/go2rtc#679, bluenviron/gortsplib#441', sdp: 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n' },
  { what: 'Sony SNC-WR630: an empty c=', from: 'bluenviron/mediamtx#85', sdp: head.replace(/c=.*\r\n/, 'c=\r\n') + video() },
  { what: 'Thingino: no c= at all', from: 'themactep/thingino-firmware#1621', sdp: head.replace(/c=.*\r\n/, '') + video() },
  { what: 'Uniview: o= and c= end after IN', from: 'AlexxIT/go2rtc#1663', sdp: (head + video()).replace(/IN IP4 \S+/g, 'IN') },
  { what: 'Honeywell: a= before s=, and a metadata track', from: 'Streamedian/html5_rtsp_player#119', sdp: `v=0\r\no=- 8246755 8246755 IN IP4 192.0.2.1\r\na=control:*\r\na=source-filter: incl IN IP4 * 192.0.2.1\r\ns=RtspServer\r\na=range:npt=0-\r\nt=0 0\r\n${video({ control: 'ctype=video', fmtp: '' })}m=application 0 RTP/AVP 106\r\na=rtpmap:106 vnd.onvif.metadata/90000\r\na=control:ctype=app106\r\na=sendonly\r\n` },
  { what: 'Hikvision: sprop-parameter-sets without a PPS', from: 'FFmpeg/FFmpeg#181', sdp: () => head + video({ fmtp: `${mode1};${clips.h264.sprop.split(',')[0]},` }) },
  { what: 'EZVIZ C6N: H.265 with the parameters of H.264, and those empty', from: 'AlexxIT/go2rtc#264', sdp: head + video({ map: 'H265/90000', fmtp: 'profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=' }) },
  { what: 'a camera with start codes in sprop-parameter-sets', from: 'scottlamb/moonfire-nvr#213', sdp: head + video({ fmtp: 'packetization-mode=1;profile-level-id=000001;sprop-parameter-sets=AAAAAUdNAB+ZsBQBboQAAA+gAAF3AhA=,AAAAAUjqQ8g=' }) },
  { what: 'VStarcam: sprop-parameter-sets that are none', from: 'scottlamb/retina#42', sdp: head + video({ fmtp: `${mode1};sprop-parameter-sets=6QAAAAA=,////` }) },
  { what: 'Hikvision NVR: packetization-mode 0, no sprop-parameter-sets', from: 'AxisCommunications/media-stream-library-js#417, bluenviron/mediamtx#5846', way: 'whole', sdp: head + video({ fmtp: 'profile-level-id=4D0014;packetization-mode=0', control: 'trackID=video' }) },
  { what: 'no fmtp at all, parameter sets only with the pictures', from: 'bluenviron/mediamtx#787', sdp: head + video({ fmtp: '' }) },
  { what: 'Axis: parameter sets only in the description', from: 'meetecho/janus-gateway#849', way: 'bare', sdp: head + video() },
  { what: 'MERCURY: a media section of its own kind', from: 'AlexxIT/go2rtc#708', sdp: `${head}${video()}${pcma}m=application/MERCURY 0 RTP/AVP smart/1/90000\r\na=rtpmap:95 MERCURY/90000\r\na=control:track3\r\n` },
  { what: 'Vicon: media "vana"', from: 'AlexxIT/go2rtc#1278', sdp: `${head}m=vana 0 RTP/AVP 98\r\na=rtpmap:98 VANA/90000\r\na=control:trackID=0\r\n${video()}` },
  {
    what: 'Dahua by ONVIF: a back channel with 20 payload types, AAC without config', from: 'bluenviron/gortsplib#479', path: '/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif',
    sdp: () => `${head}${video({ control: 'trackID=0' })}${pcma.replace('trackID=2', 'trackID=1')}m=application 0 RTP/AVP 107\r\na=control:trackID=4\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=recvonly\r\nm=audio 0 RTP/AVP 116 115 114 113 112 111 110 109 108 97 107 106 105 104 0 103 102 101 100 8\r\na=control:trackID=5\r\n${[116, 115, 114, 113, 112, 111].map((type) => `a=rtpmap:${type} MPEG4-GENERIC/16000\r\n`).join('')}a=rtpmap:8 PCMA/8000\r\na=sendonly\r\n`,
  },
  { what: 'the video track lists 19 payload types', from: 'bluenviron/gortsplib#479', sdp: () => head + video({ types: `96 ${[...Array(18).keys()].map((i) => 98 + i).join(' ')}` }) },
  { what: 'Dahua: AAC without its config, as the only sound', from: 'bluenviron/gortsplib#479', sdp: `${head}${video()}m=audio 0 RTP/AVP 116\r\na=control:trackID=2\r\na=rtpmap:116 MPEG4-GENERIC/64000\r\n` },
  { what: 'sound in G.726, which is not recorded', from: 'langhuihui/monibuca#390, ZLMediaKit/ZLMediaKit#3394', sdp: `${head}m=audio 0 RTP/AVP 97\r\na=control:trackID=2\r\na=rtpmap:97 G726-32/8000\r\n${video()}` },
  { what: 'H264 in small letters', from: 'RFC 4566 6: names are the same in any case', sdp: head + video({ map: 'h264/90000' }) },
  { what: 'VideoLAN: bytes after the last line', from: 'themactep/thingino-firmware#1621 (ends of lines that are missing or too many)', sdp: `${head}${video()}\0\0garbage without a meaning` },
  { what: 'lines that end with LF only', from: 'RFC 4566 5: parsers should take it', sdp: () => (head + video() + pcma).replaceAll('\r\n', '\n') },

  // Addresses of tracks.
  { what: 'Blue Iris: no a=control anywhere', from: 'AlexxIT/go2rtc#560', sdp: head.replace(/a=control.*\r\n/, '') + video({ control: null }) },
  { what: 'a=control only for the whole', from: 'rayryeng/RTSPTest#4', sdp: head + video({ control: null }) },
  { what: 'a=control:* at the track', from: 'rayryeng/RTSPTest#4', sdp: head + video({ control: '*' }) },
  { what: 'a=control:* at the track, beside sound', from: 'rayryeng/RTSPTest#4', sdp: head + video({ control: '*' }) + pcma },
  {
    what: 'Axis Companion: addresses with a query, in full', from: 'bluenviron/mediamtx#683', path: '/axis-media/media.amp?Axis-Orig-Sw=true',
    sdp: ({ host }) => head.replace('control:*', `control:rtsp://${host}/axis-media/media.amp?Axis-Orig-Sw=true`) + video({ control: `rtsp://${host}/axis-media/media.amp/stream=0?Axis-Orig-Sw=true` }),
    edit: (camera) => inDescribe(/Content-Base: .*/, `Content-Base: rtsp://${camera.host}/axis-media/media.amp/`),
    isUri: ({ host }) => only(`rtsp://${host}/axis-media/media.amp/stream=0?Axis-Orig-Sw=true`, `rtsp://${host}/axis-media/media.amp?Axis-Orig-Sw=true`),
  },
  {
    what: 'Axis 241Q: its private address in all answers', from: 'mpromonet/webrtc-streamer#215',
    sdp: head.replace('control:*', 'control:rtsp://192.168.1.9/mpeg4/media.amp') + video({ control: 'rtsp://192.168.1.9/mpeg4/media.amp/trackID=1' }),
    edit: () => inDescribe(/Content-Base: .*/, 'Content-Base: rtsp://192.168.1.9/mpeg4/media.amp/'),
  },
  {
    what: 'Dahua: the track behind the query', from: 'bluenviron/gortsplib#121', path: '/dss/monitor/param/cameraid=1000193%241%26substream=1?token=69154&trackID=0', sdp: head + video({ control: 'trackID=0' }),
    edit: (camera) => inDescribe(/Content-Base: .*/, `Content-Base: ${camera.url}`),
    isUri: ({ url }) => (uri, request) => (request.method === 'SETUP' ? uri === `${url}/trackID=0` : uri.startsWith(url)),
  },
  { what: 'libstreaming: Content-Base without rtsp://', from: 'AxisCommunications/locomote-video-player#117', path: '/', sdp: head.replace(/a=control.*\r\n/, '') + video({ control: 'trackID=0' }), edit: () => inDescribe(/Content-Base: rtsp:\/\/(.*)/, 'Content-Base: 127.0.0.1:8086/'), isUri: ({ url }) => (uri) => uri.startsWith(url) },
  { what: 'RootEncoder: Content-Base without a value', from: 'bluenviron/mediamtx#825', sdp: head + video(), edit: () => inDescribe(/Content-Base: .*/, 'Content-Base:') },
  { what: 'Amcrest: a header without a value', from: 'bluenviron/mediamtx#34', sdp: head + video(), edit: () => (answer) => answer.replace('\r\n', '\r\nX-Accept-Dynamic-Rate:\r\n') },
  { what: 'no Content-Base', from: 'RFC 2326 C.1.1', sdp: head + video(), edit: () => inDescribe(/Content-Base: .*\r\n/, '') },

  // Answers that are written otherwise than in the RFC.
  { what: 'Hi-Ipcam: Cseq and Content-length', from: 'ZoneMinder/zoneminder#841', sdp: head + video(), edit: () => (answer) => answer.replace('CSeq', 'Cseq').replace('Content-Length', 'Content-length') },
  { what: 'names of headers in small letters', from: 'RFC 2326 4.2, as in HTTP', sdp: head + video(), edit: () => (answer) => answer.replace(/^([A-Za-z-]+):/gm, (name) => (/^[a-z]:/.test(name) ? name : name.toLowerCase())) },
  { what: 'no Content-Type', from: 'scottlamb/retina, testdata/missing_content_type_describe.txt', sdp: head + video(), edit: () => inDescribe(/Content-Type: .*\r\n/, '') },
  { what: 'Content-Type with a charset', from: 'gstrtspsrc.c, "Some servers actually send that property"', sdp: head + video(), edit: () => inDescribe('application/sdp', 'Application/SDP ; charset=utf-8') },
  { what: 'Axis servers: a session with spaces and a timeout', from: 'bluenviron/mediamtx#815', sdp: head + video(), edit: () => inSetup(/Session: (\w+);timeout=60/, 'Session:  $1 ; timeout=60 ') },
  { what: 'other channels than were asked for', from: 'bluenviron/gortsplib#72', sdp: head + video() + pcma, edit: () => inSetup(/interleaved=(\d)-(\d)/, (_, a) => `interleaved=${Number(a) + 4}-${Number(a) + 5}`) },
  { what: 'no Transport in the answer to SETUP', from: 'bluenviron/gortsplib#456', sdp: head + video(), edit: () => inSetup(/Transport: .*\r\n/, '') },
  { what: 'a webcam: ssrc in front of interleaved', from: 'scottlamb/retina#120', sdp: head + video(), edit: () => inSetup(/Transport: .*\r\n/, 'Transport: RTP/AVP/TCP;ssrc=22345684;interleaved=0-1\r\n') },
  { what: 'ssrc=0x6f7c', from: 'scottlamb/retina#138', sdp: head + video(), edit: () => inSetup('ssrc=1234ABCD', 'ssrc=0x6f7c;mode="PLAY"') },
  { what: 'ssrc=4317f, of five digits', from: 'bluenviron/mediamtx#396', sdp: head + video(), edit: () => inSetup('ssrc=1234ABCD', 'ssrc=4317f') },
  { what: 'Victure PC730: a comma in front of ssrc', from: 'bluenviron/mediamtx#762', sdp: head + video(), edit: () => inSetup(';ssrc=1234ABCD', ',ssrc=FFFFCCCC') },
  { what: 'no ssrc', from: 'bluenviron/mediamtx#380', sdp: head + video(), edit: () => inSetup(';ssrc=1234ABCD', '') },
  { what: 'no RTP-Info', from: 'RFC 2326 12.33', sdp: head + video() + pcma, edit: () => ofMethod('PLAY', (answer) => answer.replace(/RTP-Info: .*\r\n/, '')) },
  { what: 'Axis: a space in RTP-Info', from: 'bluenviron/mediamtx#333', sdp: head + video() + pcma, edit: () => ofMethod('PLAY', (answer) => answer.replace(',url=', ', url=')) },
  { what: 'Hikvision and Tapo: RTP-Info with seq=0', from: 'scottlamb/retina, which ignores it', sequence: 40_000, sdp: head + video(), edit: () => ofMethod('PLAY', (answer) => answer.replace(/seq=\d+;rtptime=\d+/, 'seq=0;rtptime=0')) },
  { what: 'Dahua NVR: a decimal ssrc in RTP-Info', from: 'scottlamb/retina#137', sdp: head + video(), edit: () => ofMethod('PLAY', (answer) => answer.replace(/url=.*/, 'url=trackID=0;seq=13210;rtptime=1067824145;ssrc=4294962989')) },
  { what: 'GET_PARAMETER is not known', from: 'meetecho/janus-gateway#1407', sdp: head + video(), public: 'OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY' },
  { what: 'EvoStream: it works but is not named', from: 'Streamedian/html5_rtsp_player#73', sdp: head + video(), public: 'DESCRIBE, OPTIONS, PAUSE, PLAY, SETUP, TEARDOWN, ANNOUNCE, RECORD' },
  { what: 'OPTIONS is answered with 501', from: 'RFC 2326 10.1: a server need not know it', sdp: head + video(), answers: { OPTIONS: '501 Not Implemented' } },
  { what: 'OPTIONS is answered with 551', from: 'bluenviron/mediamtx#34', sdp: head + video(), answers: { OPTIONS: '551 Invalid Method' } },
  { what: 'GoPro-like: OPTIONS names nothing', from: 'RFC 2326 10.1', sdp: head + video(), edit: () => ofMethod('OPTIONS', (answer) => answer.replace(/Public: .*\r\n/, '')) },

  // Media.
  { what: 'STAP-A', from: 'pion/rtp#112', way: 'aggregated', sdp: head + video() },
  { what: 'SEI in front of the SPS', from: 'ZLMediaKit/ZLMediaKit#4813', way: 'seiFirst', sdp: head + video() },
  { what: 'Reolink RLC-822A: a marker on the SPS, the time of the picture before', from: 'scottlamb/retina#13', way: 'marked', sdp: head + video() },
  { what: 'Uniview: packets of payload type 50 in between', from: 'bluenviron/mediamtx#4036', way: 'stray', sdp: head + video() },
  { what: 'V380: start codes inside fragments, by the second connection', from: 'scottlamb/retina#68, #100', way: 'annexb', sdp: head + video({ fmtp: mode1 }) },
  { what: 'EZVIZ C6N: H.264 is called H265', from: 'AlexxIT/go2rtc#264', sends: 'h264', sdp: head + video({ map: 'H265/90000', fmtp: '' }), code: 'unsupported_codec', says: /other video than it describes/ },
];

describe('a camera with a quirk', () => {
  let daemon;
  const cameras = [];
  const ids = new Map();

  async function add(name, options) {
    const { edit, isUri, sends, ...rest } = options;
    const used = sends === undefined ? clips : { h264: clips[sends], h265: clips[sends] };
    const camera = await ScriptedCamera.start({ ...rest, clips: used });
    cameras.push(camera);
    if (edit) camera.options.edit = edit(camera);
    if (isUri) camera.options.isUri = isUri(camera);
    const answer = await daemon.post('/api/cameras', { name, url: camera.url });
    assert.equal(answer.status, 201, await answer.clone().text());
    ids.set(name, { id: (await answer.json()).id, camera });
  }

  async function settled(name, done) {
    const { id, camera } = ids.get(name);
    try {
      return await until(name, async () => {
        const now = await daemon.camera(id);
        return done(now) && now;
      }, 40_000, 250);
    } catch (error) {
      const asked = camera.requests.map(({ method, uri }) => `${method} ${uri}`).slice(0, 12).join('\n');
      error.message += `\n${JSON.stringify((await daemon.camera(id)).last_error)}\n${asked}`;
      throw error;
    }
  }

  async function isRecorded(name) {
    await settled(name, (camera) => camera.status === 'recording');
    const { id } = ids.get(name);
    await until(`pictures of ${name}`, async () => (await daemon.json(`/api/cameras/${id}/recording/status`)).frames_written > 0);
  }

  /** All SDP files twice: as they are, and with the other end of lines. */
  async function realAnswers() {
    const names = await readdir(answers).catch(() => []);
    const out = [];
    for (const file of names.filter((name) => name.endsWith('.sdp'))) {
      const sdp = await readFile(path.join(answers, file), 'latin1');
      const other = sdp.includes('\r\n') ? sdp.replaceAll('\r\n', '\n') : sdp.replaceAll('\n', '\r\n');
      out.push({ what: file, sdp }, { what: `${file}, other ends of lines`, sdp: other });
    }
    return out;
  }

  let real;
  const table = [];
  before(async () => {
    clips.h264 = await loadClip('h264');
    clips.h265 = await loadClip('h265');
    table.push(...quirks());
    real = await realAnswers();
    daemon = await Daemon.start({ args: ['--set', 'allow_loopback_cameras=true'] });
    for (const { what, from, code, says, ...options } of table) await add(what, options);
    for (const { what, sdp } of real) await add(what, { sdp, bytewise: true });
  });
  after(async () => {
    for (const camera of cameras) camera.stop();
    await daemon?.remove();
  });

  test('each is recorded, or says why not', async (t) => {
    for (const { what, code, says } of table) {
      await t.test(what, async () => {
        if (code === undefined) {
          await isRecorded(what);
        } else {
          const camera = await settled(what, ({ last_error }) => last_error !== null);
          assert.equal(camera.last_error.code, code, camera.last_error.message);
          assert.match(camera.last_error.message, says);
        }
      });
    }
  });

  test('the answers of real cameras, byte by byte', async (t) => {
    if (real.length === 0) {
      t.diagnostic(`no answers of real cameras in ${answers}; set RONIN_RTSP_RESPONSES`);
      return;
    }
    for (const { what } of real) await t.test(what, () => isRecorded(what));
  });

  test('what was recorded plays', async () => {
    const recorded = [...table.filter(({ code }) => code === undefined), ...real];
    for (const camera of cameras) camera.stop();
    await daemon.stop();
    const folders = await readdir(daemon.storage);
    assert.ok(folders.length >= recorded.length, `${folders.length} of ${recorded.length}`);
    const files = [];
    for (const name of await readdir(daemon.storage, { recursive: true })) {
      if (name.endsWith('.mp4')) files.push(path.join(daemon.storage, name));
    }
    assert.ok(files.length >= recorded.length, `${files.length} of ${recorded.length}`);
    // By one program for all, which is quicker than one for each. Every file must have video.
    const inputs = files.flatMap((file) => ['-i', file]);
    const maps = files.flatMap((_, i) => ['-map', `${i}:v`]);
    const { stderr } = await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', ...inputs, ...maps, '-c', 'copy', '-f', 'null', '-']);
    assert.equal(stderr, '');
  });
});
