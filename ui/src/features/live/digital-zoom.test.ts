// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { noZoom, panned, transformOf, zoomedAt } from './digital-zoom';

describe('digital zoom', () => {
  it('keeps the point under the pointer where it is', () => {
    const once = zoomedAt(noZoom, 2, 0.25, 0.75);
    expect(once).toEqual({ scale: 2, x: -0.25, y: -0.75 });
    // The point that was at a quarter of the width is still there.
    expect(once.x + 0.25 * once.scale).toBeCloseTo(0.25);
    const twice = zoomedAt(once, 2, 0.25, 0.75);
    expect(twice.x + 0.25 * twice.scale).toBeCloseTo(0.25);
  });

  it('ends at eight times, and at none at all', () => {
    let zoom = noZoom;
    for (let i = 0; i < 20; i += 1) zoom = zoomedAt(zoom, 1.5);
    expect(zoom.scale).toBe(8);
    for (let i = 0; i < 20; i += 1) zoom = zoomedAt(zoom, 1 / 1.5, 0.1, 0.9);
    expect(zoom).toEqual(noZoom);
  });

  it('never shows what lies beside the picture', () => {
    const zoom = zoomedAt(noZoom, 2);
    expect(panned(zoom, 5, -5)).toEqual({ scale: 2, x: 0, y: -1 });
    expect(panned(noZoom, 0.5, 0.5)).toEqual(noZoom);
    expect(zoomedAt(panned(zoomedAt(noZoom, 4), 5, 5), 0.5).x).toBeLessThanOrEqual(0);
  });

  it('is written as the browser wants it', () => {
    expect(transformOf(noZoom)).toBe('none');
    expect(transformOf({ scale: 2, x: -0.5, y: -0.25 })).toBe(
      'translate(-50.00%, -25.00%) scale(2.000)',
    );
  });
});
