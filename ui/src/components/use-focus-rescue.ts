// SPDX-License-Identifier: MIT
import { useLayoutEffect, type RefObject } from 'react';

/** Puts the focus on the page itself, where Tab goes on at its beginning. */
export function focusMain(): void {
  document.querySelector('main')?.focus({ preventScroll: true });
}

/** When the element goes while it or something in it has the focus, its heir gets it, or the page. */
export function useFocusRescue(
  target: RefObject<HTMLElement | null>,
  heir?: RefObject<HTMLElement | null>,
): void {
  useLayoutEffect(() => {
    const element = target.current;
    const next = heir?.current;
    return () => {
      // This runs before the element is taken out.
      if (element?.contains(document.activeElement) !== true) return;
      if (next?.isConnected === true) next.focus({ preventScroll: true });
      else focusMain();
    };
  }, [target, heir]);
}
