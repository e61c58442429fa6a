// SPDX-License-Identifier: MIT

/** Taps of the filter on each side, in samples of the slower rate. */
const reach = 12;
/** Places between two samples for which the filter is worked out. */
const phases = 64;
/** Of the slower half rate: what lies above would be heard as something else. */
const passband = 0.9;

/** Turns samples of one rate into those of another, for a voice: a windowed sinc. */
export class Resampler {
  /** How many samples of the source lie between two that are given. */
  readonly #step: number;
  readonly #taps: number;
  /** For each phase, the weights of the samples around it. */
  readonly #filter: Float32Array[];
  #held: Float32Array;
  /** Place of the next sample in what is held. */
  #at: number;

  constructor(from: number, to: number) {
    this.#step = from / to;
    const cutoff = passband * Math.min(1, to / from);
    this.#taps = Math.ceil(reach * Math.max(1, this.#step));
    this.#filter = Array.from({ length: phases }, (_, phase) => this.#weights(phase / phases, cutoff));
    this.#held = new Float32Array(2 * this.#taps);
    this.#at = this.#taps;
  }

  #weights(fraction: number, cutoff: number): Float32Array {
    const weights = new Float32Array(2 * this.#taps);
    let sum = 0;
    for (let i = 0; i < weights.length; i += 1) {
      const x = i - this.#taps + 1 - fraction;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
      const hann = 0.5 + 0.5 * Math.cos((Math.PI * x) / (this.#taps + 1));
      weights[i] = sinc * hann;
      sum += sinc * hann;
    }
    return weights.map((weight) => weight / sum);
  }

  /** What can be given now; the rest waits for more. */
  process(samples: Float32Array): Float32Array {
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    const out: number[] = [];
    while (Math.floor(this.#at) + this.#taps < held.length) {
      out.push(this.#sampleAt(held, this.#at));
      this.#at += this.#step;
    }
    const keepFrom = Math.max(0, Math.floor(this.#at) - this.#taps);
    this.#held = held.slice(keepFrom);
    this.#at -= keepFrom;
    return Float32Array.from(out);
  }

  #sampleAt(held: Float32Array, at: number): number {
    const whole = Math.floor(at);
    const weights = this.#filter[Math.floor((at - whole) * phases)];
    let sum = 0;
    if (weights === undefined) return sum;
    for (let i = 0; i < weights.length; i += 1) {
      sum += (weights[i] ?? 0) * (held[whole - this.#taps + 1 + i] ?? 0);
    }
    return sum;
  }
}
