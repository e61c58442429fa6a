// SPDX-License-Identifier: MIT

/** A key as it works on a page; null for one that belongs to somebody else. */
export function shortcutOf(event: KeyboardEvent, hasSingleKeys: boolean): string | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.isComposing || isTyping(event.target)) return null;
  const { key, shiftKey } = event;
  // Letters and signs: whoever speaks to a computer would press them by every word.
  if (key.length === 1 && key !== ' ') {
    if (!hasSingleKeys) return null;
    return shiftKey && /[a-z]/i.test(key) ? `Shift+${key.toUpperCase()}` : key.toLowerCase();
  }
  return shiftKey ? `Shift+${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role$=dialog]') !== null
  );
}
