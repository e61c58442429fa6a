// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import {
  addDays,
  dayBounds,
  dayOf,
  fileStamp,
  formatClock,
  formatDay,
  formatDuration,
  formatSince,
  isDay,
  isValidZone,
  parseInstant,
  zoneLabel,
} from './time';

const berlin = 'Europe/Berlin';
const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const hour = 3_600_000;

describe('parseInstant', () => {
  it('reads RFC 3339 with milliseconds and with any offset', () => {
    expect(parseInstant('2026-11-23T02:14:05.320Z')).toBe(1_795_400_045_320);
    expect(parseInstant('2026-11-23T03:14:05.320+01:00')).toBe(1_795_400_045_320);
  });

  it('refuses what only looks like a time', () => {
    for (const text of ['', '2026-11-23', '23.11.2026 02:14', '2026-11-23T02:14:05', '1795400045']) {
      expect(parseInstant(text)).toBeNull();
    }
  });
});

describe('clock', () => {
  it('shows the zone of the site, not of the browser', () => {
    expect(formatClock(at('2026-11-23T01:14:05Z'), berlin)).toBe('02:14:05');
    expect(formatClock(at('2026-11-23T01:14:05Z'), 'Asia/Kolkata')).toBe('06:44:05');
  });

  it('says 00, not 24, at midnight', () => {
    expect(formatClock(at('2026-11-22T23:00:00Z'), berlin)).toBe('00:00:00');
  });

  it('tells the two passes of the repeated hour apart, and only those', () => {
    expect(formatClock(at('2026-10-25T00:30:00Z'), berlin)).toBe('02:30:00 CEST');
    expect(formatClock(at('2026-10-25T01:30:00Z'), berlin)).toBe('02:30:00 CET');
    expect(formatClock(at('2026-10-24T23:59:59Z'), berlin)).toBe('01:59:59');
    expect(formatClock(at('2026-10-25T02:00:00Z'), berlin)).toBe('03:00:00');
    expect(formatClock(at('2026-03-29T01:00:00Z'), berlin)).toBe('03:00:00');
  });

  it('names the zone of that season', () => {
    expect(zoneLabel(at('2026-11-23T12:00:00Z'), berlin)).toBe('CET');
    expect(zoneLabel(at('2026-07-01T12:00:00Z'), berlin)).toBe('CEST');
  });
});

describe('days', () => {
  it('begins a day at local midnight', () => {
    expect(dayOf(at('2026-11-22T22:59:59.999Z'), berlin)).toBe('2026-11-22');
    expect(dayOf(at('2026-11-22T23:00:00.000Z'), berlin)).toBe('2026-11-23');
  });

  it('has 24 hours as a rule, 23 and 25 when the clock changes', () => {
    const hours = (day: string, zone: string): number => {
      const { start, end } = dayBounds(day, zone);
      return (end - start) / hour;
    };
    expect(hours('2026-11-23', berlin)).toBe(24);
    expect(hours('2026-03-29', berlin)).toBe(23);
    expect(hours('2026-10-25', berlin)).toBe(25);
    expect(hours('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5);
  });

  it('starts at the first instant that exists where midnight is skipped', () => {
    // Chile goes from 23:59:59 to 01:00:00.
    const { start, end } = dayBounds('2026-09-06', 'America/Santiago');
    expect(start).toBe(at('2026-09-06T04:00:00Z'));
    expect(end - start).toBe(23 * hour);
    expect(dayOf(start - 1, 'America/Santiago')).toBe('2026-09-05');
  });

  it('starts at the first of two midnights', () => {
    // Cuba goes from 01:00 back to 00:00.
    const { start, end } = dayBounds('2026-11-01', 'America/Havana');
    expect(start).toBe(at('2026-11-01T04:00:00Z'));
    expect(end - start).toBe(25 * hour);
  });

  it('holds far from UTC', () => {
    expect(dayBounds('2026-11-23', 'Pacific/Kiritimati').start).toBe(at('2026-11-22T10:00:00Z'));
    expect(dayBounds('2026-11-23', 'Pacific/Niue').start).toBe(at('2026-11-23T11:00:00Z'));
  });

  it('steps over months, years and clock changes', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
  });

  it('knows a day that exists', () => {
    expect(isDay('2028-02-29')).toBe(true);
    expect(isDay('2026-02-29')).toBe(false);
    expect(isDay('2026-2-9')).toBe(false);
    expect(isDay('2026-13-01')).toBe(false);
  });
});

describe('words', () => {
  it('writes days in full', () => {
    expect(formatDay('2026-11-23')).toBe('Monday 23 November 2026');
  });

  it('adds the date to what did not begin today', () => {
    const now = at('2026-11-23T12:00:00Z');
    expect(formatSince(at('2026-11-23T00:58:00Z'), now, berlin)).toBe('01:58');
    expect(formatSince(at('2026-11-21T00:58:00Z'), now, berlin)).toBe('21 Nov, 01:58');
  });

  it('writes durations as people say them', () => {
    expect([0.4, 59, 60, 62, 900, 3600, 3900].map(formatDuration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 min 2 s',
      '15 min',
      '1 h',
      '1 h 5 min',
    ]);
  });

  it('makes file names without colons', () => {
    expect(fileStamp(at('2026-11-23T02:14:05.999Z'))).toBe('2026-11-23T02-14-05Z');
  });

  it('tells a zone from nonsense', () => {
    expect(isValidZone(berlin)).toBe(true);
    expect(isValidZone('Middle/Earth')).toBe(false);
  });
});
