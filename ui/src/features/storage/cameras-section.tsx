// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { useSiteStore, useZone } from '../../api/site';
import type { CameraUse, Preview, StorageStats } from '../../api/storage-types';
import type { Camera } from '../../api/types';
import { IconLink } from '../../components/icon-link';
import { useMedia } from '../../components/use-media';
import { formatDays } from '../../lib/amounts';
import { formatBitrate } from '../../lib/rates';
import { formatSize } from '../../lib/size';
import { formatDate, parseInstant } from '../../lib/time';
import styles from './cameras-section.module.css';
import type { Named } from './names';
import { Section } from './section';
import tables from './tables.module.css';
import { limitWords } from './words';

type CamerasSectionProps = {
  cameras: readonly Camera[];
  stats: StorageStats;
  preview: Preview | undefined;
  names: readonly Named[];
};

type Row = Named & {
  use: CameraUse | undefined;
  camera: Camera | undefined;
  keepsDays: number | null | undefined;
  /** Of what the largest takes; 0 to 1. */
  share: number;
};

/** What each camera takes, and how long its recordings are kept. */
export function CamerasSection({ cameras, stats, preview, names }: CamerasSectionProps): ReactNode {
  const isNarrow = useMedia('(width < 900px)');
  const largest = Math.max(1, ...stats.cameras.map(({ size_bytes: size }) => size));
  const rows = names.map((named): Row => {
    const use = stats.cameras.find(({ camera_id: id }) => id === named.id);
    return {
      ...named,
      use,
      camera: cameras.find(({ id }) => id === named.id),
      keepsDays: preview?.cameras.find(({ camera_id: id }) => id === named.id)?.keeps_days,
      share: (use?.size_bytes ?? 0) / largest,
    };
  });
  const List = isNarrow ? Cards : Table;
  return (
    <Section title="Use and limits of each camera">
      {rows.length === 0 ? (
        <p className={styles.none}>
          There are no cameras yet. <Link to="/cameras/new">Add a camera</Link>
        </p>
      ) : (
        <List rows={rows} />
      )}
    </Section>
  );
}

function Table({ rows }: { rows: readonly Row[] }): ReactNode {
  return (
    <table className={`${tables.table ?? ''} ${styles.table ?? ''}`}>
      <caption className="visually-hidden">Use and limits of each camera</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.name}>Camera</th>
          <th scope="col">Takes</th>
          <th scope="col">Goes back to</th>
          <th scope="col">Rate</th>
          <th scope="col">Will keep</th>
          <th scope="col" className={styles.limits}>Limits of its own</th>
          <th scope="col" className={styles.change}>
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">{row.name}</th>
            <td>
              <Takes row={row} />
            </td>
            <td>
              <Oldest row={row} />
            </td>
            <td>{rateOf(row)}</td>
            <td>{keepsOf(row)}</td>
            <td>{limitsOf(row)}</td>
            <td className={styles.change}>
              <ChangeLink row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One below the other, on a phone. */
function Cards({ rows }: { rows: readonly Row[] }): ReactNode {
  return (
    <ul className={styles.cards} aria-label="Use and limits of each camera">
      {rows.map((row) => (
        <li key={row.id}>
          <div className={styles.cardHead}>
            <h3>{row.name}</h3>
            <ChangeLink row={row} />
          </div>
          <Takes row={row} />
          <dl>
            <dt>Goes back to</dt>
            <dd>
              <Oldest row={row} />
            </dd>
            <dt>Rate</dt>
            <dd>{rateOf(row)}</dd>
            <dt>Will keep</dt>
            <dd>{keepsOf(row)}</dd>
            <dt>Limits of its own</dt>
            <dd>{limitsOf(row)}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Takes({ row: { use, share } }: { row: Row }): ReactNode {
  return (
    <>
      {formatSize(use?.size_bytes ?? 0)}
      {use !== undefined && use.sub_bytes > 0 && (
        <span className={styles.sub}> sub stream {formatSize(use.sub_bytes)}</span>
      )}
      {use !== undefined && use.protected_bytes > 0 && (
        <span className={styles.sub}> protected {formatSize(use.protected_bytes)}</span>
      )}
      <span className={styles.share} aria-hidden="true">
        <span style={{ width: `${String(share * 100)}%` }} />
      </span>
    </>
  );
}

function Oldest({ row: { use } }: { row: Row }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const at = use?.oldest == null ? null : parseInstant(use.oldest);
  return at === null ? 'no recording' : formatDate(at, now(), zone);
}

function rateOf({ use }: Row): string {
  return use?.bitrate_bps == null || use.bitrate_bps === 0 ? 'none' : formatBitrate(use.bitrate_bps);
}

function keepsOf({ keepsDays }: Row): string {
  return keepsDays == null ? 'not known' : formatDays(keepsDays);
}

function limitsOf({ camera, isRemoved }: Row): string {
  if (isRemoved) return 'as for all';
  const words = camera === undefined ? [] : limitWords(camera);
  return words.length === 0 ? 'as for all' : words.join(', ');
}

function ChangeLink({ row: { id, name, isRemoved } }: { row: Row }): ReactNode {
  if (isRemoved) return null;
  return (
    <IconLink
      id={`open-cameras-${String(id)}`}
      icon="edit"
      label={`Change the limits of ${name}`}
      to={`/storage/cameras/${String(id)}`}
    />
  );
}
