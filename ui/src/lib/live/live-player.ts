// SPDX-License-Identifier: MIT
import { backoffMs } from '../backoff';
import { canDecode } from './can-decode';
import type { LivePlayerEvent, LiveTransport, TransportName } from './events';
import { FiguresMeter, plausible } from './figures-meter';
import { Ladder } from './ladder';
import type { SocketState } from './live-socket';
import { mediaSourceClass } from './mse-sink';
import { isSamePlan, makeSession, type Plan, type SessionSource } from './session-factory';
import type { Session, SessionFailure } from './session';
import { clearStill, keepStill } from './still';
import { StreamChoice } from './stream-choice';
import { StreamWait } from './stream-wait';

export type LiveView = {
  /** Gets the main stream, and as little delay as can be. */
  isEnlarged: boolean;
  isAudible: boolean;
  wantsStats: boolean;
};

export type LivePlayerOptions = SessionSource & {
  hasSub: boolean;
  /** The codec of the main stream, when it is known that the browser cannot play it. */
  unplayable: string | null;
  view: LiveView;
  onEvent: (event: LivePlayerEvent) => void;
};

type Place = { session: Session; plan: Plan; since: number; hasPicture: boolean };

/** What is later than this is not called live. HLS is late by its nature. */
const staleAfterS: Record<TransportName, number> = { websocket: 5, 'll-hls': 5, hls: 12, jpeg: 12 };

const tickMs = 1000;
const stalledAfterMs = 3000;
/** Clocks that are set right meanwhile may make one picture two, by as much. */
const sameWithinMs = 20;
const reconnectAfterMs = 10_000;
/** The live socket answers at once, or there is nothing to come. */
const socketAnswersWithinMs = 6000;
const steadyAfterMs = 10_000;
const sleepAfterMs = 5000;
const oftenMs = 10_000;
const stillWidth = { tile: 640, enlarged: 1920 };

/**
 * Keeps one live picture moving in one tile until it is stopped: by the best way that works, from the
 * stream that fits, watched frame by frame. What fails is begun anew with growing pauses, and a
 * better way is taken as soon as there is one. Knows nothing of React.
 */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  readonly #ladder = new Ladder(mediaSourceClass() !== null);
  readonly #choice: StreamChoice;
  readonly #wait: StreamWait;
  readonly #meter = new FiguresMeter();
  #view: LiveView;
  #running = false;
  #isAsleep = false;
  #current: Place | null = null;
  /** Comes to the other of the two elements: seen from its first picture on. */
  #next: Place | null = null;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  #tickTimer: ReturnType<typeof setInterval> | null = null;
  #sleepTimer: ReturnType<typeof setTimeout> | null = null;
  #releaseSocket: (() => void)[] = [];
  #moving = false;
  #movingSince = 0;
  #isRefused = false;
  #isDecoderBroken = false;
  #hasSaidUnplayable = false;
  #timeouts = 0;
  #troubles: number[] = [];
  /** When the picture on screen came. */
  #pictureAt: number | null = null;
  /** When the newest picture that was ever seen was taken, in epoch milliseconds. */
  #newestMs = 0;
  /** Since when another is waited for: not while the page is hidden, for then none can come. */
  #waitingSince = 0;
  #told: LiveTransport | null = null;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#view = options.view;
    this.#choice = new StreamChoice(options.hasSub);
    if (options.unplayable !== null) this.#choice.onUnplayable('main', options.unplayable);
    this.#wait = new StreamWait(options.socket, options.cameraId, (stream) => {
      this.#choice.onHere(stream);
      this.#follow();
    });
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    const { socket } = this.#options;
    this.#releaseSocket = [socket.hold(), socket.onState((state) => this.#onSocket(state))];
    document.addEventListener('visibilitychange', this.#onVisibility);
    window.addEventListener('online', this.#onOnline);
    this.#tickTimer = setInterval(this.#onTick, tickMs);
    this.#options.onEvent({ type: 'connecting' });
    this.#connect();
  }

  /** Leaves no timer, listener, request or connection behind; the last picture stays in `still`. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('online', this.#onOnline);
    if (this.#tickTimer !== null) clearInterval(this.#tickTimer);
    if (this.#sleepTimer !== null) clearTimeout(this.#sleepTimer);
    for (const release of this.#releaseSocket) release();
    this.#releaseSocket = [];
    this.#disconnect();
    this.#forgetAbsences();
    this.#isAsleep = false;
  }

  setView(view: LiveView): void {
    const before = this.#view;
    this.#view = view;
    if (!view.wantsStats) this.#meter.forget();
    // A tile that is enlarged again gets another try.
    if (view.isEnlarged && !before.isEnlarged) this.#isDecoderBroken = false;
    this.#follow();
  }

  /** Does not wait for the pause between two tries to end. */
  retryNow(): void {
    if (!this.#running || this.#retryTimer === null) return;
    this.#options.onEvent({ type: 'retrying', attempt: this.#attempt, retryAt: Date.now() });
    this.#ladder.forgive();
    this.#options.socket.retryNow();
    this.#connect();
  }

  /** To be called while a click or key is handled: then the browser lets a refused picture play. */
  play(): void {
    if (!this.#isRefused) return;
    this.#isRefused = false;
    this.#waitingSince = Date.now();
    this.#options.onEvent({ type: 'connecting' });
    this.#current?.session.resume();
  }

  /** Where the picture is that is seen now. */
  get picture(): HTMLVideoElement | HTMLCanvasElement {
    const { video, still } = this.#options;
    return this.#current?.session.surface === 'video' ? video : still;
  }

  #plan(): Plan | null {
    const { socket } = this.#options;
    const { isEnlarged, isAudible } = this.#view;
    const now = Date.now();
    const stream = this.#choice.pick(isEnlarged, now);
    // Single pictures are made of the main stream.
    if (stream === null) {
      return { transport: 'jpeg', stream: 'main', isLowLatency: false, isAudible: false };
    }
    const transport = this.#ladder.pick(now, socket.state);
    if (transport === null) return null;
    const isLowLatency =
      transport === 'websocket' && isEnlarged && !isAudible && !this.#isDecoderBroken && canDecode();
    return { transport, stream, isLowLatency, isAudible };
  }

  #connect(): void {
    this.#clearRetry();
    const plan = this.#plan();
    if (plan === null) this.#scheduleRetry(null);
    else this.#begin(plan);
  }

  #begin(plan: Plan): void {
    const now = Date.now();
    const events = {
      onFrame: () => this.#onFrame(session),
      onRefused: () => this.#onRefused(session),
      onFailure: (failure: SessionFailure) => this.#onFailure(session, failure),
      onEnded: () => this.#onEnded(session),
    };
    const session = makeSession(this.#options, plan, events, this.#view.isEnlarged);
    const place = { session, plan, since: now, hasPicture: false };
    this.#dropNext();
    const current = this.#current;
    if (current !== null && current.hasPicture && current.session.surface !== session.surface) {
      this.#next = place;
    } else {
      this.#dropCurrent();
      this.#current = place;
      this.#waitingSince = now;
    }
    session.start();
  }

  /** The view is another, or something that was away is back: changes what has to be changed. */
  #follow(): void {
    if (!this.#running || this.#isAsleep || this.#retryTimer !== null) return;
    const plan = this.#plan();
    const current = this.#current;
    if (plan === null || current === null) return;
    if (isSamePlan(plan, current.plan)) {
      this.#dropNext();
      return;
    }
    if (this.#next !== null && isSamePlan(plan, this.#next.plan)) return;
    const isOtherStream = isSamePlan({ ...plan, stream: current.plan.stream }, current.plan);
    if (isOtherStream && current.session.switchTo(plan.stream)) {
      this.#dropNext();
      current.plan = plan;
      return;
    }
    this.#begin(plan);
  }

  #dropNext(): void {
    this.#next?.session.stop();
    this.#next = null;
  }

  #dropCurrent(): void {
    const current = this.#current;
    if (current === null) return;
    const { video, still } = this.#options;
    if (current.session.surface === 'video' && current.hasPicture) {
      keepStill(video, still, this.#view.isEnlarged ? stillWidth.enlarged : stillWidth.tile);
    }
    this.#current = null;
    current.session.stop();
  }

  #clearRetry(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }

  #disconnect(): void {
    this.#clearRetry();
    this.#dropNext();
    this.#dropCurrent();
    this.#moving = false;
    this.#isRefused = false;
    this.#meter.forget();
  }

  #scheduleRetry(atLeastMs: number | null): void {
    this.#attempt += 1;
    this.#disconnect();
    // It is said to be gone; its age is of no interest any more.
    this.#pictureAt = null;
    const waitMs = Math.max(backoffMs(this.#attempt), Math.min(atLeastMs ?? 0, 10_000));
    this.#retryTimer = setTimeout(() => {
      this.#ladder.forgive();
      this.#connect();
    }, waitMs);
    this.#tellRetry(this.#attempt, Date.now() + waitMs);
  }

  #tellRetry(attempt: number, retryAt: number): void {
    this.#options.onEvent({ type: 'retrying', attempt, retryAt });
  }

  #onFrame(session: Session): void {
    if (this.#next?.session === session) {
      const next = this.#next;
      this.#next = null;
      this.#current?.session.stop();
      this.#current = next;
    }
    const current = this.#current;
    if (current?.session !== session) return;
    const now = Date.now();
    current.hasPicture = true;
    this.#timeouts = 0;
    const latencyS = plausible(session.latencyS());
    if (this.#wasSeen(latencyS)) return;
    this.#pictureAt = now;
    this.#waitingSince = now;
    // A refused video shows its first picture, and no other.
    if (this.#isRefused) return;
    this.#tellTransport(session);
    if (this.#moving) return;
    this.#moving = true;
    this.#movingSince = now;
    this.#options.onEvent({ type: 'moving' });
    if (latencyS !== null && this.#isStale(latencyS)) this.#tellLatency(latencyS);
  }

  /** The recorder gives whoever comes the newest it has: of a camera that stands still, once more. */
  #wasSeen(latencyS: number | null): boolean {
    if (latencyS === null) return false;
    const takenMs = this.#options.now() - latencyS * 1000;
    if (latencyS * 1000 >= stalledAfterMs && takenMs < this.#newestMs + sameWithinMs) return true;
    this.#newestMs = takenMs;
    return false;
  }

  #isStale(latencyS: number): boolean {
    return this.#current !== null && latencyS >= staleAfterS[this.#current.plan.transport];
  }

  #tellLatency(seconds: number): void {
    this.#options.onEvent({ type: 'latency', seconds, isStale: this.#isStale(seconds) });
  }

  #tellTransport({ transport, stream, isLowLatency }: Session): void {
    const told = this.#told;
    if (
      told?.transport === transport &&
      told.stream === stream &&
      told.isLowLatency === isLowLatency
    ) {
      return;
    }
    this.#told = { transport, stream, isLowLatency };
    this.#options.onEvent({ type: 'transport', ...this.#told });
  }

  #onRefused(session: Session): void {
    if (this.#next?.session === session) this.#dropNext();
    if (this.#current?.session !== session) return;
    this.#isRefused = true;
    this.#moving = false;
    this.#options.onEvent({ type: 'refused' });
  }

  #onFailure(session: Session, failure: SessionFailure): void {
    const place = this.#next?.session === session ? this.#next : this.#current;
    if (place?.session !== session) return;
    if (session.isLowLatency && failure.why !== 'restart') {
      this.#isDecoderBroken = true;
      this.#replace(place);
      return;
    }
    switch (failure.why) {
      case 'unplayable':
        this.#choice.onUnplayable(place.plan.stream, failure.codec);
        this.#tellUnplayable();
        this.#replace(place);
        break;
      case 'restart':
      case 'media':
        if (this.#isTroubledOften()) this.#ladder.onFailure(session.transport, Date.now());
        this.#replace(place);
        break;
      case 'network':
        this.#ladder.onFailure(session.transport, Date.now());
        this.#replace(place, failure.retryAfterMs);
        break;
    }
  }

  /** Once is chance; again within some seconds it is the way itself. */
  #isTroubledOften(): boolean {
    const now = Date.now();
    this.#troubles = [...this.#troubles.filter((at) => now - at < oftenMs), now];
    return this.#troubles.length > 2;
  }

  #tellUnplayable(): void {
    const codec = this.#choice.unplayableCodec;
    if (codec === null || this.#hasSaidUnplayable) return;
    this.#hasSaidUnplayable = true;
    this.#options.onEvent({ type: 'unplayable', codec });
  }

  /** In the place of one that failed: at once what is best now. */
  #replace(failed: Place, retryAfterMs: number | null = null): void {
    this.#dropNext();
    if (this.#current !== failed && this.#current !== null) {
      this.#follow();
      return;
    }
    this.#dropCurrent();
    const plan = this.#plan();
    if (plan === null) this.#scheduleRetry(retryAfterMs);
    else this.#begin(plan);
  }

  /** The camera gives no such stream now: the other one, if there is one, until it is back. */
  #onEnded(session: Session): void {
    const place = this.#next?.session === session ? this.#next : this.#current;
    if (place?.session !== session || !this.#options.hasSub) return;
    this.#choice.onAway(place.plan.stream, Date.now());
    this.#wait.begin(place.plan.stream);
    this.#follow();
  }

  #forgetAbsences(): void {
    this.#wait.end();
    this.#choice.forgetAbsences();
  }

  #onSocket(state: SocketState): void {
    if (state === 'blocked') this.#forgetAbsences();
    if (this.#isAsleep) return;
    const current = this.#current;
    const isOn = current?.plan.transport === 'websocket';
    if (state === 'open') {
      this.#ladder.forgive();
      this.#waitingSince = Date.now();
      if (this.#retryTimer !== null) this.retryNow();
      else if (!isOn) this.#follow();
    } else if (state === 'blocked' && isOn) {
      this.#replace(current);
    } else if (state === 'lost' && isOn) {
      this.#moving = false;
      const { attempt, retryAt } = this.#options.socket;
      this.#tellRetry(attempt, retryAt);
    }
  }

  readonly #onTick = (): void => {
    const now = Date.now();
    if (this.#isAsleep || this.#retryTimer !== null) return;
    // A hidden page is given no frames, nor is a refused video; that says nothing about the camera.
    if (document.hidden || this.#isRefused) {
      this.#waitingSince = now;
      return;
    }
    const current = this.#current;
    if (current === null || this.#giveUp(current, now)) return;
    // Not with the first frame: what lies over the canvas may take a moment to be seen.
    const isCovered = current.session.surface === 'video' && current.hasPicture;
    if (isCovered && now - current.since >= tickMs) clearStill(this.#options.still);
    this.#tellWhenOld(now);
    if (this.#view.wantsStats) {
      const stats = this.#meter.read(current.session, now);
      if (stats !== null) this.#options.onEvent({ type: 'stats', stats });
    }
    if (!this.#moving) return;
    const seconds = plausible(current.session.latencyS());
    if (seconds !== null) this.#tellLatency(seconds);
    if (now - this.#movingSince >= steadyAfterMs && now - current.since >= steadyAfterMs) {
      this.#attempt = 0;
      this.#ladder.onSuccess(current.plan.transport);
    }
    this.#follow();
  };

  /** True when the session has been quiet for too long, and another try is under way. */
  #giveUp(current: Place, now: number): boolean {
    const { socket } = this.#options;
    const isSocket = current.plan.transport === 'websocket';
    // The socket comes back by itself, and everything on it.
    if (isSocket && socket.state !== 'open') return false;
    const isFirst = isSocket && !current.hasPicture;
    const limit = isFirst ? socketAnswersWithinMs : reconnectAfterMs;
    if (now - this.#waitingSince < limit) return false;
    this.#timeouts += 1;
    if (this.#timeouts > 1) this.#ladder.onFailure(current.plan.transport, now);
    this.#scheduleRetry(null);
    return true;
  }

  #tellWhenOld(now: number): void {
    if (this.#pictureAt === null) return;
    const ageMs = now - this.#pictureAt;
    if (ageMs < stalledAfterMs) return;
    this.#moving = false;
    this.#options.onEvent({ type: 'stalled', ageS: Math.round(ageMs / 1000) });
  }

  readonly #onVisibility = (): void => {
    if (this.#sleepTimer !== null) clearTimeout(this.#sleepTimer);
    this.#sleepTimer = null;
    const now = Date.now();
    if (document.hidden) {
      // What is heard goes on being heard.
      if (!this.#view.isAudible) this.#sleepTimer = setTimeout(() => this.#sleep(), sleepAfterMs);
      return;
    }
    this.#waitingSince = now;
    // Until the next frame comes, what is seen is the picture of when the page was hidden.
    if (!this.#isRefused) this.#tellWhenOld(now);
    if (this.#isAsleep) {
      this.#isAsleep = false;
      this.#connect();
    } else if (this.#retryTimer !== null) {
      this.retryNow();
    } else if (!this.#isRefused) {
      this.#current?.session.resume();
    }
  };

  #sleep(): void {
    this.#sleepTimer = null;
    this.#disconnect();
    this.#forgetAbsences();
    this.#isAsleep = true;
  }

  readonly #onOnline = (): void => this.retryNow();
}
