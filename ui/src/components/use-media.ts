// SPDX-License-Identifier: MIT
import { useCallback, useSyncExternalStore } from 'react';

/** Whether the window is as the media query says, "(width < 600px)" for example. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
