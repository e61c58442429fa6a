// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';
import type { Session, SessionEvents, SessionFigures } from './session';

/** A picture that was fetched; null when there is none now. `bytes` of it as they were sent. */
export type LoadedPicture = { image: ImageBitmap; bytes: number; takenMs: number | null };
export type LoadPicture = (stream: StreamKind, signal: AbortSignal) => Promise<LoadedPicture | null>;

export type JpegSessionOptions = {
  canvas: HTMLCanvasElement;
  stream: StreamKind;
  load: LoadPicture;
  events: SessionEvents;
  now: () => number;
};

const everyMs = 1000;
const failuresAllowed = 3;

/** Single pictures, one a second: for a browser that can play nothing else. */
export class JpegSession implements Session {
  readonly transport = 'jpeg';
  readonly isLowLatency = false;
  readonly surface = 'canvas';
  readonly stream: StreamKind;
  readonly #options: JpegSessionOptions;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #frames = 0;
  #bytes = 0;
  #takenMs: number | null = null;

  constructor(options: JpegSessionOptions) {
    this.#options = options;
    this.stream = options.stream;
  }

  start(): void {
    this.#abort = new AbortController();
    void this.#next(this.#abort.signal);
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  resume(): void {
    this.stop();
    this.start();
  }

  switchTo(stream: StreamKind): boolean {
    return stream === this.stream;
  }

  latencyS(): number | null {
    return this.#takenMs === null ? null : (this.#options.now() - this.#takenMs) / 1000;
  }

  figures(): SessionFigures {
    const { width, height } = this.#options.canvas;
    const bytes = this.#bytes;
    return { frames: this.#frames, bytes, droppedFrames: 0, bufferedS: 0, width, height, codec: 'jpeg' };
  }

  async #next(signal: AbortSignal): Promise<void> {
    const picture = document.hidden
      ? null
      : await this.#options.load(this.stream, signal).catch(() => null);
    if (signal.aborted) {
      picture?.image.close();
      return;
    }
    if (picture !== null) this.#draw(picture);
    else if (!document.hidden) this.#failures += 1;
    if (this.#failures >= failuresAllowed) {
      this.#options.events.onFailure({ why: 'network', retryAfterMs: null });
      return;
    }
    this.#timer = setTimeout(() => void this.#next(signal), everyMs);
  }

  #draw({ image, bytes, takenMs }: LoadedPicture): void {
    this.#failures = 0;
    this.#bytes += bytes;
    const { canvas, events } = this.#options;
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    image.close();
    const isNew = takenMs === null || takenMs !== this.#takenMs;
    this.#takenMs = takenMs;
    if (!isNew) return;
    this.#frames += 1;
    events.onFrame();
  }
}
