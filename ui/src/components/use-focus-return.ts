// SPDX-License-Identifier: MIT
import { useEffect, useRef, type RefObject } from 'react';

import { focusMain } from './use-focus-rescue';

/**
 * Gives the focus back, once no dialog is open any more, to what had it on the page before; to the
 * element with the id that `homeOf` the dialog is, when the page was opened with the dialog.
 */
export function useFocusReturn(
  dialog: string | null,
  page: RefObject<HTMLElement | null>,
  homeOf: (dialog: string) => string,
): { onFocus: (event: { target: EventTarget }) => void } {
  const last = useRef<EventTarget>(null);
  const shown = useRef(dialog);
  // Not before the page is painted: until then the dialog keeps it from taking the focus.
  useEffect(() => {
    const before = shown.current;
    shown.current = dialog;
    if (before === null || dialog !== null) return;
    const home = document.getElementById(homeOf(before));
    const target = last.current instanceof HTMLElement ? last.current : home;
    if (target?.isConnected === true && page.current?.contains(target) === true) target.focus();
    else if (home !== null) home.focus();
    else focusMain();
  }, [dialog, page, homeOf]);
  return { onFocus: ({ target }) => (last.current = target) };
}
