// SPDX-License-Identifier: MIT
// Starts, watches and stops one recorder for a test; also a small WebSocket client.
import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';

export const buildRoot = process.env.RONIN_BUILD_ROOT ?? new URL('../../build', import.meta.url).pathname;
/** Clips are encoded once for all tests. */
export const clipCache = path.join(buildRoot, 'e2e-demo');
const run = promisify(execFile);

/** How many times longer ./test, which runs several at once on any machine, waits before it gives up. */
const patience = Number(process.env.RONIN_PATIENCE ?? 1);

/**
 * Asks `probe` until it gives something true; fails with `what` after `timeoutMs`, a limit for a
 * broken run. Where it is a claim, only a suite that runs by itself (`./test api`) holds it.
 */
export async function until(what, probe, timeoutMs = 30_000, everyMs = 100) {
  const end = Date.now() + timeoutMs * patience;
  for (;;) {
    const found = await probe();
    if (found) return found;
    assert.ok(Date.now() < end, `still waiting after ${timeoutMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

/** `took`, in milliseconds, is less than `limit`: a claim that only a suite that runs by itself holds, see `until`. */
export function assertTook(took, limit, what = '') {
  assert.ok(took < limit * patience, `${what}${what && ': '}${took} ms, not less than ${limit * patience}`);
}

function within(promise, ms, what) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Ends that no test asks for. */
const crashes = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGTRAP'];

/** A child process whose output lines are kept. It ends with the test program. */
class Program {
  lines = [];
  stderr = '';

  constructor(file, args, { stdin = 'ignore', cwd } = {}) {
    this.child = spawn(file, args, { stdio: [stdin, 'pipe', 'pipe'], cwd });
    this.exited = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
    readline.createInterface(this.child.stdout).on('line', (line) => this.lines.push(line));
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.endWithTest = () => this.child.kill('SIGKILL');
    process.once('exit', this.endWithTest);
    void this.exited.then(({ signal }) => {
      process.removeListener('exit', this.endWithTest);
      // Tests that follow only see that nobody answers.
      if (crashes.includes(signal)) console.error(`${file} ended by ${signal}:\n${this.stderr.slice(-4000)}`);
    });
  }

  isRunning() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  line(pattern, timeoutMs) {
    return until(
      `a line like ${pattern}`,
      () => {
        const match = this.lines.map((line) => pattern.exec(line)).find(Boolean);
        assert.ok(match || this.isRunning(), `the program ended early:\n${this.stderr}`);
        return match;
      },
      timeoutMs,
      20,
    );
  }
}

export const daemonProgram = path.join(buildRoot, 'ronin-nvr');

/** Runs the recorder's program to its end. */
export function runProgram(args) {
  return new Promise((done) => {
    execFile(daemonProgram, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

export class Daemon extends Program {
  /**
   * Starts it without waiting for "ready".
   * `port`: that it listens on; 0 takes a free one.
   * `prefix`: a command that runs the daemon's in its own process, such as ['nice'].
   */
  static async launch({
    dataDir, args = [], demo = 0, prefix = [], cwd, ownClips = false, port = 0,
  } = {}) {
    const folder = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'ronin-e2e-')));
    await mkdir(clipCache, { recursive: true });
    if (!ownClips) {
      await symlink(clipCache, path.join(folder, 'demo')).catch((error) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    const all = ['--data-dir', folder, '--listen', `127.0.0.1:${port}`, '--set', 'segment_duration_s=10'];
    if (demo > 0) all.push(`--demo=${demo}`);
    const [file, ...rest] = [...prefix, daemonProgram, ...all, ...args];
    const daemon = new Daemon(file, rest, { cwd });
    daemon.dataDir = folder;
    daemon.storage = path.join(folder, 'recordings');
    return daemon;
  }

  static async start(options) {
    const daemon = await Daemon.launch(options);
    try {
      // Long, because the first start of all encodes the clips.
      daemon.url = (await daemon.line(/^ready (http:\S+)$/, 240_000))[1];
    } catch (error) {
      daemon.child.kill('SIGKILL');
      throw error;
    }
    return daemon;
  }

  fetch(target, options) {
    return fetch(new URL(target, this.url), options);
  }

  async json(target) {
    const answer = await this.fetch(target);
    assert.equal(answer.status, 200, `${target}: ${answer.status}`);
    return answer.json();
  }

  post(target, body) {
    return this.fetch(target, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Keeps a recording from every deletion, or no more. */
  protect(id, wanted = true) {
    return this.fetch(`/api/recordings/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ protected: wanted }),
    });
  }

  camera(id) {
    return this.json(`/api/cameras/${id}`);
  }

  async recordings(query = '') {
    return (await this.json(`/api/recordings?limit=1000${query}`)).items;
  }

  /** SIGTERM; the contract gives it 5 s to end well. */
  async stop() {
    if (!this.isRunning()) return;
    this.child.kill('SIGTERM');
    let end;
    try {
      end = await within(this.exited, 5000, 'stopping');
    } finally {
      this.child.kill('SIGKILL');
    }
    assert.deepEqual(end, { code: 0, signal: null }, this.stderr);
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  async remove() {
    try {
      await this.stop();
    } finally {
      await rm(this.dataDir, { recursive: true, force: true });
    }
  }
}

export class DemoCameras extends Program {
  /** `args`: more options, such as '--kbit=100'. */
  static start({ count = 1, args = [] } = {}) {
    return DemoCameras.#run('src/demo/ronin-demo-cameras', ['--numbered', `--count=${count}`, ...args]);
  }

  /** One that may have a port of its own and a password; see tests/support/fake_camera_program.cpp. */
  static startFake(args) {
    return DemoCameras.#run('tests/support/ronin-fake-camera', args);
  }

  /** Many that cost little, obey nothing and listen from `--port=` on; see tests/bench/fleet. */
  static startFleet(args) {
    return DemoCameras.#run('tests/bench/ronin-fleet', args);
  }

  static async #run(program, args) {
    await mkdir(clipCache, { recursive: true });
    const cameras = new DemoCameras(
      path.join(buildRoot, program),
      ['--cache', clipCache, ...args],
      { stdin: 'pipe' },
    );
    await cameras.line(/^ready$/, 240_000);
    cameras.urls = cameras.lines.map((line) => /^camera .* (rtsp:\S+)$/.exec(line)?.[1]).filter(Boolean);
    [cameras.url] = cameras.urls;
    return cameras;
  }

  /** Makes a camera misbehave; see src/demo/README.md. */
  say(command) {
    this.child.stdin.write(`${command}\n`);
  }

  /** The newest picture that camera `which` (from 1) has sent: its number, and when it was due. */
  async sent(which = 1) {
    const before = this.lines.length;
    this.child.stdin.write(`sent ${which}\n`);
    // Of ronin-fake-camera each answer begins with "ok".
    const answer = await until('the answer to sent', () =>
      this.lines.slice(before).map((line) => /^(?:ok )?sent \d+ -?\d+ (-?\d+) (-?\d+)$/.exec(line)).find(Boolean), 5000, 2);
    return { number: Number(answer[1]), utcMs: Number(answer[2]) / 1e6 };
  }

  /** The number of the newest picture that camera `which` (from 1) has sent. */
  async newest(which = 1) {
    return (await this.sent(which)).number;
  }

  async stop() {
    this.child.stdin.end();
    this.child.kill('SIGTERM');
    await this.exited;
  }
}

/** Every .mp4 below a folder, as paths relative to it. A folder that goes meanwhile has none. */
export async function mediaFiles(folder) {
  const below = async (relative) => {
    let entries;
    try {
      entries = await readdir(path.join(folder, relative), { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOENT' && relative !== '') return [];
      throw error;
    }
    const lists = await Promise.all(entries.map((entry) => {
      const name = path.join(relative, entry.name);
      return entry.isDirectory() ? below(name) : [name];
    }));
    return lists.flat();
  };
  return (await below('')).filter((name) => name.endsWith('.mp4')).sort();
}

/** Fails unless ffprobe reads the whole file without a word. */
export async function assertPlays(file) {
  const { stdout, stderr } = await run('ffprobe', [
    ...['-v', 'error', '-count_packets', '-select_streams', 'v:0'],
    ...['-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', file],
  ]);
  assert.equal(stderr, '', file);
  assert.ok(Number.parseInt(stdout, 10) > 0, `${file} has no pictures`);
}

/** The numbers that the cameras of `DemoCameras` put into the pictures of a file. */
export async function frameNumbers(file) {
  const { stdout } = await run(path.join(buildRoot, 'tests/support/print-frame-numbers'), [file]);
  return stdout.trim().split('\n').map(Number);
}

/** Only what the tests need of RFC 6455: short server messages, no fragments. */
export class Socket {
  messages = [];

  static async open(url, target, protocol) {
    const { hostname, port, host } = new URL(url);
    const socket = new Socket();
    socket.tcp = net.connect(Number(port), hostname);
    socket.tcp.write(
      `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `Sec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    let bytes = Buffer.alloc(0);
    socket.tcp.on('error', (error) => (socket.error = error));
    socket.tcp.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (socket.head === undefined) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.head = bytes.subarray(0, end).toString();
        bytes = bytes.subarray(end + 4);
      }
      bytes = socket.take(bytes);
    });
    await until('the upgrade', () => socket.head ?? socket.error, 5000, 10);
    return socket;
  }

  take(bytes) {
    for (;;) {
      if (bytes.length < 2) return bytes;
      let length = bytes[1] & 0x7f;
      let at = 2;
      if (length >= 126) {
        at = length === 126 ? 4 : 10;
        if (bytes.length < at) return bytes;
        length = length === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      }
      if (bytes.length < at + length) return bytes;
      if ((bytes[0] & 0x0f) === 1) {
        this.messages.push(JSON.parse(bytes.subarray(at, at + length).toString()));
      }
      bytes = bytes.subarray(at + length);
    }
  }

  message(what, matches) {
    return until(what, () => this.messages.find(matches), 10_000, 20);
  }

  close() {
    this.tcp.destroy();
  }
}
