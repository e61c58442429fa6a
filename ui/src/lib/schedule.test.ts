// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { readHours, writeHours } from './schedule';

describe('readHours', () => {
  it.each([
    ['', []],
    ['08:00-18:00', [['08:00', '18:00']]],
    ['8-18', [['08:00', '18:00']]],
    [' 20:00 – 24:00 ,7:30-9 ,', [['07:30', '09:00'], ['20:00', '24:00']]],
    ['08:00-12:00,12:00-18:00', [['08:00', '12:00'], ['12:00', '18:00']]],
  ])('reads "%s"', (text, hours) => {
    expect(readHours(text)).toEqual({ ok: true, hours });
  });

  it.each([
    ['morning', 'Write hours as 08:00-18:00, several with commas between them.'],
    ['08:00', 'Write hours as 08:00-18:00, several with commas between them.'],
    ['08:00-25:00', 'Write hours as 08:00-18:00, several with commas between them.'],
    ['08:60-10:00', 'Write hours as 08:00-18:00, several with commas between them.'],
    ['24:30-25:00', 'Write hours as 08:00-18:00, several with commas between them.'],
    ['22:00-06:00', 'These hours end before they begin; for a night, give both days a part.'],
    ['08:00-08:00', 'These hours end before they begin; for a night, give both days a part.'],
    ['08:00-12:00, 11:00-13:00', 'These hours overlap.'],
  ])('says what is wrong with "%s"', (text, error) => {
    expect(readHours(text)).toEqual({ ok: false, error });
  });

  it('reads what writeHours writes', () => {
    const text = writeHours([['08:00', '12:30'], ['13:00', '24:00']]);
    expect(text).toBe('08:00-12:30, 13:00-24:00');
    expect(readHours(text)).toEqual({ ok: true, hours: [['08:00', '12:30'], ['13:00', '24:00']] });
    expect(writeHours(undefined)).toBe('');
  });
});
