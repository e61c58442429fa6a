// SPDX-License-Identifier: MIT
import { useId, type ReactNode } from 'react';

import { useSiteStore } from '../../api/site';
import type { Volume } from '../../api/storage-types';
import { Icon } from '../../components/icon';
import { IconButton } from '../../components/icon-button';
import { IconLink } from '../../components/icon-link';
import { formatCount } from '../../lib/amounts';
import { formatBitrate } from '../../lib/rates';
import { formatSize } from '../../lib/size';
import styles from './volume-card.module.css';
import { daysLeftWords } from './words';

type StateWords = { word: string; look: 'good' | 'low' | 'failed' };

const states: Partial<Record<string, StateWords>> = {
  ok: { word: 'Works', look: 'good' },
  low: { word: 'Nearly full', look: 'low' },
  slow: { word: 'Slow', look: 'low' },
  full: { word: 'Full', look: 'low' },
  read_only: { word: 'Read only', look: 'failed' },
  missing: { word: 'Missing', look: 'failed' },
  error: { word: 'Fails', look: 'failed' },
};

type VolumeCardProps = {
  volume: Volume;
  /** Undefined while it is not known. */
  fullAt: string | null | undefined;
  onRemove: () => void;
};

export function VolumeCard({ volume, fullAt, onRemove }: VolumeCardProps): ReactNode {
  const { now } = useSiteStore();
  const { id, path } = volume;
  const { word, look } = states[volume.state] ?? { word: volume.state, look: 'low' };
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <h3>{path}</h3>
        {id !== null && (
          <IconLink
            id={`open-volumes-${String(id)}`}
            icon="edit"
            label={`Change ${path}`}
            to={`/storage/volumes/${String(id)}`}
          />
        )}
        {!volume.configured && id !== null && (
          <IconButton icon="remove" label={`Remove ${path}`} onClick={onRemove} />
        )}
      </div>
      <p className={styles.state} data-look={look}>
        <Icon name={look === 'good' ? 'check' : 'warning'} size={16} />
        {word}
        <span className={styles.role}>{roleWords(volume)}</span>
      </p>
      <UseBar volume={volume} />
      <p className={styles.soft}>
        {volume.write_bps === null ? '\u00a0' : `Writes ${formatBitrate(volume.write_bps)}`}
      </p>
      {volume.role === 'recording' && look !== 'failed' && (
        <p className={styles.soft}>
          {fullAt === undefined ? '\u00a0' : daysLeftWords(fullAt, now())}
        </p>
      )}
      {volume.sentence !== null && <p className={styles.sentence}>{volume.sentence}</p>}
    </li>
  );
}

function roleWords({ role, weight, move_after_days: days }: Volume): string {
  if (role === 'archive') {
    return days === null ? 'Archive' : `Archive, after ${formatCount(days, 'day')}`;
  }
  return weight === 0 ? 'Nothing new is recorded to it' : `Recording, weight ${String(weight)}`;
}

/** What is taken by recordings, by others, and what is free. */
function UseBar({ volume }: { volume: Volume }): ReactNode {
  const id = useId();
  const { capacity_bytes: capacity, free_bytes: free, recordings_bytes: ours } = volume;
  // Where a disk is missing, these are of what lies beneath.
  const isThere = volume.state !== 'missing';
  const isKnown = isThere && capacity !== null && free !== null && capacity > 0;
  const percent = (bytes: number): string => `${String(Math.min(100, (bytes / (capacity ?? 1)) * 100))}%`;
  return (
    <>
      <div className={styles.bar} role="img" aria-labelledby={id}>
        {isKnown && (
          <>
            <span className={styles.ours} style={{ width: percent(ours) }} />
            <span
              className={styles.others}
              style={{ width: percent(Math.max(0, capacity - free - ours)) }}
            />
          </>
        )}
      </div>
      <p id={id} className={styles.figures}>
        <span>
          <span className={styles.swatch} />
          {formatSize(ours)} of recordings
        </span>
        <span>{isKnown ? `${formatSize(free)} of ${formatSize(capacity)} free` : 'Free space not known'}</span>
      </p>
    </>
  );
}
