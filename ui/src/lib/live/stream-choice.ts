// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';

/** A stream that goes away so often within this comes and goes … */
const often = 3;
const oftenMs = 120_000;
/** … and is not taken again before this. */
const restMs = 120_000;

/** `begunMs`: when it began, this time and the times before. */
type Absence = { begunMs: readonly number[]; isOver: boolean; notBeforeMs: number };

/** Which of a camera's streams is wanted, and which of them can be had. Pure. */
export class StreamChoice {
  readonly #kinds: readonly StreamKind[];
  readonly #unplayable = new Map<StreamKind, string>();
  readonly #absences = new Map<StreamKind, Absence>();

  constructor(hasSub: boolean) {
    this.#kinds = hasSub ? ['main', 'sub'] : ['main'];
  }

  /** The browser cannot play it; that does not change while the page is open. */
  onUnplayable(stream: StreamKind, codec: string): void {
    this.#unplayable.set(stream, codec);
  }

  /** The camera does not give it, until `onHere`. */
  onAway(stream: StreamKind, now: number): void {
    const before = this.#absences.get(stream);
    if (before?.isOver === false) return;
    const recent = (before?.begunMs ?? []).filter((at) => now - at < oftenMs);
    const begunMs = [...recent, now];
    const notBeforeMs = begunMs.length < often ? now : now + restMs;
    this.#absences.set(stream, { begunMs, isOver: false, notBeforeMs });
  }

  onHere(stream: StreamKind): void {
    const absence = this.#absences.get(stream);
    if (absence !== undefined) absence.isOver = true;
  }

  /** Nobody would tell any more that a stream is back. */
  forgetAbsences(): void {
    this.#absences.clear();
  }

  /** Null where the browser can play none of them. */
  pick(isEnlarged: boolean, now: number): StreamKind | null {
    const order: readonly StreamKind[] = isEnlarged ? ['main', 'sub'] : ['sub', 'main'];
    const playable = order.filter(
      (stream) => this.#kinds.includes(stream) && !this.#unplayable.has(stream),
    );
    const here = playable.filter((stream) => this.#absences.get(stream)?.isOver !== false);
    const steady = here.find((stream) => now >= (this.#absences.get(stream)?.notBeforeMs ?? 0));
    // With all of them away, the one that is wanted most is waited for.
    return steady ?? here[0] ?? playable[0] ?? null;
  }

  /** What the browser cannot play; null while there is something that it can. */
  get unplayableCodec(): string | null {
    if (this.#kinds.some((stream) => !this.#unplayable.has(stream))) return null;
    return this.#unplayable.get('main') ?? null;
  }
}
