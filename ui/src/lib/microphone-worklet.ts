// SPDX-License-Identifier: MIT
// Runs on the browser's audio thread, as a file of its own: cuts a microphone's sound into messages
// of 20 ms, as the recorder takes them.
import { Resampler } from './resampler';

/** What the thread has; the DOM's types do not know it. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const wantedRate = 16_000;
const messageSamples = wantedRate / 50;

class Microphone extends AudioWorkletProcessor {
  readonly #resampler = new Resampler(sampleRate, wantedRate);
  #message = new Int16Array(messageSamples);
  #filled = 0;

  process([input]: Float32Array[][]): boolean {
    const [first, second] = input ?? [];
    if (first === undefined) return true;
    const mono = second === undefined ? first : first.map((one, i) => (one + (second[i] ?? 0)) / 2);
    for (const sample of this.#resampler.process(mono)) {
      this.#message[this.#filled] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
      this.#filled += 1;
      if (this.#filled === messageSamples) this.#send();
    }
    return true;
  }

  #send(): void {
    const { buffer } = this.#message;
    this.port.postMessage(buffer, [buffer]);
    this.#message = new Int16Array(messageSamples);
    this.#filled = 0;
  }
}

registerProcessor('microphone', Microphone);
