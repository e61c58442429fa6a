// SPDX-License-Identifier: MIT
import { useCallback, useEffect, useMemo, useRef, type ReactNode } from 'react';

import type { Recording } from '../../api/types';
import { GapRow } from './gap-row';
import styles from './recording-list.module.css';
import { RecordingRow } from './recording-row';
import { rowsOf } from './rows';

type RecordingListProps = {
  recordings: readonly Recording[];
  day: string;
  zone: string;
  now: number;
  selectedId: number | null;
  isLost: boolean;
  onSelect: (recording: Recording) => void;
  /** Must stay the same function, or every row is drawn anew. */
  onProtect: (recording: Recording) => void;
};

export function RecordingList({
  recordings,
  day,
  zone,
  now,
  selectedId,
  isLost,
  onSelect,
  onProtect,
}: RecordingListProps): ReactNode {
  // Opened by a link, or gone on to by the player, it may be far down.
  const selectedRow = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which React would take for a clean-up.
    selectedRow.current?.scrollIntoView({ block: 'nearest' });
  }, [selectedId]);

  // What the page does with a choice changes with its state; the rows must not.
  const latestSelect = useRef(onSelect);
  useEffect(() => {
    latestSelect.current = onSelect;
  });
  const select = useCallback((recording: Recording) => latestSelect.current(recording), []);

  // Only a file that grows makes the list depend on the time.
  const isGrowing = recordings.some(({ end, duration_s }) => end === null && duration_s === null);
  const until = isGrowing ? now : 0;
  const rows = useMemo(() => rowsOf(recordings, until), [recordings, until]);

  return (
    <ol className={styles.list}>
      {rows.map((row) =>
        row.kind === 'gap' ? (
          <GapRow
            key={`gap-${String(row.span.start)}`}
            start={row.span.start}
            end={row.span.end}
            zone={zone}
          />
        ) : (
          <RecordingRow
            key={row.recording.id}
            recording={row.recording}
            start={row.span.start}
            end={row.span.end}
            day={day}
            zone={zone}
            isSelected={row.recording.id === selectedId}
            isUncertain={isLost && row.recording.state === 'recording'}
            onSelect={select}
            onProtect={onProtect}
            button={row.recording.id === selectedId ? selectedRow : undefined}
          />
        ),
      )}
    </ol>
  );
}
