// SPDX-License-Identifier: MIT
// Answers that were asked for before the code was there that most of the page is made of.

/** What every page wants to know first. */
export const earlyPaths = {
  cameras: '/api/cameras?limit=1000',
  preferences: '/api/me/preferences',
};

export type EarlyAnswer = { body: unknown; header: (name: string) => string | null };

/** Then the page has heard what is new, or is too late to be called a start. */
const keptMs = 10_000;
const kept = new Map<string, { answer: EarlyAnswer; until: number }>();

/** GET as JSON; null for anything but an answer. Never throws: who needs it asks again, and says why. */
export async function askEarly(path: string): Promise<EarlyAnswer | null> {
  try {
    const signal = AbortSignal.timeout(keptMs);
    const response = await fetch(path, { headers: { Accept: 'application/json' }, signal });
    if (!response.ok) return null;
    const body: unknown = await response.json();
    const answer = { body, header: (name: string) => response.headers.get(name) };
    kept.set(path, { answer, until: Date.now() + keptMs });
    return answer;
  } catch {
    return null;
  }
}

/** What has come of it; null where nothing has, or not lately. */
export function earlyAnswer(path: string): EarlyAnswer | null {
  const found = kept.get(path);
  if (found === undefined) return null;
  if (Date.now() < found.until) return found.answer;
  kept.delete(path);
  return null;
}

/** For tests. */
export function forgetEarlyAnswers(): void {
  kept.clear();
}
