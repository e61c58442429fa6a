// SPDX-License-Identifier: MIT
import { memo, type ReactNode, type Ref } from 'react';

import type { Recording } from '../../api/types';
import { Icon } from '../../components/icon';
import { formatSize } from '../../lib/size';
import { dayOf, formatClock, formatDayShort, formatDuration } from '../../lib/time';
import { ProtectButton } from './protect-button';
import styles from './recording-list.module.css';

type RecordingRowProps = {
  recording: Recording;
  start: number;
  end: number;
  day: string;
  zone: string;
  isSelected: boolean;
  /** Whether it goes on being recorded cannot be told: the connection to the recorder is lost. */
  isUncertain: boolean;
  /** Must stay the same function, or every row is drawn anew. */
  onSelect: (recording: Recording) => void;
  /** The same goes for this. */
  onProtect: (recording: Recording) => void;
  button: Ref<HTMLButtonElement> | undefined;
};

/** A day may have a thousand of them, and the clock ticks: only what changes is drawn anew. */
export const RecordingRow = memo(function RecordingRow({
  recording,
  start,
  end,
  day,
  zone,
  isSelected,
  isUncertain,
  onSelect,
  onProtect,
  button,
}: RecordingRowProps) {
  const time = edge(start, day, zone);
  return (
    <li className={styles.item}>
      <button
        ref={button}
        type="button"
        className={styles.row}
        aria-current={isSelected}
        disabled={recording.state === 'missing'}
        onClick={() => onSelect(recording)}
      >
        <span className={styles.time}>
          {time}
          {' – '}
          {recording.state !== 'recording'
            ? edge(end, day, zone)
            : isUncertain
              ? 'not known'
              : 'now'}
        </span>
        <State recording={recording} isUncertain={isUncertain} />
        <span className={styles.facts}>
          {formatDuration(recording.duration_s ?? (end - start) / 1000)}
          {recording.size_bytes > 0 && ` · ${formatSize(recording.size_bytes)}`}
          {recording.protected && ' · protected'}
        </span>
      </button>
      <ProtectButton recording={recording} time={time} onToggle={onProtect} />
    </li>
  );
});

/** Files reach over midnight; a time of another day says so. */
function edge(ms: number, day: string, zone: string): string {
  const clock = formatClock(ms, zone);
  const itsDay = dayOf(ms, zone);
  return itsDay === day ? clock : `${formatDayShort(itsDay)}, ${clock}`;
}

type StateProps = { recording: Recording; isUncertain: boolean };

function State({ recording, isUncertain }: StateProps): ReactNode {
  switch (recording.state) {
    case 'recording':
      return isUncertain ? (
        <span className={styles.state}>was recording</span>
      ) : (
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
