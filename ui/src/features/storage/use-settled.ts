// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'react';

const quietMs = 400;

/** The value once it has not changed for a moment: nobody is asked at each key. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), quietMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
