// SPDX-License-Identifier: MIT
import type { CameraSetUp, CameraTest, EncoderSettings } from '../../api/types';
import { codecName } from '../../lib/codec-support';
import { formatBitrate, formatFps, formatSeconds } from '../../lib/rates';
import { formatSizeInPixels } from './camera-words';

export type SettingName = 'codec' | 'size' | 'fps' | 'keyframes' | 'bitrate' | 'clock';

/** One setting of a camera, as it is and as it is to be. */
export type Change = { setting: SettingName; label: string; from: string | null; to: string };

const labels: Record<SettingName, string> = {
  codec: 'Codec',
  size: 'Size',
  fps: 'Frame rate',
  keyframes: 'Keyframe',
  bitrate: 'Bitrate',
  clock: 'Clock',
};

const names = Object.keys(labels) as SettingName[];

/** Which fields of a set-up belong to a setting. */
const fields: Record<SettingName, readonly (keyof CameraSetUp)[]> = {
  codec: ['codec'],
  size: ['width', 'height'],
  fps: ['fps'],
  keyframes: ['keyframe_interval_s'],
  bitrate: ['bitrate_bps'],
  clock: ['set_clock'],
};

type EncoderWords = Partial<Record<SettingName, string>>;

function wordsOf(settings: EncoderSettings): EncoderWords {
  const { codec, width, height, fps, keyframe_interval_s, bitrate_bps } = settings;
  const size = formatSizeInPixels(width ?? null, height ?? null);
  return {
    ...(codec === undefined ? {} : { codec: codecName(codec) }),
    ...(size === null ? {} : { size }),
    ...(fps === undefined ? {} : { fps: formatFps(fps) }),
    ...(keyframe_interval_s === undefined
      ? {}
      : { keyframes: `every ${formatSeconds(keyframe_interval_s)}` }),
    ...(bitrate_bps === undefined ? {} : { bitrate: formatBitrate(bitrate_bps) }),
  };
}

function clockWords(offsetS: number): string {
  return `${formatSeconds(Math.abs(offsetS))} ${offsetS > 0 ? 'ahead' : 'behind'}`;
}

const rightClock = "the recorder's time";

type Tested = Extract<CameraTest, { ok: true }>;

/** What a fix would change, against what the test measured. */
export function plannedChanges({ stream, fix, camera_clock_offset_us: offset }: Tested): Change[] {
  if (fix === null) return [];
  const { video } = stream;
  const known = Object.entries(video ?? {}).filter(([, value]) => value !== null);
  const before = wordsOf(Object.fromEntries(known));
  const keyframesAtLeast = video?.keyframe_interval_min_s;
  if (before.keyframes === undefined && keyframesAtLeast != null) {
    before.keyframes = `more than ${formatSeconds(keyframesAtLeast)} apart`;
  }
  if (offset !== null) before.clock = clockWords(offset / 1_000_000);
  const after = { ...wordsOf(fix), ...(fix.set_clock === true ? { clock: rightClock } : {}) };
  return between(before, after);
}

/** What a camera took over, and what it was before. */
export function changesMade(
  before: EncoderSettings | null,
  after: EncoderSettings | null,
  clockWasAheadS: number | null,
): Change[] {
  const old = wordsOf(before ?? {});
  const now = wordsOf(after ?? {});
  if (clockWasAheadS !== null) {
    // One that was right needs no words for how right it was.
    if (Math.abs(clockWasAheadS) >= 0.5) old.clock = clockWords(clockWasAheadS);
    now.clock = rightClock;
  }
  return between(old, now);
}

function between(before: EncoderWords, after: EncoderWords): Change[] {
  return names.flatMap((setting) => {
    const to = after[setting];
    const from = before[setting] ?? null;
    return to === undefined || to === from ? [] : [{ setting, label: labels[setting], from, to }];
  });
}

/** Of a fix, what belongs to the settings that were chosen. */
export function partOfFix(fix: CameraSetUp, chosen: ReadonlySet<SettingName>): CameraSetUp {
  const kept = names.filter((name) => chosen.has(name)).flatMap((name) => fields[name]);
  const part = Object.entries(fix).filter(([key]) => kept.includes(key as keyof CameraSetUp));
  return Object.fromEntries(part);
}
