// SPDX-License-Identifier: MIT

/** A place in the queue of a `StartGate`. */
export type Ticket = {
  /** Gives the slot back, or leaves the queue. May be called more than once. */
  leave: () => void;
};

type Entry = { onTurn: () => void; timer: ReturnType<typeof setTimeout> | null };

/**
 * Lets only a few streams start at a time. A browser has six HTTP/1.1 connections per host; sixteen
 * tiles asking at once would leave none for the pages themselves. A start that takes longer than
 * `holdMs` loses its slot (not its stream), so that one dead camera cannot hold up the others.
 */
export class StartGate {
  readonly #limit: number;
  readonly #holdMs: number;
  readonly #queue: Entry[] = [];
  readonly #inside = new Set<Entry>();

  constructor(limit = 4, holdMs = 5000) {
    this.#limit = limit;
    this.#holdMs = holdMs;
  }

  /** Calls `onTurn` as soon as a slot is free; at once if there is one. */
  enter(onTurn: () => void): Ticket {
    const entry: Entry = { onTurn, timer: null };
    this.#queue.push(entry);
    this.#admit();
    return { leave: () => this.#leave(entry) };
  }

  get pending(): number {
    return this.#inside.size;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  #admit(): void {
    while (this.#inside.size < this.#limit) {
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      this.#inside.add(entry);
      entry.timer = setTimeout(() => this.#leave(entry), this.#holdMs);
      entry.onTurn();
    }
  }

  #leave(entry: Entry): void {
    const queued = this.#queue.indexOf(entry);
    if (queued >= 0) this.#queue.splice(queued, 1);
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
    if (this.#inside.delete(entry)) this.#admit();
  }
}
