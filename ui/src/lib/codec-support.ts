// SPDX-License-Identifier: MIT

const names: Record<string, string> = { h264: 'H.264', h265: 'H.265', av1: 'AV1', mjpeg: 'MJPEG' };

/** How people know the codec: "H.265" for "h265". */
export function codecName(codec: string): string {
  return names[codec] ?? codec.toUpperCase();
}

const samples: Record<string, string> = {
  h264: 'video/mp4; codecs="avc1.4d0028"',
  h265: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
};

type TypeTest = (mime: string) => boolean;

function mediaSourceTest(): TypeTest | null {
  if (typeof MediaSource !== 'undefined') return (mime) => MediaSource.isTypeSupported(mime);
  // iPhones have only this one.
  const managed = (globalThis as { ManagedMediaSource?: { isTypeSupported: TypeTest } })
    .ManagedMediaSource;
  return managed === undefined ? null : (mime) => managed.isTypeSupported(mime);
}

/** Why this browser cannot show a live stream of that codec; null when it can. */
export function whyUnplayable(
  codec: string | null,
  test: TypeTest | null = mediaSourceTest(),
): string | null {
  if (test === null) return 'This browser cannot play live video (it has no Media Source).';
  if (codec === null) return null;
  const mime = samples[codec];
  if (mime !== undefined && test(mime)) return null;
  return `This browser cannot play ${codecName(codec)} from this camera.`;
}
