// SPDX-License-Identifier: MIT

const stepS = 0.25;
const mostS = 1;
/** What must stay buffered at the emptiest moment, after a step was given back. */
const reserveS = 0.25;
const firstPatienceMs = 30_000;
const longestPatienceMs = 16 * 60_000;

/**
 * How much later than at best a live stream is played, so that it does not stall. Grows with each
 * stall. Shrinks again once the buffer has shown for a while that there is room; if a stall proves
 * that wrong, the next while is twice as long. (hls.js does the first half only: the stalls of a slow
 * start would keep the picture late for good.)
 */
export class StallMargin {
  #seconds = 0;
  #patienceMs = firstPatienceMs;
  #hasGivenBack = false;
  #watchedSince = 0;
  /** The least that was buffered in that time; nothing is known without a picture. */
  #leastAheadS: number | null = null;

  get seconds(): number {
    return this.#seconds;
  }

  /** What was seen before says nothing of now: another connection, or a page that was hidden. */
  watchAnew(now: number): void {
    this.#watchedSince = now;
    this.#leastAheadS = null;
  }

  onStall(now: number): void {
    this.#seconds = Math.min(mostS, this.#seconds + stepS);
    if (this.#hasGivenBack) this.#patienceMs = Math.min(longestPatienceMs, this.#patienceMs * 2);
    this.#hasGivenBack = false;
    this.watchAnew(now);
  }

  /** `aheadS`: how much is buffered beyond the picture that is shown. */
  onFrame(aheadS: number): void {
    this.#leastAheadS = Math.min(this.#leastAheadS ?? aheadS, aheadS);
  }

  /** To be called now and then while the picture moves. */
  onTick(now: number): void {
    if (now - this.#watchedSince < this.#patienceMs) return;
    if (this.#seconds > 0 && this.#leastAheadS !== null && this.#leastAheadS >= stepS + reserveS) {
      this.#seconds -= stepS;
      this.#hasGivenBack = true;
    }
    this.watchAnew(now);
  }
}
