// SPDX-License-Identifier: MIT

const firstMs = 500;
const longestMs = 10_000;

/**
 * How long to wait before try number `attempt` (1 = first retry): 0.5 s doubling to 10 s, and up to a
 * fifth less by chance, so that all tabs and tiles do not come back in the same instant.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - 0.2 * random()));
}
