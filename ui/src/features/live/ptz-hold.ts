// SPDX-License-Identifier: MIT
import { turnCamera, type Motion } from '../../api/ptz';

/** How long a camera goes on by itself if nothing more reaches it. */
const timeoutS = 1;
/** How often it is told again: twice before it would stop. */
const againMs = 400;
/** For somebody who cannot hold a button. */
const nudgeS = 0.3;

type Send = typeof turnCamera;

/**
 * Turns a camera for as long as a button is held. Requests go one after the other, so that no "stop"
 * overtakes the move before it; what a camera is told while it is slow is the newest only.
 */
export class PtzHold {
  readonly #cameraId: number;
  readonly #onResult: (problem: string | null) => void;
  readonly #send: Send;
  #wanted: Motion | null = null;
  #isMoving = false;
  #isBusy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    cameraId: number,
    onResult: (problem: string | null) => void,
    send: Send = turnCamera,
  ) {
    this.#cameraId = cameraId;
    this.#onResult = onResult;
    this.#send = send;
  }

  start(motion: Motion): void {
    this.#wanted = motion;
    void this.#next();
  }

  /** May be called more often than needed. */
  stop(): void {
    if (this.#wanted === null) return;
    this.#wanted = null;
    void this.#next();
  }

  /** A short move that ends by itself. */
  async nudge(motion: Motion): Promise<void> {
    this.#onResult(await this.#send(this.#cameraId, { move: { ...motion, timeout_s: nudgeS } }));
  }

  async goTo(preset: string): Promise<void> {
    this.#onResult(await this.#send(this.#cameraId, { preset }));
  }

  async #next(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isBusy || (this.#wanted === null && !this.#isMoving)) return;
    const told = this.#wanted;
    this.#isBusy = true;
    this.#isMoving = told !== null;
    const body =
      told === null ? ({ stop: true } as const) : { move: { ...told, timeout_s: timeoutS } };
    const problem = await this.#send(this.#cameraId, body);
    this.#isBusy = false;
    this.#onResult(problem);
    if (this.#wanted !== told) void this.#next();
    else if (told !== null) this.#timer = setTimeout(() => void this.#next(), againMs);
  }
}
