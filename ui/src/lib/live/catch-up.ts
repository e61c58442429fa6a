// SPDX-License-Identifier: MIT

/** What is kept beyond the frame interval and the network's jitter, for the browser's own work. */
const floorS = 0.05;
const firstJitterS = 0.02;
const mostJitterS = 1;
const stepS = 0.05;
const mostSteps = 20;
/** A browser whose decoder is held up for two frames stands still, too; nobody sees that. */
const noticedS = 0.15;
const noticedWithinMs = 10_000;
const bucketMs = 500;
const bucketCount = 20;
/** So late is no jitter: the camera or the network was away. */
const outageS = 2;
/** So much faster than all before: what came before was the end of a queue. */
const backlogS = 0.2;
const jumpBeyondS = 2;
/** While the picture starts, nobody minds. */
const jumpAtStartBeyondS = 0.2;
const fastest = 1.25;
/** Faster from the first on, and until the second is reached: not to and fro. */
const beginS = 0.025;
const endS = 0.006;
const firstPatienceMs = 30_000;
const longestPatienceMs = 8 * 60_000;

type Bucket = { at: number; least: number; most: number };

export type Pace = { rate: number } | { jumpTo: number };

/**
 * How far behind the newest frame a live picture is played, and how it gets there. Pure: the time
 * is given to it, in milliseconds of a clock that never jumps; media times are in seconds.
 *
 * The newest frame comes in steps and late by chance, so it is not what the picture is held
 * against. That is the edge: where the newest frame would be now, had all come as fast as the
 * fastest of the last ten seconds. Behind it stays: one frame, the jitter of those ten seconds, a
 * little for the browser, and what stalls have taught, which is forgotten again.
 */
export class CatchUp {
  #buckets: Bucket[] = [];
  #frameS = 0.04;
  /** What stalls have taught, in steps; and how much of it had to be learnt again once it was given back. */
  #steps = 0;
  #neededSteps = 0;
  #patienceMs = firstPatienceMs;
  #hasGivenBack = false;
  #calmSince = 0;
  #stoodS = 0;
  #stoodSince = 0;
  #isFaster = false;

  /** Another stream, or one that was away: its delays say nothing of those to come. */
  reset(nowMs: number): void {
    this.#buckets = [];
    this.#isFaster = false;
    this.#calmSince = nowMs;
  }

  /** Goes on with the edge as it is: what was late until now does not count. */
  forgetJitter(): void {
    const base = this.#baseS();
    if (base !== null) for (const bucket of this.#buckets) bucket.most = base;
  }

  /** `mediaEndS`: where the frames that have just come end; `frameS`: how long each of them lasts. */
  onArrival(nowMs: number, mediaEndS: number, frameS: number): void {
    if (frameS > 0 && frameS < 1) this.#frameS = frameS;
    const delay = nowMs / 1000 - mediaEndS;
    const base = this.#baseS();
    // The past is no guide behind an outage or a clock that was set, nor was it one when all that
    // came until now had been waiting somewhere.
    const isLate = base !== null && delay - base > outageS;
    if (isLate || (base !== null && base - delay > backlogS)) this.reset(nowMs);
    const newest = this.#buckets.at(-1);
    if (newest !== undefined && nowMs - newest.at < bucketMs) {
      newest.least = Math.min(newest.least, delay);
      newest.most = Math.max(newest.most, delay);
      return;
    }
    this.#buckets.push({ at: nowMs, least: delay, most: delay });
    if (this.#buckets.length > bucketCount) this.#buckets.shift();
  }

  /** The picture stood still for want of frames, for `lastedS` until now. */
  onStall(nowMs: number, lastedS: number): void {
    if (nowMs - this.#stoodSince > noticedWithinMs) {
      this.#stoodSince = nowMs;
      this.#stoodS = 0;
    }
    this.#stoodS += lastedS;
    if (this.#stoodS < noticedS) return;
    this.#stoodS = 0;
    this.#steps = Math.min(mostSteps, this.#steps + 1);
    // What was given back was needed after all: the next time not so soon. What came long after that
    // was chance.
    if (this.#hasGivenBack && nowMs - this.#calmSince < firstPatienceMs) {
      this.#patienceMs = Math.min(longestPatienceMs, this.#patienceMs * 2);
      this.#neededSteps = this.#steps;
    }
    this.#hasGivenBack = false;
    this.#calmSince = nowMs;
  }

  get jitterS(): number {
    const base = this.#baseS();
    if (base === null || this.#buckets.length < 2) return firstJitterS;
    const most = Math.max(...this.#buckets.map((bucket) => bucket.most));
    return Math.min(mostJitterS, most - base);
  }

  /** How far behind the edge the picture is held. */
  get targetS(): number {
    return this.#frameS + this.jitterS + floorS + this.#steps * stepS;
  }

  /** Null before anything came. */
  edgeS(nowMs: number): number | null {
    const base = this.#baseS();
    return base === null ? null : nowMs / 1000 - base;
  }

  /** What to do about a picture that shows `shownS`. */
  pace(nowMs: number, shownS: number, isStarting = false): Pace {
    this.#forget(nowMs);
    const edge = this.edgeS(nowMs);
    if (edge === null) return { rate: 1 };
    const excess = edge - shownS - this.targetS;
    if (excess > (isStarting ? jumpAtStartBeyondS : jumpBeyondS)) {
      this.#isFaster = false;
      return { jumpTo: edge - this.targetS };
    }
    if (excess > beginS) this.#isFaster = true;
    if (excess < endS) this.#isFaster = false;
    if (!this.#isFaster) return { rate: 1 };
    // In steps, so that the browser is not told of a new rate with each frame.
    return { rate: Math.min(fastest, 1 + Math.ceil(excess * 50) / 50) };
  }

  #baseS(): number | null {
    if (this.#buckets.length === 0) return null;
    return Math.min(...this.#buckets.map((bucket) => bucket.least));
  }

  #forget(nowMs: number): void {
    const patienceMs = this.#steps > this.#neededSteps ? firstPatienceMs : this.#patienceMs;
    if (nowMs - this.#calmSince < patienceMs) return;
    if (this.#steps > 0) {
      this.#steps -= 1;
      this.#hasGivenBack = true;
      this.#neededSteps = Math.min(this.#neededSteps, this.#steps);
    }
    this.#calmSince = nowMs;
  }
}
