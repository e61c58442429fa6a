// SPDX-License-Identifier: MIT

/**
 * Which of the tiles in sight have a moving picture, where not all can: the first ones. A phone
 * plays no more than a few at a time; the others show single pictures.
 */
export class MovingSlots {
  #limit = Number.POSITIVE_INFINITY;
  /** Cameras in sight, and their places. */
  readonly #wanted = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  #moving = new Set<number>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  isMoving(camera: number): boolean {
    return this.#moving.has(camera);
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#choose();
  }

  want(camera: number, place: number): void {
    this.#wanted.set(camera, place);
    this.#choose();
  }

  leave(camera: number): void {
    this.#wanted.delete(camera);
    this.#choose();
  }

  #choose(): void {
    const first = [...this.#wanted].sort(([, a], [, b]) => a - b).map(([camera]) => camera);
    const moving = new Set(first.slice(0, this.#limit));
    const isSame = moving.size === this.#moving.size && [...moving].every((one) => this.#moving.has(one));
    if (isSame) return;
    this.#moving = moving;
    for (const listener of this.#listeners) listener();
  }
}
