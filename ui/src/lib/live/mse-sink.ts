// SPDX-License-Identifier: MIT
import { joined } from './fmp4';

type MediaSourceClass = { new (): MediaSource; isTypeSupported: (mime: string) => boolean };

/** The browser's media source; iPhones have only the managed one. Null where there is none. */
export function mediaSourceClass(): MediaSourceClass | null {
  const { MediaSource: usual, ManagedMediaSource: managed } = globalThis as {
    MediaSource?: MediaSourceClass;
    ManagedMediaSource?: MediaSourceClass;
  };
  return usual ?? managed ?? null;
}

export type SinkFailure =
  /** The browser cannot play this, wherever it comes from. */
  | 'unplayable'
  /** It goes on with another source: the tracks are others, or its memory is full. */
  | 'restart'
  | 'media';

export type MseSinkOptions = {
  video: HTMLVideoElement;
  /** More is loaded now, or something was taken out. */
  onChange: () => void;
  onFailure: (failure: SinkFailure) => void;
};

/** What is kept behind the picture that is shown, at least. */
const backS = 1;
/** It is taken out when that much more has gathered; each time costs the browser a pause. */
const gatherS = 4;
/** A browser that takes nothing more is no reason to gather without an end. */
const mostQueuedBytes = 16 * 1024 * 1024;

/** `number`: how many had come with it. */
type Piece = { mime: string | null; bytes: Uint8Array; number: number };

/**
 * One media source on one <video>: appends what comes, in order and one after the other, keeps
 * little behind the picture, and follows the stream to another codec. Gives the element free in
 * `close`.
 */
export class MseSink {
  readonly #options: MseSinkOptions;
  #source: MediaSource | null = null;
  #buffer: SourceBuffer | null = null;
  #mime = '';
  #queue: Piece[] = [];
  #queuedBytes = 0;
  #came = 0;
  #loaded = 0;
  #keys: number[] = [];
  #lastTried: Piece | null = null;
  #hasMadeRoom = false;

  constructor(options: MseSinkOptions) {
    this.#options = options;
  }

  /** Before the stream is known: opening takes its time, too. */
  open(): void {
    const Source = mediaSourceClass();
    if (Source === null) {
      this.#options.onFailure('unplayable');
      return;
    }
    const { video } = this.#options;
    const source = new Source();
    this.#source = source;
    // Without this a managed source stays closed.
    video.disableRemotePlayback = true;
    const url = URL.createObjectURL(source);
    source.addEventListener(
      'sourceopen',
      () => {
        URL.revokeObjectURL(url);
        if (this.#source === source) this.#work();
      },
      { once: true },
    );
    video.addEventListener('error', this.#onVideoError);
    video.src = url;
  }

  close(): void {
    const { video } = this.#options;
    video.removeEventListener('error', this.#onVideoError);
    this.#buffer?.removeEventListener('updateend', this.#onUpdateEnd);
    const wasOpen = this.#source !== null;
    this.#source = null;
    this.#buffer = null;
    this.#queue = [];
    if (!wasOpen) return;
    video.removeAttribute('src');
    video.load();
  }

  /** A stream begins, or goes on as another. */
  init(mime: string, segment: Uint8Array): void {
    if (mediaSourceClass()?.isTypeSupported(mime) !== true) {
      this.#options.onFailure('unplayable');
      return;
    }
    this.#push(mime, segment);
  }

  /** `keyS`: when a keyframe is in it, its time. Gives a number for `loaded`. */
  append(bytes: Uint8Array, keyS: number | null): number {
    if (keyS !== null) this.#keys.push(keyS);
    return this.#push(null, bytes);
  }

  /** The number of the newest piece that the browser has taken. */
  get loaded(): number {
    return this.#loaded;
  }

  /** Where all that is loaded ends. */
  get endS(): number | null {
    const { buffered } = this.#options.video;
    return buffered.length === 0 ? null : buffered.end(buffered.length - 1);
  }

  #push(mime: string | null, bytes: Uint8Array): number {
    this.#came += 1;
    const number = this.#came;
    if (this.#source === null) return number;
    this.#queue.push({ mime, bytes, number });
    this.#queuedBytes += bytes.byteLength;
    if (this.#queuedBytes > mostQueuedBytes) this.#options.onFailure('restart');
    else this.#work();
    return number;
  }

  #work(): void {
    const source = this.#source;
    const first = this.#queue[0];
    if (source?.readyState !== 'open' || first === undefined) return;
    if (this.#buffer === null) {
      if (first.mime === null || !this.#addBuffer(source, first.mime)) return;
    }
    const buffer = this.#buffer;
    if (buffer === null || buffer.updating) return;
    if (first.mime !== null && first.mime !== this.#mime && !this.#changeType(buffer, first.mime)) {
      return;
    }
    this.#append(buffer, this.#take());
  }

  #addBuffer(source: MediaSource, mime: string): boolean {
    try {
      this.#buffer = source.addSourceBuffer(mime);
      this.#mime = mime;
      this.#buffer.addEventListener('updateend', this.#onUpdateEnd);
      source.duration = Number.POSITIVE_INFINITY;
      return true;
    } catch {
      this.#options.onFailure('media');
      return false;
    }
  }

  #changeType(buffer: SourceBuffer, mime: string): boolean {
    try {
      // Older browsers lack it; they throw as well.
      buffer.changeType(mime);
      this.#mime = mime;
      return true;
    } catch {
      this.#options.onFailure('restart');
      return false;
    }
  }

  /** All that waits and belongs together: one append costs as much as many. */
  #take(): Piece {
    const next = this.#queue.findIndex(({ mime }, at) => at > 0 && mime !== null);
    const pieces = this.#queue.splice(0, next < 0 ? this.#queue.length : next);
    const bytes = joined(pieces.map((piece) => piece.bytes));
    this.#queuedBytes -= bytes.byteLength;
    return { mime: pieces[0]?.mime ?? null, bytes, number: pieces.at(-1)?.number ?? 0 };
  }

  #append(buffer: SourceBuffer, piece: Piece): void {
    this.#lastTried = piece;
    try {
      buffer.appendBuffer(piece.bytes as BufferSource);
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      if (!isFull) {
        this.#options.onFailure('media');
      } else if (this.#hasMadeRoom || !this.#removeOld(buffer, 0)) {
        this.#options.onFailure('restart');
      } else {
        this.#hasMadeRoom = true;
        this.#queue.unshift(piece);
        this.#queuedBytes += piece.bytes.byteLength;
        this.#lastTried = null;
      }
    }
  }

  readonly #onUpdateEnd = (): void => {
    const buffer = this.#buffer;
    if (buffer === null) return;
    if (this.#lastTried !== null) {
      this.#hasMadeRoom = false;
      this.#loaded = this.#lastTried.number;
    }
    this.#lastTried = null;
    this.#options.onChange();
    if (this.#buffer !== buffer || buffer.updating) return;
    if (!this.#removeOld(buffer, gatherS)) this.#work();
  };

  /**
   * Up to a keyframe behind the picture: a cut within the group of pictures that is shown would
   * take the rest of it, too.
   */
  #removeOld(buffer: SourceBuffer, gatheredS: number): boolean {
    const { buffered } = buffer;
    if (buffered.length === 0) return false;
    const { currentTime } = this.#options.video;
    const upTo = this.#keys.findLast((key) => key <= currentTime - backS);
    if (upTo === undefined || upTo - buffered.start(0) <= gatheredS) return false;
    this.#keys = this.#keys.filter((key) => key >= upTo);
    try {
      buffer.remove(0, upTo);
      return true;
    } catch {
      return false;
    }
  }

  readonly #onVideoError = (): void => {
    if (this.#source !== null) this.#options.onFailure('media');
  };
}
