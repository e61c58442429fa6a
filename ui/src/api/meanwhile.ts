// SPDX-License-Identifier: MIT
import type { QueryClient } from '@tanstack/react-query';

/**
 * What the events socket tells while a list is on its way. The list may have been read before that, so
 * the changes have to be made in it once more; otherwise the older answer would undo them.
 */
export class Meanwhile<Change> {
  readonly #underWay = new WeakMap<QueryClient, Set<Change[]>>();

  note(client: QueryClient, change: Change): void {
    for (const changes of this.#underWay.get(client) ?? []) changes.push(change);
  }

  /** Waits for `answer`, and hands out with it what was noted until then, oldest first. */
  async during<Answer>(
    client: QueryClient,
    answer: Promise<Answer>,
  ): Promise<{ answer: Answer; changes: readonly Change[] }> {
    const changes: Change[] = [];
    const all = this.#underWay.get(client) ?? new Set();
    this.#underWay.set(client, all);
    all.add(changes);
    try {
      return { answer: await answer, changes };
    } finally {
      all.delete(changes);
    }
  }
}
