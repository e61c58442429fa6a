// SPDX-License-Identifier: MIT
import { useEffect, useRef, type ReactNode } from 'react';

import type { Recording } from '../../api/types';
import { Icon } from '../../components/icon';
import { formatSize } from '../../lib/size';
import {
  dayOf,
  formatClock,
  formatDayShort,
  formatDuration,
  formatMinute,
  type Span,
} from '../../lib/time';
import styles from './recording-list.module.css';
import { rowsOf } from './rows';

type RecordingListProps = {
  recordings: readonly Recording[];
  day: string;
  zone: string;
  now: number;
  selectedId: number | null;
  onSelect: (recording: Recording) => void;
};

export function RecordingList({
  recordings,
  day,
  zone,
  now,
  selectedId,
  onSelect,
}: RecordingListProps): ReactNode {
  // Opened by a link, or gone on to by the player, it may be far down.
  const selectedRow = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which React would take for a clean-up.
    selectedRow.current?.scrollIntoView({ block: 'nearest' });
  }, [selectedId]);

  return (
    <ol className={styles.list}>
      {rowsOf(recordings, now).map((row) =>
        row.kind === 'gap' ? (
          <li key={`gap-${String(row.span.start)}`} className={styles.gap}>
            <Icon name="gap" size={18} />
            {gapSentence(row.span, zone)}
          </li>
        ) : (
          <li key={row.recording.id}>
            <button
              ref={row.recording.id === selectedId ? selectedRow : undefined}
              type="button"
              className={styles.row}
              aria-current={row.recording.id === selectedId}
              disabled={row.recording.state === 'missing'}
              onClick={() => onSelect(row.recording)}
            >
              <span className={styles.time}>
                {edge(row.span.start, day, zone)}
                {' – '}
                {row.recording.state === 'recording' ? 'now' : edge(row.span.end, day, zone)}
              </span>
              <State recording={row.recording} />
              <span className={styles.facts}>
                {formatDuration(
                  row.recording.duration_s ?? (row.span.end - row.span.start) / 1000,
                )}
                {row.recording.size_bytes > 0 && ` · ${formatSize(row.recording.size_bytes)}`}
              </span>
            </button>
          </li>
        ),
      )}
    </ol>
  );
}

/** Files reach over midnight; a time of another day says so. */
function edge(ms: number, day: string, zone: string): string {
  const clock = formatClock(ms, zone);
  const itsDay = dayOf(ms, zone);
  return itsDay === day ? clock : `${formatDayShort(itsDay)}, ${clock}`;
}

/** "No recording between 02:10 and 02:22"; with seconds where minutes would say nothing. */
function gapSentence({ start, end }: Span, zone: string): string {
  const format = end - start < 120_000 ? formatClock : formatMinute;
  return `No recording between ${format(start, zone)} and ${format(end, zone)}`;
}

function State({ recording }: { recording: Recording }): ReactNode {
  switch (recording.state) {
    case 'recording':
      return (
        <span className={`${styles.state ?? ''} ${styles.recording ?? ''}`}>recording now</span>
      );
    case 'recovered':
      return (
        <span
          className={styles.state}
          title="The recorder was stopped hard while writing this file, and repaired it afterwards"
        >
          recovered
        </span>
      );
    case 'missing':
      return (
        <span
          className={`${styles.state ?? ''} ${styles.missing ?? ''}`}
          title="The file is no longer where it was recorded"
        >
          <Icon name="warning" size={14} />
          missing
        </span>
      );
    case 'complete':
      return null;
  }
}
