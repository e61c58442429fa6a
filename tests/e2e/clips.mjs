// SPDX-License-Identifier: MIT
// Recordings to try players with: by its brightness, each picture tells which second it belongs to.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const clip = { seconds: 20, fps: 25, width: 160, height: 120 };

/**
 * A recording in `folder` with a keyframe each second, and sound: the first header waits for that
 * however fast the pictures come.
 */
export async function record(folder, name, { bFrames }) {
  const { seconds, fps, width, height } = clip;
  const source = path.join(folder, `source-${name}`);
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i'],
    `color=black:s=${width}x${height}:r=${fps}:d=${seconds},geq=lum='30+10*floor(T)':cb=128:cr=128`,
    ...['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${seconds}`],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', String(fps), '-bf', String(bFrames)],
    ...['-c:a', 'aac', source],
  ]);
  await run(
    'gst-launch-1.0',
    (
      `-q -e filesrc location=${source} ! qtdemux name=d d.video_0 ! queue ! h264parse ! ` +
      `ronincmafmux name=m audio-wait=60000000000 ! roninfragmux ! roninfilesink location=${path.join(folder, name)} ` +
      'd.audio_0 ! queue ! aacparse ! m.'
    ).split(' '),
    { timeout: 30_000 },
  );
}

/** The second that a picture belongs to, by its luma of 16 to 235. */
export function secondOfLuma(luma) {
  return (luma - 30) / 10;
}

/** The same by the grey of 0 to 255 that a screen shows. */
export function secondOfGrey(grey) {
  return secondOfLuma((grey * 219) / 255 + 16);
}

function boxesOf(bytes) {
  const boxes = [];
  for (let at = 0; at < bytes.length; at += boxes.at(-1).size) {
    boxes.push({ at, size: bytes.readUInt32BE(at), type: bytes.toString('latin1', at + 4, at + 8) });
  }
  return boxes;
}

/** The file as a crash leaves it between two fragments: without the index at its end. */
export async function withoutIndex(folder, from, to) {
  const bytes = await readFile(path.join(folder, from));
  const index = boxesOf(bytes).find(({ type }) => type === 'uuid');
  assert.ok(index, 'there was an index');
  await writeFile(path.join(folder, to), bytes.subarray(0, index.at));
}

/** The file as a crash leaves it in the middle of a fragment; gives its size. */
export async function cutInAFragment(folder, from, to) {
  const bytes = await readFile(path.join(folder, from));
  const fragments = boxesOf(bytes).filter(({ type }) => type === 'mdat');
  const { at, size } = fragments[Math.floor(fragments.length * 0.7)];
  const end = at + Math.floor(size / 2);
  await writeFile(path.join(folder, to), bytes.subarray(0, end));
  return end;
}
