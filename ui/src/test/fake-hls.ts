// SPDX-License-Identifier: MIT
import type { HlsFailure, HlsLike } from '../lib/hls-loader';

/** hls.js as the player sees it; the test decides what arrives. */
export class FakeHls implements HlsLike {
  static all: FakeHls[] = [];
  url: string | null = null;
  media: HTMLMediaElement | null = null;
  isDestroyed = false;
  recoveries = 0;
  latency = 0;
  playingDate: Date | null = null;
  liveSyncPosition: number | null = null;
  bytes = 0;
  codec = '';
  margin = 0;
  #ready: (() => void) | null = null;
  #error: ((failure: HlsFailure) => void) | null = null;

  constructor() {
    FakeHls.all.push(this);
  }

  static get newest(): FakeHls {
    const hls = FakeHls.all.at(-1);
    if (hls === undefined) throw new Error('No hls.js was made');
    return hls;
  }

  attachMedia(media: HTMLMediaElement): void {
    this.media = media;
  }

  loadSource(url: string): void {
    this.url = url;
  }

  recoverMediaError(): void {
    this.recoveries += 1;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  setMargin(seconds: number): void {
    this.margin = seconds;
  }

  onReady(listener: () => void): void {
    this.#ready = listener;
  }

  onError(listener: (failure: HlsFailure) => void): void {
    this.#error = listener;
  }

  ready(): void {
    this.#ready?.();
  }

  stall(): void {
    this.fail({ fatal: false, kind: 'media', isStall: true, detail: 'bufferStalledError' });
  }

  fail(change: Partial<HlsFailure> = {}): void {
    this.#error?.({
      fatal: true,
      kind: 'network',
      isStall: false,
      detail: 'manifestLoadError',
      httpStatus: 404,
      retryAfterMs: null,
      ...change,
    });
  }
}
