// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';

const awayMs = 120_000;

/** Which of a camera's streams is wanted, and which of them can be had. Pure. */
export class StreamChoice {
  readonly #kinds: readonly StreamKind[];
  readonly #unplayable = new Map<StreamKind, string>();
  readonly #awayUntil = new Map<StreamKind, number>();

  constructor(hasSub: boolean) {
    this.#kinds = hasSub ? ['main', 'sub'] : ['main'];
  }

  /** The browser cannot play it; that does not change while the page is open. */
  onUnplayable(stream: StreamKind, codec: string): void {
    this.#unplayable.set(stream, codec);
  }

  /** The camera does not give it now. */
  onAway(stream: StreamKind, now: number): void {
    this.#awayUntil.set(stream, now + awayMs);
  }

  onHere(stream: StreamKind): void {
    this.#awayUntil.delete(stream);
  }

  /** Null where the browser can play none of them. */
  pick(isEnlarged: boolean, now: number): StreamKind | null {
    const order: readonly StreamKind[] = isEnlarged ? ['main', 'sub'] : ['sub', 'main'];
    const playable = order.filter(
      (stream) => this.#kinds.includes(stream) && !this.#unplayable.has(stream),
    );
    const here = playable.find((stream) => now >= (this.#awayUntil.get(stream) ?? 0));
    // With all of them away, the one that is wanted most is waited for.
    return here ?? playable[0] ?? null;
  }

  /** What the browser cannot play; null while there is something that it can. */
  get unplayableCodec(): string | null {
    if (this.#kinds.some((stream) => !this.#unplayable.has(stream))) return null;
    return this.#unplayable.get('main') ?? null;
  }
}
