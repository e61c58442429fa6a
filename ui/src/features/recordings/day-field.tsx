// SPDX-License-Identifier: MIT
import { useCallback, useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { earliestDay, isDay } from '../../lib/time';

type DayFieldProps = { day: string; latest: string; onChange: (day: string) => void };

/** Each key changes the date; it is taken when no other key has followed for so long. */
const typingPauseMs = 800;

/**
 * The day as a date field. What is being typed is the browser's: half a date is no date yet, and one
 * that is typed over another passes through several that nobody meant. From the calendar it is taken
 * at once.
 */
export function DayField({ day, latest, onChange }: DayFieldProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const isTyping = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const stopTyping = useCallback((): void => {
    clearTimeout(timer.current);
    isTyping.current = false;
  }, []);
  useEffect(() => stopTyping, [stopTyping]);
  useEffect(() => {
    stopTyping();
    // The same value again would take the cursor out of the part that is being typed.
    if (field.current !== null && field.current.value !== day) field.current.value = day;
  }, [day, stopTyping]);

  const take = (): boolean => {
    stopTyping();
    const chosen = field.current?.value ?? '';
    if (!isDay(chosen) || chosen > latest) return false;
    if (chosen !== day) onChange(chosen);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      // The browser says in its own words what is wrong with the date.
      if (!take()) event.currentTarget.reportValidity();
    } else if (event.key !== 'Tab' && event.key !== 'Shift') {
      isTyping.current = true;
    }
  };
  return (
    <input
      ref={field}
      type="date"
      className="field"
      aria-label="Day"
      defaultValue={day}
      required
      min={earliestDay}
      max={latest}
      onKeyDown={onKeyDown}
      onPointerDown={stopTyping}
      onChange={() => {
        clearTimeout(timer.current);
        if (isTyping.current) timer.current = setTimeout(take, typingPauseMs);
        else take();
      }}
      onBlur={({ currentTarget }) => {
        if (!take()) currentTarget.value = day;
      }}
    />
  );
}
