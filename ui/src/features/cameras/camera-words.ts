// SPDX-License-Identifier: MIT
import type { CameraStream, DeviceProfile, MeasuredAudio, MeasuredVideo } from '../../api/types';
import { codecName } from '../../lib/codec-support';
import { formatBitrate, formatFps, formatSeconds } from '../../lib/rates';

export function formatSizeInPixels(width: number | null, height: number | null): string | null {
  return width === null || height === null ? null : `${String(width)} × ${String(height)}`;
}

export type StreamFigures = Record<
  'codec' | 'size' | 'fps' | 'keyframes' | 'bitrate' | 'audio',
  string | null
>;

function audioWords({ codec, sample_rate_hz, channels }: MeasuredAudio): string {
  const parts = [
    codecName(codec),
    sample_rate_hz === null ? null : `${String(sample_rate_hz / 1000)} kHz`,
    channels === null ? null : channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${String(channels)} channels`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function keyframeWords({
  keyframe_interval_s: interval,
  keyframe_interval_min_s: atLeast,
}: MeasuredVideo): string | null {
  if (interval !== null) return `every ${formatSeconds(interval)}`;
  return atLeast === null ? null : `more than ${formatSeconds(atLeast)} apart`;
}

/** What is known of a stream, in words; null what is not. */
export function figuresOf({ video, audio }: CameraStream): StreamFigures {
  return {
    codec: video === null ? null : codecName(video.codec),
    size: video === null ? null : formatSizeInPixels(video.width, video.height),
    fps: video?.fps == null ? null : formatFps(video.fps),
    keyframes: video === null ? null : keyframeWords(video),
    bitrate: video?.bitrate_bps == null ? null : formatBitrate(video.bitrate_bps),
    audio: audio === null ? null : audioWords(audio),
  };
}

/** "Profile_1: H.264, 2560 × 1440, 15 fps" */
export function profileWords({ name, token, codec, width, height, fps }: DeviceProfile): string {
  const facts = [
    codec === null ? null : codecName(codec),
    formatSizeInPixels(width, height),
    fps === null ? null : formatFps(fps),
  ].filter((fact) => fact !== null);
  const title = name === '' ? token : name;
  return facts.length === 0 ? title : `${title}: ${facts.join(', ')}`;
}
