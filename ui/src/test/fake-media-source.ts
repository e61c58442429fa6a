// SPDX-License-Identifier: MIT

type Range = { start: number; end: number };

export function timeRanges(ranges: readonly Range[]): TimeRanges {
  return {
    length: ranges.length,
    start: (i) => ranges[i]?.start ?? 0,
    end: (i) => ranges[i]?.end ?? 0,
  };
}

/** Takes what is appended when the test says so. */
export class FakeSourceBuffer extends EventTarget {
  updating = false;
  mime: string;
  appended: Uint8Array[] = [];
  removed: Range[] = [];
  /** The next append finds no room. */
  isFull = false;
  canChange = true;
  buffered = timeRanges([]);

  constructor(mime: string) {
    super();
    this.mime = mime;
  }

  appendBuffer(bytes: Uint8Array): void {
    if (this.updating) throw new DOMException('Busy', 'InvalidStateError');
    if (this.isFull) throw new DOMException('Full', 'QuotaExceededError');
    this.updating = true;
    this.appended.push(bytes);
  }

  remove(start: number, end: number): void {
    this.updating = true;
    this.removed.push({ start, end });
  }

  changeType(mime: string): void {
    if (!this.canChange) throw new TypeError('not here');
    this.mime = mime;
  }

  done(): void {
    this.updating = false;
    this.dispatchEvent(new Event('updateend'));
  }
}

export class FakeMediaSource extends EventTarget {
  static all: FakeMediaSource[] = [];
  static playable = (mime: string): boolean => mime.includes('avc1');
  readyState = 'closed';
  duration = Number.NaN;
  buffer: FakeSourceBuffer | null = null;

  constructor() {
    super();
    FakeMediaSource.all.push(this);
  }

  static isTypeSupported(mime: string): boolean {
    return FakeMediaSource.playable(mime);
  }

  static get newest(): FakeMediaSource {
    const source = FakeMediaSource.all.at(-1);
    if (source === undefined) throw new Error('No media source was made');
    return source;
  }

  addSourceBuffer(mime: string): FakeSourceBuffer {
    this.buffer = new FakeSourceBuffer(mime);
    return this.buffer;
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('sourceopen'));
  }
}

/** A <video> whose frames and time the test sets. */
export class FakeVideo extends EventTarget {
  src = '';
  currentTime = 0;
  playbackRate = 1;
  seeking = false;
  disableRemotePlayback = false;
  videoWidth = 640;
  videoHeight = 360;
  plays = 0;
  /** As a browser does that plays nothing by itself. */
  refuses = false;
  buffered = timeRanges([]);
  #callback: (() => void) | null = null;

  play(): Promise<void> {
    this.plays += 1;
    return this.refuses
      ? Promise.reject(new DOMException('No', 'NotAllowedError'))
      : Promise.resolve();
  }

  load(): void {
    this.buffered = timeRanges([]);
  }

  removeAttribute(): void {
    this.src = '';
  }

  getVideoPlaybackQuality(): { droppedVideoFrames: number } {
    return { droppedVideoFrames: 2 };
  }

  requestVideoFrameCallback(callback: () => void): number {
    this.#callback = callback;
    return 7;
  }

  cancelVideoFrameCallback(): void {
    this.#callback = null;
  }

  frame(): void {
    const callback = this.#callback;
    this.#callback = null;
    callback?.();
  }

  get element(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }
}
