// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'react';

/** The time in epoch milliseconds, renewed at the start of each second (or other period) of `clock`. */
export function useNow(clock: () => number, periodMs = 1000): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const time = clock();
      setNow(time);
      timer = setTimeout(tick, periodMs - (time % periodMs) + 5);
    };
    tick();
    return () => clearTimeout(timer);
  }, [clock, periodMs]);
  return now;
}
