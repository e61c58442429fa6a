// SPDX-License-Identifier: MIT
import { useEffect, useEffectEvent } from 'react';

import { usePreferences } from '../../api/site';
import { gridFacts, gridKinds } from '../../lib/live-layout';
import { shortcutOf } from '../../lib/shortcuts';
import { enterKiosk, leaveKiosk } from './enter-kiosk';
import { useLayoutChoice } from './live-toolbar';
import type { LiveAddress } from './use-live-address';

type PageKeys = {
  address: LiveAddress;
  page: number;
  pageCount: number;
  onHelp: () => void;
  /** A dialog has the keys. */
  isBlocked: boolean;
};

/** What keys do on the page as a whole; those of a tile are its grid's. */
export function usePageKeys({ address, page, pageCount, onHelp, isBlocked }: PageKeys): void {
  const [{ hasSingleKeys }] = usePreferences();
  const chooseLayout = useLayoutChoice(address);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const key = isBlocked ? null : shortcutOf(event, hasSingleKeys);
    if (key === null) return;
    const grid = gridKinds.find((kind) => gridFacts(kind).key === key);
    if (grid !== undefined) chooseLayout(grid);
    else if (key === '?') onHelp();
    else if (key === 'PageDown' && page < pageCount) address.setPage(page + 1);
    else if (key === 'PageUp' && pageCount > 1 && page > 1) address.setPage(page - 1);
    else if (key === 'f' && address.enlargedId === null) {
      if (address.isKiosk) leaveKiosk(address);
      else enterKiosk(address);
    } else if (key === 'Escape' && address.isKiosk && address.enlargedId === null) {
      leaveKiosk(address);
    } else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
