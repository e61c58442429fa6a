// SPDX-License-Identifier: MIT
import { readPreferences, type Preferences, type RawPreferences } from './preferences';

const storageKey = 'preferences';

/** What this browser keeps of them, so that a page looks right from its first moment. */
export type Mirror = { raw: unknown; /** The recorder does not have it yet. */ isUnsaved: boolean };

export function readMirror(): Mirror {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof stored === 'object' && stored !== null && !Array.isArray(stored)) {
      const { raw, unsaved } = stored as { raw?: unknown; unsaved?: unknown };
      return { raw, isUnsaved: unsaved === true };
    }
  } catch {
    // A browser that keeps nothing, or something else under that name.
  }
  return { raw: {}, isUnsaved: false };
}

export function writeMirror(raw: RawPreferences, isUnsaved: boolean): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ raw, unsaved: isUnsaved }));
  } catch {
    // They are on the recorder; only the first moment of the next page is as if they were not.
  }
}

/** As a page has them that begins with `said`, what the recorder says; null where it has not. */
export function firstPreferences(said: unknown): Preferences {
  const { raw, isUnsaved } = readMirror();
  return readPreferences(isUnsaved || said === null ? raw : said);
}
