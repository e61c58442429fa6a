// SPDX-License-Identifier: MIT
import { useLayoutEffect, type RefObject } from 'react';

/** Puts the focus on the page itself, where Tab goes on at its beginning. */
export function focusMain(): void {
  document.querySelector('main')?.focus({ preventScroll: true });
}

/** When the element goes while something in it has the focus, the focus goes to the page. */
export function useFocusRescue(target: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = target.current;
    return () => {
      // This runs before the element is taken out.
      if (element?.contains(document.activeElement) === true) focusMain();
    };
  }, [target]);
}
