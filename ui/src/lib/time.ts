// SPDX-License-Identifier: MIT

/** The only file that parses and formats times. Instants are epoch milliseconds; days "YYYY-MM-DD". */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const locale = 'en-GB';
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Building an `Intl.DateTimeFormat` is slow, and lists format hundreds of times. */
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let found = formatters.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    formatters.set(key, found);
  }
  return found;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** Reads an RFC 3339 time of the daemon; null when it is not one. */
export function parseInstant(text: string): number | null {
  if (!rfc3339.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Reads a time in a header of HTTP, "Mon, 23 Nov 2026 01:14:05 GMT"; null when it is not one. */
export function parseHttpDate(text: string): number | null {
  if (!httpDate.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** RFC 3339 in UTC, as the daemon takes it. */
export function toRfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

/** The browser's own zone; used until the recorder has said which zone the site is in. */
export function browserZone(): string {
  // Some say "Etc/Unknown", or nothing, and then do not take it back.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined;
  return zone !== undefined && isValidZone(zone) ? zone : 'UTC';
}

export function isValidZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat(locale, { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** What the wall clock in `zone` minus UTC is at `ms`, in milliseconds. */
function zoneOffset(ms: number, zone: string): number {
  const parts = formatter(zone, {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const value = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return wall - Math.floor(ms / 1000) * 1000;
}

/** True while the wall clock shows a time that occurs twice: around the end of summer time. */
function isRepeatedTime(ms: number, zone: string): boolean {
  const here = zoneOffset(ms, zone);
  for (const distance of [-3 * hourMs, 3 * hourMs]) {
    const other = zoneOffset(ms + distance, zone);
    const twin = ms + here - other;
    if (other !== here && Math.sign(twin - ms) === Math.sign(distance)) {
      if (zoneOffset(twin, zone) === other) return true;
    }
  }
  return false;
}

/** "CET", "GMT+1": how people there name the zone at that time. */
export function zoneLabel(ms: number, zone: string): string {
  const parts = formatter(zone, { timeZoneName: 'short', hour: 'numeric' }).formatToParts(ms);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

function withZoneIfRepeated(text: string, ms: number, zone: string): string {
  return isRepeatedTime(ms, zone) ? `${text} ${zoneLabel(ms, zone)}` : text;
}

/** "02:14:05", for a place that shows the zone beside it. */
export function formatClockOnly(ms: number, zone: string): string {
  return formatter(zone, {
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(ms);
}

/** "02:14:05"; in the hour that summer time repeats, "02:14:05 CEST". */
export function formatClock(ms: number, zone: string): string {
  return withZoneIfRepeated(formatClockOnly(ms, zone), ms, zone);
}

/** "02:14"; in the hour that summer time repeats, "02:14 CEST". */
export function formatMinute(ms: number, zone: string): string {
  const text = formatter(zone, { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }).format(ms);
  return withZoneIfRepeated(text, ms, zone);
}

/** "01:58" when `ms` is on the same day as `now`, else "22 Nov, 01:58". */
export function formatSince(ms: number, now: number, zone: string): string {
  if (dayOf(ms, zone) === dayOf(now, zone)) return formatMinute(ms, zone);
  return `${formatDayShort(dayOf(ms, zone))}, ${formatMinute(ms, zone)}`;
}

/** The calendar day in `zone`, "2026-11-23". */
export function dayOf(ms: number, zone: string): string {
  return new Date(ms + zoneOffset(ms, zone)).toISOString().slice(0, 10);
}

/** Days are handled as UTC midnights, which every day has exactly once. */
function utcMidnight(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Before this day there is nothing to be asked for; after the latest, arithmetic would leave four digits. */
export const earliestDay = '1970-01-02';
const latestDay = '9999-12-30';

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < earliestDay || text > latestDay) return false;
  const ms = utcMidnight(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export function addDays(day: string, count: number): string {
  return new Date(utcMidnight(day) + count * 24 * hourMs).toISOString().slice(0, 10);
}

/** First instant of a day in `zone`; the first that exists, where the clock jumps over midnight. */
function startOfDay(day: string, zone: string): number {
  const wall = utcMidnight(day);
  // The offset is within 14 h of UTC either way, so try what holds on both sides of the border.
  const candidates = [-15, 0, 15]
    .map((hours) => wall - zoneOffset(wall + hours * hourMs, zone))
    .sort((a, b) => a - b);
  const exact = candidates.find((ms) => ms + zoneOffset(ms, zone) === wall);
  if (exact !== undefined) return exact;
  // Midnight does not exist (the clock goes 23:59:59 -> 01:00:00): find the jump.
  let low = (candidates[0] ?? wall) - hourMs;
  let high = (candidates.at(-1) ?? wall) + hourMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle + zoneOffset(middle, zone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}

export type Span = { start: number; end: number };

/** Start (included) and end (excluded) of a day in `zone`: 23, 24 or 25 hours. */
export function dayBounds(day: string, zone: string): Span {
  return { start: startOfDay(day, zone), end: startOfDay(addDays(day, 1), zone) };
}

/** "Monday 23 November 2026" */
export function formatDay(day: string): string {
  return formatter('UTC', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
    .format(utcMidnight(day))
    .replace(',', '');
}

/** "23 Nov" */
export function formatDayShort(day: string): string {
  return formatter('UTC', { day: 'numeric', month: 'short' }).format(utcMidnight(day));
}

/** "3 May"; "3 May 2025" when that is another year than that of `now`. */
export function formatDate(ms: number, now: number, zone: string): string {
  const day = dayOf(ms, zone);
  const short = formatDayShort(day);
  return day.slice(0, 4) === dayOf(now, zone).slice(0, 4) ? short : `${short} ${day.slice(0, 4)}`;
}

/** "45 s", "15 min", "1 h 5 min" */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10 && whole % 60 !== 0) return `${String(minutes)} min ${String(whole % 60)} s`;
  if (minutes < 60) return `${String(minutes)} min`;
  const rest = minutes % 60;
  return `${String(Math.floor(minutes / 60))} h${rest === 0 ? '' : ` ${String(rest)} min`}`;
}

/** "2026-11-23T02-14-05Z": a time that every file system takes as part of a name. */
export function fileStamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}
