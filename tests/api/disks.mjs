// SPDX-License-Identifier: MIT
// Folders that are mounted, pulled and exchanged like disks, where only one daemon sees it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { Daemon, mediaFiles } from '../e2e/daemon.mjs';

const run = promisify(execFile);

/** Disks of the names `disk-a`, …, mounted at `a`, …; they keep what is on them. */
export class Disks {
  static async make(t, names = ['a', 'b']) {
    const disks = new Disks();
    disks.dir = await mkdtemp(path.join(tmpdir(), 'ronin-disks-'));
    for (const name of names) {
      await mkdir(path.join(disks.dir, `disk-${name}`));
      await mkdir(path.join(disks.dir, name));
    }
    t.after(() => rm(disks.dir, { recursive: true, force: true }));
    return disks;
  }

  /**
   * Starts a daemon that records to `storage`; `mounts`: mount point to disk, or to the size of one in memory such as
   * 24m, which is there for as long as the daemon.
   */
  async start(mounts, { storage = ['a', 'b'], args = [], ...options } = {}) {
    const binds = Object.entries(mounts).map(([at, disk]) =>
      /^\d/.test(disk) ? `mount -t tmpfs -o size=${disk} none "$0/${at}" && ` : `mount --bind "$0/${disk}" "$0/${at}" && `);
    const prefix = ['unshare', '-mr', 'sh', '-c', `${binds.join('')}exec "$@"`, this.dir];
    const folders = storage.flatMap((name) => ['--storage', this.at(name)]);
    const all = ['--set', 'allow_loopback_cameras=true', ...folders, ...args];
    this.daemon = await Daemon.start({ prefix, args: all, ...options });
    return this.daemon;
  }

  /** The mount point, as the daemon names it. */
  at(name) {
    return path.join(this.dir, name);
  }

  /** Runs a command where the mounts are. */
  async inside(...command) {
    const target = ['-t', String(this.daemon.child.pid), '-U', '-m', '--preserve-credentials'];
    return (await run('nsenter', [...target, ...command])).stdout;
  }

  /** As when the plug is pulled: files may be open. */
  unmount(at) {
    return this.inside('umount', '-l', this.at(at));
  }

  mount(disk, at, options = 'rw') {
    return this.inside('mount', '-o', `bind,${options}`, path.join(this.dir, disk), this.at(at));
  }

  files(disk) {
    return mediaFiles(path.join(this.dir, disk));
  }

  /** All that is in a mount point beneath what is mounted there. */
  beneath(at) {
    return readdir(this.at(at), { recursive: true });
  }
}
