// SPDX-License-Identifier: MIT

/** "4.0 Mbit/s", "640 kbit/s" */
export function formatBitrate(bps: number): string {
  return bps >= 999_500
    ? `${(bps / 1_000_000).toFixed(1)} Mbit/s`
    : `${String(Math.round(bps / 1000))} kbit/s`;
}

/** At most one decimal, and none where it is a zero: "25", "12.5" */
function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** "25 fps" */
export function formatFps(fps: number): string {
  return `${short(fps)} fps`;
}

/** "2 s", "0.5 s" */
export function formatSeconds(seconds: number): string {
  return `${short(seconds)} s`;
}
