// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { useSiteStore, useZone } from '../../api/site';
import { coverageQuery } from '../../api/timeline';
import type { Camera } from '../../api/types';
import { formatCount } from '../../lib/amounts';
import { isMissed, reasonOf, type Gap } from '../../lib/missing';
import {
  dayOf,
  formatClock,
  formatDayShort,
  formatDuration,
  formatMinute,
  toRfc3339,
} from '../../lib/time';
import styles from './gaps-section.module.css';
import { Loaded, Section } from './section';

const spans = [
  { hours: 24, words: '24 hours' },
  { hours: 7 * 24, words: '7 days' },
  { hours: 30 * 24, words: '30 days' },
];
const pageSize = 20;

type CameraGap = Gap & { cameraId: number; name: string };

/** What should have been recorded and was not, with the reason. */
export function GapsSection({ cameras }: { cameras: readonly Camera[] }): ReactNode {
  const { now } = useSiteStore();
  const [hours, setHours] = useState(24);
  const query = useQuery({
    ...coverageQuery(cameras.map(({ id }) => id), hours, now),
    enabled: cameras.length > 0,
  });
  return (
    <Section
      title="Gaps"
      actions={
        <select
          className="field"
          aria-label="Time that is looked at"
          value={hours}
          onChange={({ currentTarget: { value } }) => setHours(Number(value))}
        >
          {spans.map((span) => (
            <option key={span.hours} value={span.hours}>
              {span.words}
            </option>
          ))}
        </select>
      }
    >
      {cameras.length === 0 ? (
        <p className={styles.none}>There are no cameras yet.</p>
      ) : (
        <Loaded query={query} what="gaps" height={120}>
          {(answer) => {
            const gaps = answer.cameras.flatMap(({ cameraId, gaps: all }) =>
              all.filter(isMissed).map((gap) => ({
                ...gap,
                cameraId,
                name: cameras.find(({ id }) => id === cameraId)?.name ?? '',
              })),
            );
            gaps.sort((a, b) => b.start - a.start);
            return <Gaps key={hours} gaps={gaps} end={answer.span.end} />;
          }}
        </Loaded>
      )}
    </Section>
  );
}

/** `end`: of the time that was looked at. */
function Gaps({ gaps, end }: { gaps: CameraGap[]; end: number }): ReactNode {
  const [shown, setShown] = useState(pageSize);
  if (gaps.length === 0) {
    return (
      <p className={styles.none}>
        Nothing is missing. Hours in which nothing was to be recorded do not count.
      </p>
    );
  }
  return (
    <>
      <ul className={styles.gaps} aria-label="Gaps, the newest first">
        {gaps.slice(0, shown).map((gap) => (
          <GapItem key={`${String(gap.cameraId)} ${String(gap.start)}`} gap={gap} isOpen={gap.end >= end - tickMs} />
        ))}
      </ul>
      {gaps.length > shown && (
        <button type="button" className="button" onClick={() => setShown(shown + pageSize)}>
          Show more of {formatCount(gaps.length, 'gap')}
        </button>
      )}
    </>
  );
}

/** The picture before it broke off says most. */
const leadMs = 5000;

/** How long after a question its answer may be. */
const tickMs = 2000;

type GapItemProps = { gap: CameraGap; /** It goes on. */ isOpen: boolean };

function GapItem({ gap, isOpen }: GapItemProps): ReactNode {
  const zone = useZone();
  const { start, end, cameraId, name } = gap;
  const at = start - leadMs;
  const query = new URLSearchParams({
    camera: String(cameraId),
    day: dayOf(at, zone),
    at: toRfc3339(at),
  });
  const seconds = (end - start) / 1000;
  return (
    <li>
      <Link to={`/recordings?${query.toString()}`}>
        {name}, {isOpen ? openTimes(start, zone) : gapTimes(start, end, zone)}
      </Link>
      <p>
        {formatDuration(Math.max(1, seconds))}: {reasonOf(gap)}
      </p>
    </li>
  );
}

/** "28 Nov, 02:10 until now" */
function openTimes(start: number, zone: string): string {
  return `${formatDayShort(dayOf(start, zone))}, ${formatMinute(start, zone)} until now`;
}

/** "28 Nov, 02:10 to 02:22"; with seconds where minutes would say nothing. */
function gapTimes(start: number, end: number, zone: string): string {
  const format = end - start < 120_000 ? formatClock : formatMinute;
  const [from, to] = [dayOf(start, zone), dayOf(end, zone)];
  const until = from === to ? format(end, zone) : `${formatDayShort(to)}, ${format(end, zone)}`;
  return `${formatDayShort(from)}, ${format(start, zone)} to ${until}`;
}
