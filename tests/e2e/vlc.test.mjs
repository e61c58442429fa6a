// SPDX-License-Identifier: MIT
// A recorded file in VLC: how long it is, every picture once, what is seen after a seek, and sound.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { clip, cutInAFragment, record, secondOfGrey, secondOfLuma } from './clips.mjs';
import { until } from './daemon.mjs';

const run = promisify(execFile);
let folder;
/** What VLC writes: settings, pictures. */
let home;

/** VLC refuses to run as root, so then it runs as nobody. */
function asUser() {
  const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
  return { ...nobody, cwd: home, env: { PATH: process.env.PATH, HOME: home } };
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ronin-vlc-'));
  await chmod(folder, 0o755);
  home = path.join(folder, 'home');
  await mkdir(home);
  await chmod(home, 0o777);
  await record(folder, 'whole.mp4', { bFrames: 3 });
});

after(() => rm(folder, { recursive: true, force: true }));

/** The seconds that the pictures from `start` on belong to, as [second, pictures] in their order. */
async function picturesFrom(file, start) {
  const raw = path.join(home, 'pictures.yuv');
  const sink = `#transcode{vcodec=I420}:std{access=file,mux=dummy,dst=${raw}}`;
  const options = ['--no-sout-audio', `--start-time=${start}`, '--sout', sink];
  await run('vlc', ['-I', 'dummy', '--no-dbus', '--avcodec-hw=none', ...options, file, 'vlc://quit'], {
    ...asUser(),
    timeout: 30_000,
    maxBuffer: 16 << 20,
  });
  const bytes = await readFile(raw);
  await rm(raw);
  const { width, height } = clip;
  const size = (width * height * 3) / 2;
  assert.equal(bytes.length % size, 0, 'whole pictures');
  const runs = [];
  for (let at = (width * height + width) / 2; at < bytes.length; at += size) {
    const second = secondOfLuma(bytes[at]);
    if (second === runs.at(-1)?.[0]) runs.at(-1)[1] += 1;
    else runs.push([second, 1]);
  }
  return runs;
}

/** What `picturesFrom` gives when `count` pictures follow each other without a fault. */
function everyPicture(from, count) {
  const { fps } = clip;
  return Array.from({ length: Math.ceil(count / fps) }, (_, i) => [from + i, Math.min(fps, count - i * fps)]);
}

function assertSeen(seen, expected) {
  assert.equal(JSON.stringify(seen), JSON.stringify(expected));
}

/** VLC while it plays a file to nobody, obeying commands. */
class Player {
  lines = [];

  static async play(file) {
    const player = new Player();
    const nowhere = ['-V', 'dummy', '-A', 'adummy', '--no-dbus', '--avcodec-hw=none', '--no-osd'];
    const snapshots = ['--snapshot-path', home, '--snapshot-format', 'png', '--no-snapshot-preview'];
    const remote = ['-I', 'oldrc', '--rc-fake-tty'];
    player.child = spawn('vlc', [...remote, ...nowhere, ...snapshots, file], {
      ...asUser(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    readline.createInterface(player.child.stdout).on('line', (line) => player.lines.push(line));
    await until('it plays', async () => (await player.ask('get_time')) >= 1, 15_000);
    return player;
  }

  say(command) {
    this.child.stdin.write(`${command}\n`);
  }

  /** The answer that is a number. */
  async ask(command, pattern = /^(\d+)$/) {
    const before = this.lines.length;
    this.say(command);
    const find = () => this.lines.slice(before).map((line) => pattern.exec(line)).find(Boolean);
    return Number((await until(`the answer to ${command}`, find, 5000, 10))[1]);
  }

  /** The seconds of the pictures that the snapshots asked for so far show. */
  async snapshots() {
    const seconds = [];
    for (const name of (await readdir(home)).filter((one) => one.endsWith('.png'))) {
      const file = path.join(home, name);
      const toGrey = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
      // One that is still being written is no picture.
      const { stdout } = await run('ffmpeg', toGrey, { encoding: 'buffer' }).catch(() => ({ stdout: [] }));
      if (stdout.length > 0) seconds.push(secondOfGrey(stdout[stdout.length / 2]));
      await rm(file);
    }
    return seconds;
  }

  end() {
    this.child.kill('SIGKILL');
  }
}

/** Seeks while it plays; in less time than it would play until there, that second is seen. */
async function assertSeeks(t, player, place) {
  const begin = Date.now();
  player.say(`seek ${place}`);
  const seen = await until(`a picture of second ${place}`, async () => {
    player.say('snapshot');
    return (await player.snapshots()).find((second) => second > place - 0.4 && second < place + 2.4);
  }, 6000);
  t.diagnostic(`seek to ${place}: second ${seen.toFixed(1)} after ${Date.now() - begin} ms`);
}

/** How many pictures of a file end before byte `size`. */
async function picturesWithin(file, size) {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=size,pos', '-of', 'json', file],
  ]);
  const { packets } = JSON.parse(stdout);
  return packets.filter((one) => Number(one.pos) + Number(one.size) <= size).length;
}

const all = clip.seconds * clip.fps;
const files = [
  { what: 'a finished recording', name: 'whole.mp4', make: () => all },
  {
    what: 'a recording that was cut off in the middle of a fragment',
    name: 'cut.mp4',
    make: async () => {
      const end = await cutInAFragment(folder, 'whole.mp4', 'cut.mp4');
      return picturesWithin(path.join(folder, 'whole.mp4'), end);
    },
  },
];

for (const { what, name, make } of files) {
  test(`VLC plays ${what}, knows how long it is, and seeks in it`, async (t) => {
    const count = await make();
    const file = path.join(folder, name);
    await chmod(file, 0o644);

    assertSeen(await picturesFrom(file, 0), everyPicture(0, count));
    // From a keyframe on, and from between two of them: then the next one is the first to be whole.
    const from11 = everyPicture(11, count - 11 * clip.fps);
    assertSeen(await picturesFrom(file, 11), from11);
    const between = await picturesFrom(file, 10.5);
    t.diagnostic(`from 10.5 s: ${JSON.stringify(between)}`);
    assertSeen(between.slice(-from11.length), from11);

    const player = await Player.play(file);
    t.after(() => player.end());
    // VLC tells whole seconds.
    const length = await player.ask('get_length');
    assert.ok(Math.abs(length - count / clip.fps) <= 1, `it is said to last ${length} s`);
    await assertSeeks(t, player, 11);
    await assertSeeks(t, player, 3);
    assert.ok((await player.ask('stats', /audio decoded\s*:\s*(\d+)/)) > 0, 'there is sound');
  });
}
