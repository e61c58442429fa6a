// SPDX-License-Identifier: MIT
import { useEffect, useEffectEvent } from 'react';

/** Calls `onNext` every so many seconds while `isOn`; not in a page that nobody sees. */
export function usePatrol(isOn: boolean, periodS: number, onNext: () => void): void {
  const next = useEffectEvent(onNext);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      if (!document.hidden) next();
    }, periodS * 1000);
    return () => clearInterval(timer);
  }, [isOn, periodS]);
}
