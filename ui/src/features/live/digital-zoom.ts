// SPDX-License-Identifier: MIT

/** A part of the picture, enlarged. `x` and `y`: where its corner lies, in widths and heights of the tile. */
export type Zoom = { scale: number; x: number; y: number };

export const noZoom: Zoom = { scale: 1, x: 0, y: 0 };
const largest = 8;
/** Closer to 1 than this is 1: rounding must not leave the picture a little enlarged. */
const smallest = 1.02;

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The picture covers all of its tile, always. */
function within({ scale, x, y }: Zoom): Zoom {
  if (scale < smallest) return noZoom;
  return { scale, x: clamp(x, 1 - scale, 0), y: clamp(y, 1 - scale, 0) };
}

/** Enlarges around a point, which stays where it is; given in parts of the tile, from 0 to 1. */
export function zoomedAt(zoom: Zoom, factor: number, atX = 0.5, atY = 0.5): Zoom {
  const scale = clamp(zoom.scale * factor, 1, largest);
  const change = scale / zoom.scale;
  return within({
    scale,
    x: atX - (atX - zoom.x) * change,
    y: atY - (atY - zoom.y) * change,
  });
}

/** Moves the picture by parts of the tile. */
export function panned(zoom: Zoom, byX: number, byY: number): Zoom {
  return within({ ...zoom, x: zoom.x + byX, y: zoom.y + byY });
}

/** As CSS; the corner of the tile is the origin. */
export function transformOf({ scale, x, y }: Zoom): string {
  if (scale === 1) return 'none';
  return `translate(${(x * 100).toFixed(2)}%, ${(y * 100).toFixed(2)}%) scale(${scale.toFixed(3)})`;
}
