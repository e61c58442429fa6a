// SPDX-License-Identifier: MIT
import type { ChannelListener } from './live-socket';
import type { LiveInit } from './live-messages';

/** A picture that nobody has come for by then is not waited for any more. */
export const prefetchKeptMs = 6000;
const mostBytes = 8 * 1024 * 1024;

type Kept = (listener: ChannelListener) => void;

/** Keeps what comes on a channel until somebody comes for it. */
export class Prefetch implements ChannelListener {
  #kept: Kept[] = [];
  #bytes = 0;
  #isFull = false;

  onInit(init: LiveInit, segment: Uint8Array): void {
    // What came before is of no use behind another start.
    this.#kept = [(listener) => listener.onInit(init, segment)];
    this.#bytes = segment.byteLength;
    this.#isFull = false;
  }

  onMedia(bytes: Uint8Array, atMs: number): void {
    this.#bytes += bytes.byteLength;
    this.#isFull ||= this.#bytes > mostBytes;
    if (!this.#isFull) this.#kept.push((listener) => listener.onMedia(bytes, atMs));
  }

  onDropped(frames: number): void {
    this.#kept.push((listener) => listener.onDropped(frames));
  }

  onEnded(code: string, detail: string | null): void {
    this.#kept = [(listener) => listener.onEnded(code, detail)];
  }

  onLost(): void {
    this.#kept = [];
  }

  /** False when something is missing, and the stream has to be asked for again. */
  replay(listener: ChannelListener): boolean {
    if (this.#isFull) return false;
    for (const tell of this.#kept) tell(listener);
    return true;
  }
}
