// SPDX-License-Identifier: MIT
import type { TransportName } from './events';
import type { SocketState } from './live-socket';

const rungs: readonly TransportName[] = ['websocket', 'll-hls', 'hls', 'jpeg'];
const firstPauseMs = 30_000;
const longestPauseMs = 16 * 60_000;

type Past = { failures: number; notBefore: number };

/**
 * Which way a live picture comes: the best that has not failed lately. One that failed is left alone
 * for half a minute, then for twice as long, and so on; never for good. Pure: the time, in
 * milliseconds, is given to it.
 */
export class Ladder {
  readonly #past = new Map<TransportName, Past>();
  readonly #hasMediaSource: boolean;

  constructor(hasMediaSource: boolean) {
    this.#hasMediaSource = hasMediaSource;
  }

  /** Null when all ways have failed. */
  pick(now: number, socket: SocketState): TransportName | null {
    return rungs.find((rung) => this.#isOpen(rung, now, socket)) ?? null;
  }

  onFailure(rung: TransportName, now: number): void {
    const failures = (this.#past.get(rung)?.failures ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    this.#past.set(rung, { failures, notBefore: now + pauseMs });
  }

  /** It has played for a while. */
  onSuccess(rung: TransportName): void {
    this.#past.delete(rung);
  }

  /** All have failed, or the recorder was away: whatever failed then says nothing now. */
  forgive(): void {
    for (const past of this.#past.values()) past.notBefore = 0;
  }

  #isOpen(rung: TransportName, now: number, socket: SocketState): boolean {
    if (rung !== 'jpeg' && !this.#hasMediaSource) return false;
    if (rung === 'websocket' && socket === 'blocked') return false;
    return now >= (this.#past.get(rung)?.notBefore ?? 0);
  }
}
