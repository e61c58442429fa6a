// SPDX-License-Identifier: MIT
import type { StreamKind, TransportName } from '../lib/live/events';
import type { Session, SessionEvents, SessionFailure, SessionFigures } from '../lib/live/session';
import type { Plan, SessionSource } from '../lib/live/session-factory';

type Events = SessionEvents & { onEnded: (code: string) => void };

/** A live stream whose pictures the test sends. */
export class FakeSession implements Session {
  static all: FakeSession[] = [];
  readonly source: SessionSource;
  readonly plan: Plan;
  readonly events: Events;
  readonly surface: 'video' | 'canvas';
  stream: StreamKind;
  isStarted = false;
  isStopped = false;
  resumed = 0;
  canSwitch = true;
  latency: number | null = 0.1;
  counted: SessionFigures = {
    frames: 0,
    bytes: 0,
    droppedFrames: 0,
    bufferedS: 0.08,
    width: 640,
    height: 360,
    codec: 'avc1.42c01e',
  };

  constructor(source: SessionSource, plan: Plan, events: Events) {
    this.source = source;
    this.plan = plan;
    this.events = events;
    this.stream = plan.stream;
    this.surface = plan.isLowLatency || plan.transport === 'jpeg' ? 'canvas' : 'video';
    FakeSession.all.push(this);
  }

  /** In the place of `makeSession`. */
  static readonly make = (source: SessionSource, plan: Plan, events: Events): Session =>
    new FakeSession(source, plan, events);

  static get newest(): FakeSession {
    const session = FakeSession.all.at(-1);
    if (session === undefined) throw new Error('No stream was begun');
    return session;
  }

  /** Those that were not stopped. */
  static get running(): FakeSession[] {
    return FakeSession.all.filter(({ isStopped }) => !isStopped);
  }

  get transport(): TransportName {
    return this.plan.transport;
  }

  get isLowLatency(): boolean {
    return this.plan.isLowLatency;
  }

  start(): void {
    this.isStarted = true;
  }

  stop(): void {
    this.isStopped = true;
  }

  resume(): void {
    this.resumed += 1;
  }

  switchTo(stream: StreamKind): boolean {
    if (this.canSwitch) this.stream = stream;
    return this.canSwitch;
  }

  latencyS(): number | null {
    return this.latency;
  }

  figures(): SessionFigures {
    return this.counted;
  }

  frame(): void {
    this.events.onFrame();
  }

  fail(failure: SessionFailure = { why: 'network', retryAfterMs: null }): void {
    this.events.onFailure(failure);
  }
}
