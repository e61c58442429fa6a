// SPDX-License-Identifier: MIT
import { useEffect, useEffectEvent } from 'react';

import { useSite } from '../../api/site';
import type { LiveAddress } from './use-live-address';

/** Keeps the screen on where the browser lets a page do that: only from a secure address. */
function holdScreen(): () => void {
  let lock: WakeLockSentinel | null = null;
  let isHeld = true;
  const hold = async (): Promise<void> => {
    // Older browsers, and plain http, have none.
    const { wakeLock } = navigator as { wakeLock?: WakeLock };
    if (wakeLock === undefined || document.hidden || lock?.released === false) return;
    try {
      const got = await wakeLock.request('screen');
      if (isHeld) lock = got;
      else void got.release();
    } catch {
      // To save power, for example: the screen is as its settings say.
    }
  };
  const onVisible = (): void => void hold();
  document.addEventListener('visibilitychange', onVisible);
  void hold();
  return () => {
    isHeld = false;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}

/** A screen that nobody touches for weeks: stays on, and takes up what a new version brings. */
export function useKiosk({ isKiosk, setKiosk }: LiveAddress): void {
  const { version } = useSite();
  useEffect(() => (isKiosk ? holdScreen() : undefined), [isKiosk]);

  const leave = useEffectEvent(() => setKiosk(false));
  useEffect(() => {
    if (!isKiosk) return;
    const onChange = (): void => {
      // Who leaves full screen, by Escape for example, wants the rest of the page back.
      if (document.fullscreenElement === null) leave();
    };
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, [isKiosk]);

  useEffect(() => {
    if (!isKiosk || version === null) return;
    const first = firstVersion.current ?? version;
    firstVersion.current = first;
    // The recorder is another one now, and so are its pages.
    if (first !== version) window.location.reload();
  }, [isKiosk, version]);
}

/** What this page was loaded with, as far as it knows. */
const firstVersion: { current: string | null } = { current: null };
