// SPDX-License-Identifier: MIT

/** The hours of the week in which a camera is recorded, as the daemon has them and as they are typed. */

export const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type DayName = (typeof dayNames)[number];

/** From and to, "08:00" to "24:00". */
export type Hours = [string, string][];

/** A day that is not there has no hours. */
export type Schedule = Partial<Record<DayName, Hours>>;

export function isDayName(text: string): text is DayName {
  return dayNames.some((day) => day === text);
}

export type ReadHours = { ok: true; hours: Hours } | { ok: false; error: string };

/** "8", "8:00" and "08:00" as "08:00"; null when it is no time of a day. */
function clockOf(text: string): string | null {
  const [, hour, minute = '00'] = /^(\d{1,2})(?::(\d\d))?$/.exec(text) ?? [];
  if (hour === undefined || Number(minute) > 59) return null;
  const clock = `${hour.padStart(2, '0')}:${minute}`;
  return clock <= '24:00' ? clock : null;
}

function failed(error: string): ReadHours {
  return { ok: false, error };
}

/** Reads "08:00-12:30, 13-18"; nothing at all is a day without hours. */
export function readHours(text: string): ReadHours {
  const hours: Hours = [];
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const ends = part.split(/[-–]/).map((end) => clockOf(end.trim()));
    const [from, to] = ends;
    if (ends.length !== 2 || from == null || to == null) {
      return failed('Write hours as 08:00-18:00, several with commas between them.');
    }
    if (from >= to) {
      return failed('These hours end before they begin; for a night, give both days a part.');
    }
    hours.push([from, to]);
  }
  // Times with leading zeros are in order as texts, too.
  hours.sort(([a], [b]) => a.localeCompare(b));
  const overlap = hours.some(([from], index) => from < (hours[index - 1]?.[1] ?? ''));
  return overlap ? failed('These hours overlap.') : { ok: true, hours };
}

export function writeHours(hours: Hours | undefined): string {
  return (hours ?? []).map(([from, to]) => `${from}-${to}`).join(', ');
}
