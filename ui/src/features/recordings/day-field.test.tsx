// SPDX-License-Identifier: MIT
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { DayPicker } from './day-picker';

function field(): HTMLInputElement {
  return screen.getByLabelText<HTMLInputElement>('Day', { selector: 'input' });
}

/** One key, and what the browser makes of the date by it: nothing while it is incomplete. */
function type(key: string, value: string): void {
  fireEvent.keyDown(field(), { key });
  fireEvent.change(field(), { target: { value } });
}

describe('The day field', () => {
  const onChange = vi.fn<(day: string) => void>();
  const show = (day = '2026-11-23'): void => {
    render(<DayPicker day={day} today="2026-11-27" onChange={onChange} />);
  };
  beforeEach(() => {
    vi.useFakeTimers();
    onChange.mockClear();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('takes what was typed once, after the last key', () => {
    show();
    type('0', '');
    expect(field().value).toBe('');
    type('2', '2026-11-02');
    act(() => void vi.advanceTimersByTime(500));
    type('0', '2026-11-20');
    act(() => void vi.advanceTimersByTime(500));
    expect(onChange).not.toHaveBeenCalled();
    act(() => void vi.advanceTimersByTime(500));
    expect(onChange.mock.calls).toEqual([['2026-11-20']]);
  });

  it('takes it at once with Enter, and when the field is left', () => {
    show();
    type('1', '2026-11-11');
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(onChange.mock.calls).toEqual([['2026-11-11']]);
    type('2', '2026-11-12');
    fireEvent.blur(field());
    expect(onChange).toHaveBeenLastCalledWith('2026-11-12');
    act(() => void vi.runAllTimers());
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('takes a day from the calendar at once', () => {
    show();
    type('1', '2026-11-11');
    fireEvent.pointerDown(field());
    fireEvent.change(field(), { target: { value: '2026-11-05' } });
    expect(onChange.mock.calls).toEqual([['2026-11-05']]);
  });

  it.each(['', '0202-11-23', '2026-11-28', '9999-12-31'])('does not take "%s", and forgets it', (value) => {
    show();
    const report = vi.spyOn(HTMLInputElement.prototype, 'reportValidity');
    type('2', value);
    act(() => void vi.runAllTimers());
    expect(field().value).toBe(value);
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(report).toHaveBeenCalledOnce();
    fireEvent.blur(field());
    expect(field().value).toBe('2026-11-23');
    expect(onChange).not.toHaveBeenCalled();
  });
});
