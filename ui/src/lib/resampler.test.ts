// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { Resampler } from './resampler';

function tone(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rate),
  );
}

/** In pieces of 128, as a browser hands them out. */
function resample(samples: Float32Array, from: number, to: number): number[] {
  const resampler = new Resampler(from, to);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += 128) {
    out.push(...resampler.process(samples.subarray(at, at + 128)));
  }
  return out;
}

/** How much of a pitch is in a sound, 0 to 1, without its first and last tenth. */
function share(samples: readonly number[], hz: number, rate: number): number {
  const tenth = Math.round(samples.length / 10);
  const inner = samples.slice(tenth, -tenth);
  let [real, imaginary] = [0, 0];
  inner.forEach((sample, i) => {
    real += sample * Math.cos((2 * Math.PI * hz * i) / rate);
    imaginary += sample * Math.sin((2 * Math.PI * hz * i) / rate);
  });
  return (2 * Math.hypot(real, imaginary)) / inner.length;
}

describe('A resampler', () => {
  it.each([48_000, 44_100, 96_000, 16_000, 8000])('keeps a voice from %d Hz as it is', (rate) => {
    const out = resample(tone(440, rate, 1), rate, 16_000);

    expect(out.length).toBeGreaterThan(15_900);
    expect(out.length).toBeLessThanOrEqual(16_001);
    expect(share(out, 440, 16_000)).toBeCloseTo(1, 1);
  });

  it('leaves out what the slower rate cannot hold', () => {
    const out = resample(tone(11_000, 48_000, 1), 48_000, 16_000);

    const loudest = Math.max(...out.slice(100, -100).map(Math.abs));
    expect(loudest).toBeLessThan(0.02);
  });

  it('gives the same whatever the pieces are', () => {
    const samples = tone(440, 44_100, 0.5);
    const whole = new Resampler(44_100, 16_000).process(samples);

    const inPieces = resample(samples, 44_100, 16_000);

    expect(inPieces).toHaveLength(whole.length);
    expect(Math.max(...inPieces.map((one, i) => Math.abs(one - (whole[i] ?? 9))))).toBeLessThan(0.005);
  });
});
