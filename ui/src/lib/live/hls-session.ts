// SPDX-License-Identifier: MIT
import type { HlsFailure, HlsLike } from '../hls-loader';
import { StallMargin } from '../stall-margin';
import type { StartGate, Ticket } from '../start-gate';
import type { StreamKind } from './events';
import { droppedFrames, FrameWatch, playVideo } from './frame-watch';
import type { Session, SessionEvents, SessionFigures } from './session';

export type HlsSessionOptions = {
  transport: 'll-hls' | 'hls';
  video: HTMLVideoElement;
  stream: StreamKind;
  url: string;
  gate: StartGate;
  loadHls: () => Promise<HlsLike>;
  events: SessionEvents;
  now: () => number;
};

const tickMs = 1000;
const settledAfterMs = 5000;
const mediaRecoveryPauseMs = 10_000;
/** The playlist is behind the newest part by then, and a seek is not seen yet. */
const settleFrames = 5;
const tooFarBehindS = 6;
const nearS = 0.15;
const jumpFromS = 2;
const catchUpRate = 1.1;

function bufferedAheadS({ buffered, currentTime }: HTMLVideoElement): number {
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i)) {
      return buffered.end(i) - currentTime;
    }
  }
  return 0;
}

/** A stream in a <video> by hls.js, which is fetched for it. */
export class HlsSession implements Session {
  readonly transport: 'll-hls' | 'hls';
  readonly stream: StreamKind;
  readonly isLowLatency = false;
  readonly surface = 'video';
  readonly #options: HlsSessionOptions;
  readonly #watch: FrameWatch;
  readonly #margin = new StallMargin();
  #isRunning = false;
  #hls: HlsLike | null = null;
  #ticket: Ticket | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #movingSince: number | null = null;
  #mediaRecoveredAt = Number.NEGATIVE_INFINITY;

  constructor(options: HlsSessionOptions) {
    this.#options = options;
    this.transport = options.transport;
    this.stream = options.stream;
    this.#watch = new FrameWatch(options.video, () => this.#onFrame());
  }

  start(): void {
    this.#isRunning = true;
    const { gate, loadHls, events } = this.#options;
    this.#ticket = gate.enter(() => {
      loadHls().then(
        (hls) => {
          if (this.#isRunning) this.#play(hls);
          else hls.destroy();
        },
        // The code itself did not arrive: the recorder is away.
        () => {
          if (this.#isRunning) events.onFailure({ why: 'network', retryAfterMs: null });
        },
      );
    });
  }

  stop(): void {
    this.#isRunning = false;
    this.#ticket?.leave();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#watch.stop();
    this.#hls?.destroy();
    this.#hls = null;
    this.#options.video.playbackRate = 1;
  }

  resume(): void {
    const edge = this.#hls?.liveSyncPosition ?? null;
    const { video, events } = this.#options;
    if (edge !== null && edge - video.currentTime > tooFarBehindS) video.currentTime = edge;
    this.#margin.watchAnew(Date.now());
    playVideo(video, events.onRefused);
  }

  switchTo(stream: StreamKind): boolean {
    return stream === this.stream;
  }

  latencyS(): number | null {
    const hls = this.#hls;
    if (hls === null) return null;
    const shown = hls.playingDate;
    return shown === null ? hls.latency : (this.#options.now() - shown.getTime()) / 1000;
  }

  figures(): SessionFigures {
    const { video } = this.#options;
    return {
      frames: this.#watch.frames,
      bytes: this.#hls?.bytes ?? 0,
      droppedFrames: droppedFrames(video),
      bufferedS: bufferedAheadS(video),
      width: video.videoWidth,
      height: video.videoHeight,
      codec: this.#hls?.codec ?? '',
    };
  }

  #play(hls: HlsLike): void {
    this.#hls = hls;
    this.#margin.watchAnew(Date.now());
    const { video, url, events } = this.#options;
    hls.onReady(() => {
      if (this.#hls === hls) playVideo(video, events.onRefused);
    });
    hls.onError((failure) => {
      if (this.#hls === hls) this.#onFailure(failure);
    });
    hls.loadSource(url);
    hls.attachMedia(video);
    this.#timer = setInterval(() => this.#onTick(), tickMs);
    this.#watch.start();
  }

  #onFrame(): void {
    const now = Date.now();
    const { video, events } = this.#options;
    this.#margin.onFrame(bufferedAheadS(video));
    if (this.#movingSince === null) {
      this.#movingSince = now;
      this.#ticket?.leave();
    }
    // hls.js starts some parts behind where it means to be.
    const hasSettled = this.#watch.frames === settleFrames && this.transport === 'll-hls';
    if (hasSettled && this.#behindS() > nearS) this.#jump();
    events.onFrame();
  }

  /** How far behind where the playlist says to be. */
  #behindS(): number {
    const edge = this.#hls?.liveSyncPosition ?? null;
    return edge === null ? 0 : edge - this.#options.video.currentTime;
  }

  #jump(): void {
    this.#options.video.currentTime += this.#behindS();
  }

  /** hls.js plays faster only with a second in the buffer, which parts never leave there. */
  #keepClose(): void {
    const behindS = this.#behindS();
    if (behindS > jumpFromS) this.#jump();
    this.#options.video.playbackRate = behindS > nearS && behindS <= jumpFromS ? catchUpRate : 1;
  }

  #onTick(): void {
    const now = Date.now();
    if (document.hidden) {
      this.#margin.watchAnew(now);
      return;
    }
    if (this.#movingSince === null) return;
    this.#margin.onTick(now);
    if (this.transport === 'hls') this.#hls?.setMargin(this.#margin.seconds);
    else this.#keepClose();
  }

  #onFailure(failure: HlsFailure): void {
    const now = Date.now();
    // A start is bumpy, whatever the way to the camera is like.
    const isStarting = this.#movingSince === null || now - this.#movingSince < settledAfterMs;
    if (failure.isStall && !isStarting) this.#margin.onStall(now);
    if (!failure.fatal) return;
    const { events, video } = this.#options;
    if (failure.kind !== 'media') {
      events.onFailure({ why: 'network', retryAfterMs: failure.retryAfterMs });
    } else if (now - this.#mediaRecoveredAt < mediaRecoveryPauseMs) {
      events.onFailure({ why: 'media' });
    } else {
      this.#mediaRecoveredAt = now;
      this.#hls?.recoverMediaError();
      playVideo(video, events.onRefused);
    }
  }
}
