// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import type { Preview, StorageStats } from '../../api/storage-types';
import { formatCount } from '../../lib/amounts';
import { formatSize } from '../../lib/size';
import { formatDate, parseInstant } from '../../lib/time';
import { Skeleton } from './section';
import styles from './storage-summary.module.css';
import { fullWords } from './words';

type StorageSummaryProps = { stats: StorageStats; preview: Preview | undefined };

/** The three figures that people come for. */
export function StorageSummary({ stats, preview }: StorageSummaryProps): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const full = preview && fullWords(preview.full_at, now(), zone);
  const oldest = stats.oldest === null ? null : parseInstant(stats.oldest);
  return (
    <dl className={styles.summary}>
      <Figure
        name="Recorded"
        value={formatSize(stats.size_bytes)}
        note={formatCount(stats.file_count, 'recording')}
      />
      <Figure
        name="Goes back to"
        value={oldest === null ? 'Nothing yet' : formatDate(oldest, now(), zone)}
        note={oldest === null ? 'No recording so far' : 'The oldest recording'}
      />
      <Figure
        name={preview !== undefined && preview.volumes.length > 1 ? 'First disk full' : 'Disk full'}
        value={full}
        note={full && `${full === 'Now' ? 'Its' : 'From then on its'} oldest recordings make room`}
      />
    </dl>
  );
}

type FigureProps = { name: string; value: string | undefined; note: string | undefined };

function Figure({ name, value, note }: FigureProps): ReactNode {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd className={styles.value}>{value ?? <Skeleton what={name.toLowerCase()} height={28} />}</dd>
      <dd className={styles.note}>{note ?? '\u00a0'}</dd>
    </div>
  );
}
