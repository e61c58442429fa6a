// SPDX-License-Identifier: MIT
import type { LiveStats } from './events';
import type { Session, SessionFigures } from './session';

/** Seconds as they may be shown: clocks that disagree must not show as "-0.3 s", nor as hours. */
export function plausible(seconds: number | null): number | null {
  return seconds !== null && seconds > 0 && seconds < 600 ? seconds : null;
}

/** Makes rates of what a session counts. */
export class FiguresMeter {
  #session: Session | null = null;
  #before: SessionFigures | null = null;
  #at = 0;

  /** Null until there are two counts of the same session to compare. */
  read(session: Session, now: number): LiveStats | null {
    const figures = session.figures();
    const before = this.#session === session ? this.#before : null;
    const seconds = (now - this.#at) / 1000;
    this.#session = session;
    this.#before = figures;
    this.#at = now;
    if (before === null || seconds <= 0) return null;
    return {
      fps: Math.max(0, figures.frames - before.frames) / seconds,
      bitrateBps: Math.max(0, (figures.bytes - before.bytes) * 8) / seconds,
      latencyS: plausible(session.latencyS()),
      bufferedS: figures.bufferedS,
      droppedFrames: figures.droppedFrames,
      width: figures.width,
      height: figures.height,
      codec: figures.codec,
      transport: session.transport,
      stream: session.stream,
    };
  }

  forget(): void {
    this.#session = null;
    this.#before = null;
  }
}
