// SPDX-License-Identifier: MIT
import { backoffMs } from './backoff';
import type { HlsFailure, HlsLike } from './hls-loader';
import { StallMargin } from './stall-margin';
import type { StartGate, Ticket } from './start-gate';

export type LivePlayerEvent =
  | { type: 'connecting' }
  /** Pictures move again: the first frame, or the first after a pause. */
  | { type: 'moving' }
  /** No new frame for three seconds. */
  | { type: 'stalled'; ageS: number }
  /** The browser plays nothing before the viewer asks for it. */
  | { type: 'refused' }
  /** Seconds between the camera's clock and the screen. */
  | { type: 'latency'; seconds: number }
  | { type: 'retrying'; attempt: number; retryAt: number };

export type LivePlayerOptions = {
  video: HTMLVideoElement;
  /** Receives the last picture before the video element loses it. */
  still: HTMLCanvasElement | null;
  url: string;
  gate: StartGate;
  loadHls: () => Promise<HlsLike>;
  onEvent: (event: LivePlayerEvent) => void;
  /** The recorder's clock in epoch milliseconds; latency is measured against it. */
  now?: () => number;
};

const tickMs = 1000;
const stalledAfterMs = 3000;
const reconnectAfterMs = 10_000;
const settledAfterMs = 5000;
const steadyAfterMs = 10_000;
const mediaRecoveryPauseMs = 10_000;
const tooFarBehindS = 6;
const stillWidth = 640;

function bufferedAheadS({ buffered, currentTime }: HTMLVideoElement): number {
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i)) {
      return buffered.end(i) - currentTime;
    }
  }
  return 0;
}

/**
 * Keeps one live picture moving in one <video> until it is stopped: starts hls.js, watches frames
 * arrive, and starts over with growing pauses whenever they stop. Knows nothing of React.
 */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  readonly #now: () => number;
  #running = false;
  /** Which connection try is current; what belongs to an older one is ignored. */
  #generation = 0;
  #attempt = 0;
  #hls: HlsLike | null = null;
  #ticket: Ticket | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  #tickTimer: ReturnType<typeof setInterval> | null = null;
  #frameRequest: number | null = null;
  #moving = false;
  #hasPicture = false;
  #isRefused = false;
  /** When the picture on screen came. */
  #pictureAt = 0;
  /** Since when another is waited for: not while the page is hidden, for then none can come. */
  #lastFrameAt = 0;
  #movingSince = 0;
  #mediaRecoveredAt = Number.NEGATIVE_INFINITY;
  /** Outlives a connection: the way to this camera stays as bad or good as it is. */
  readonly #margin = new StallMargin();

  constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    this.#options.video.addEventListener('timeupdate', this.#onTimeUpdate);
    document.addEventListener('visibilitychange', this.#onVisibility);
    window.addEventListener('online', this.#onOnline);
    this.#connect();
  }

  /** Leaves no timer, listener, request or connection behind; the last picture stays in `still`. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#options.video.removeEventListener('timeupdate', this.#onTimeUpdate);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('online', this.#onOnline);
    this.#disconnect();
  }

  /** Does not wait for the pause between two tries to end. */
  retryNow(): void {
    if (!this.#running || this.#retryTimer === null) return;
    this.#options.onEvent({ type: 'retrying', attempt: this.#attempt, retryAt: Date.now() });
    this.#connect();
  }

  /** To be called while a click or key is handled: then the browser lets a refused picture play. */
  play(): void {
    if (!this.#isRefused) return;
    this.#isRefused = false;
    this.#lastFrameAt = Date.now();
    this.#options.onEvent({ type: 'connecting' });
    this.#jumpToNow();
    this.#resume();
  }

  #connect(): void {
    this.#disconnect();
    const generation = this.#generation;
    const isCurrent = (): boolean => this.#running && this.#generation === generation;
    if (this.#attempt === 0) this.#options.onEvent({ type: 'connecting' });
    this.#ticket = this.#options.gate.enter(() => {
      // Only from here on does the time count: waiting for one's turn is no failure.
      this.#lastFrameAt = Date.now();
      this.#tickTimer = setInterval(this.#onTick, tickMs);
      this.#options.loadHls().then(
        (hls) => {
          if (isCurrent()) this.#play(hls);
          else hls.destroy();
        },
        () => {
          // The code chunk itself did not arrive: the daemon is away.
          if (isCurrent()) this.#scheduleRetry(null);
        },
      );
    });
  }

  #play(hls: HlsLike): void {
    this.#hls = hls;
    this.#margin.watchAnew(Date.now());
    const { video, url } = this.#options;
    hls.onReady(() => {
      if (this.#hls === hls) this.#resume();
    });
    hls.onError((failure) => {
      if (this.#hls === hls) this.#onFailure(failure);
    });
    hls.loadSource(url);
    hls.attachMedia(video);
    this.#requestFrame();
  }

  #resume(): void {
    const generation = this.#generation;
    this.#options.video.play().catch((error: unknown) => {
      // Muted video may always play, but for settings against it, and to save power. Anything else
      // shows by no picture coming.
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      if (!isRefused || generation !== this.#generation) return;
      this.#isRefused = true;
      this.#moving = false;
      this.#ticket?.leave();
      this.#options.onEvent({ type: 'refused' });
    });
  }

  #disconnect(): void {
    this.#generation += 1;
    this.#moving = false;
    this.#isRefused = false;
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    if (this.#tickTimer !== null) clearInterval(this.#tickTimer);
    this.#retryTimer = null;
    this.#tickTimer = null;
    this.#ticket?.leave();
    this.#ticket = null;
    if (this.#frameRequest !== null) {
      this.#options.video.cancelVideoFrameCallback(this.#frameRequest);
      this.#frameRequest = null;
    }
    if (this.#hls !== null) {
      if (this.#hasPicture) this.#keepStill();
      this.#hls.destroy();
      this.#hls = null;
    }
    this.#hasPicture = false;
  }

  /** hls.js empties the element when it lets go of it; a copy of the picture hides that. */
  #keepStill(): void {
    const { video, still } = this.#options;
    if (still === null || video.videoWidth === 0) return;
    const scale = Math.min(1, stillWidth / video.videoWidth);
    still.width = Math.round(video.videoWidth * scale);
    still.height = Math.round(video.videoHeight * scale);
    still.getContext('2d')?.drawImage(video, 0, 0, still.width, still.height);
  }

  #scheduleRetry(atLeastMs: number | null): void {
    this.#attempt += 1;
    this.#disconnect();
    const waitMs = Math.max(backoffMs(this.#attempt), Math.min(atLeastMs ?? 0, 10_000));
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      this.#connect();
    }, waitMs);
    this.#options.onEvent({
      type: 'retrying',
      attempt: this.#attempt,
      retryAt: Date.now() + waitMs,
    });
  }

  #onFailure(failure: HlsFailure): void {
    const now = Date.now();
    // A start is bumpy, whatever the way to the camera is like.
    const isStarting = !this.#moving || now - this.#movingSince < settledAfterMs;
    if (failure.isStall && !isStarting) this.#margin.onStall(now);
    if (!failure.fatal) return;
    if (failure.kind === 'media' && now - this.#mediaRecoveredAt >= mediaRecoveryPauseMs) {
      this.#mediaRecoveredAt = now;
      // The video is empty until it has recovered, and what shows behind it must not be older.
      if (this.#hasPicture) this.#keepStill();
      this.#hls?.recoverMediaError();
      this.#resume();
      return;
    }
    this.#scheduleRetry(failure.retryAfterMs);
  }

  #requestFrame(): void {
    const { video } = this.#options;
    // Older browsers lack it; there `timeupdate` has to do.
    if (!('requestVideoFrameCallback' in video)) return;
    this.#frameRequest = video.requestVideoFrameCallback(() => {
      this.#frameRequest = null;
      this.#onFrame();
      if (this.#hls !== null) this.#requestFrame();
    });
  }

  readonly #onTimeUpdate = (): void => {
    const { video } = this.#options;
    if (!('requestVideoFrameCallback' in video) && this.#hls !== null) this.#onFrame();
  };

  #onFrame(): void {
    this.#lastFrameAt = Date.now();
    this.#pictureAt = this.#lastFrameAt;
    this.#hasPicture = true;
    this.#margin.onFrame(bufferedAheadS(this.#options.video));
    // A refused video shows its first picture, and no other.
    if (this.#moving || this.#isRefused) return;
    this.#moving = true;
    this.#movingSince = this.#lastFrameAt;
    this.#ticket?.leave();
    this.#options.onEvent({ type: 'moving' });
  }

  readonly #onTick = (): void => {
    // A hidden page is given no frames, nor is a refused video; that says nothing about the camera.
    const now = Date.now();
    if (document.hidden || this.#isRefused) {
      this.#lastFrameAt = now;
      this.#margin.watchAnew(now);
      return;
    }
    const ageMs = now - this.#lastFrameAt;
    if (ageMs >= reconnectAfterMs) {
      this.#scheduleRetry(null);
      return;
    }
    this.#tellWhenOld(now);
    if (!this.#moving) return;
    this.#margin.onTick(now);
    this.#hls?.setMargin(this.#margin.seconds);
    if (now - this.#movingSince >= steadyAfterMs) this.#attempt = 0;
    const seconds = this.#latency();
    if (seconds !== null) this.#options.onEvent({ type: 'latency', seconds });
  };

  #tellWhenOld(now: number): void {
    const ageMs = now - this.#pictureAt;
    if (!this.#hasPicture || ageMs < stalledAfterMs) return;
    this.#moving = false;
    this.#options.onEvent({ type: 'stalled', ageS: Math.round(ageMs / 1000) });
  }

  #latency(): number | null {
    if (this.#hls === null) return null;
    const shown = this.#hls.playingDate;
    const seconds =
      shown === null ? this.#hls.latency : (this.#now() - shown.getTime()) / 1000;
    // Clocks that disagree must not show as "-0.3 s", nor as hours.
    return seconds > 0 && seconds < 600 ? seconds : null;
  }

  readonly #onVisibility = (): void => {
    if (document.hidden) return;
    this.#lastFrameAt = Date.now();
    // Until the next frame comes, what is seen is the picture of when the page was hidden.
    if (!this.#isRefused) this.#tellWhenOld(this.#lastFrameAt);
    if (this.#hls === null) {
      this.retryNow();
      return;
    }
    this.#jumpToNow();
    this.#resume();
  };

  #jumpToNow(): void {
    const edge = this.#hls?.liveSyncPosition ?? null;
    const { video } = this.#options;
    if (edge !== null && edge - video.currentTime > tooFarBehindS) video.currentTime = edge;
  }

  readonly #onOnline = (): void => this.retryNow();
}
