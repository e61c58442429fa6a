// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';

import { useSiteStore } from '../../api/site';
import { storageDaysQuery } from '../../api/storage';
import type { DayUse } from '../../api/storage-types';
import { formatSize } from '../../lib/size';
import { addDays, dayOf } from '../../lib/time';
import type { Named } from './names';
import { Loaded, Section } from './section';
import { UseChart } from './use-chart';
import { UseLegend } from './use-legend';
import styles from './use-section.module.css';
import { daysBetween, stacksOf, type Stack } from './use-stacks';
import { UseTable } from './use-table';

const spans = ['7', '30', '90'];
const bodyHeight = 320;

type UseSectionProps = {
  names: readonly Named[];
  /** Of nothing there is no chart. */
  isEmpty: boolean;
};

/** What each day takes on the disks, and which camera of it. */
export function UseSection({ names, isEmpty }: UseSectionProps): ReactNode {
  const { now } = useSiteStore();
  const [params, setParams] = useSearchParams();
  const given = params.get('days') ?? '';
  const span = spans.includes(given) ? given : '30';
  const [isTable, setIsTable] = useState(false);
  // The days of the figures are those of UTC.
  const last = dayOf(now(), 'UTC');
  const first = addDays(last, 1 - Number(span));
  const query = useQuery({ ...storageDaysQuery(first, last), enabled: !isEmpty });
  if (isEmpty) {
    return (
      <Section title="Use per day">
        <p className={styles.none}>Nothing was recorded yet.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Use per day"
      actions={
        <>
          <button
            type="button"
            className="button"
            aria-pressed={isTable}
            onClick={() => setIsTable(!isTable)}
          >
            {isTable ? 'Show as chart' : 'Show as table'}
          </button>
          <select
            className="field"
            aria-label="Days that are shown"
            value={span}
            onChange={({ currentTarget: { value } }) =>
              setParams(value === '30' ? {} : { days: value }, { replace: true })
            }
          >
            {spans.map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
          </select>
        </>
      }
    >
      <Loaded query={query} what="use per day" height={bodyHeight}>
        {(use) => (
          <Use use={use} first={first} last={last} names={names} isTable={isTable} />
        )}
      </Loaded>
    </Section>
  );
}

type UseProps = {
  use: DayUse[];
  first: string;
  last: string;
  names: readonly Named[];
  isTable: boolean;
};

function Use({ use, first, last, names, isTable }: UseProps): ReactNode {
  const days = useMemo(() => daysBetween(first, last), [first, last]);
  // Names are made anew with each event about a camera; the chart is not to be.
  const named = JSON.stringify(names);
  const stacks = useMemo(
    () => stacksOf(use, days, JSON.parse(named) as Named[]),
    [use, days, named],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const onPoint = useCallback((at: number | null) => setPointed(at), []);
  const focused = stacks.some(({ key }) => key === chosen) ? chosen : null;
  if (stacks.length === 0) {
    return <p className={`${styles.none ?? ''} ${styles.use ?? ''}`}>Nothing was recorded in these days.</p>;
  }
  return (
    <div className={styles.use}>
      {isTable ? (
        <UseTable days={days} stacks={stacks} focused={focused} />
      ) : (
        <UseChart
          days={days}
          stacks={stacks}
          focused={focused}
          label={chartLabel(stacks, days.length)}
          onPoint={onPoint}
        />
      )}
      <UseLegend
        stacks={stacks}
        day={pointed === null || isTable ? null : { at: pointed, day: days[pointed] ?? '' }}
        focused={focused}
        onFocus={setChosen}
      />
    </div>
  );
}

function chartLabel(stacks: readonly Stack[], dayCount: number): string {
  const total = stacks.reduce((all, stack) => all + stack.total, 0);
  return `Chart of the last ${String(dayCount)} days: ${formatSize(total)} in all. "Show as table" has the figures.`;
}
