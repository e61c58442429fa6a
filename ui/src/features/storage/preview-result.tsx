// SPDX-License-Identifier: MIT
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { camerasQuery } from '../../api/cameras';
import { useSiteStore, useZone } from '../../api/site';
import { previewQuery } from '../../api/storage';
import type { CameraPreview, Preview, PreviewRequest } from '../../api/storage-types';
import { Icon } from '../../components/icon';
import { ProgressLine } from '../../components/progress-line';
import { formatCount, formatDays } from '../../lib/amounts';
import { formatSize } from '../../lib/size';
import { namesOf, type Named } from './names';
import styles from './preview-result.module.css';
import tables from './tables.module.css';
import { daysLeftWords, deletionWords } from './words';

type PreviewResultProps = {
  /** Null while the fields are not valid. */
  request: PreviewRequest | null;
  /** The fields are newer than `request`. */
  isWaiting: boolean;
};

/** What would come of limits that are not saved yet. */
export function PreviewResult({ request, isWaiting }: PreviewResultProps): ReactNode {
  const { data, error, isFetching } = useQuery({
    ...previewQuery(request ?? {}),
    enabled: request !== null,
    placeholderData: keepPreviousData,
  });
  const { data: cameras = [] } = useQuery(camerasQuery());
  return (
    <section
      className={styles.preview}
      aria-label="What comes of it"
      aria-busy={isWaiting || isFetching}
    >
      {(isWaiting || isFetching) && <ProgressLine label="Looking through the recordings" />}
      <h3>What comes of it</h3>
      <div role="status" className={styles.words}>
        {data !== undefined && <Words preview={data} />}
        {data === undefined && (
          <p className={styles.soft}>
            {error === null
              ? 'Looking through the recordings …'
              : `This is not known: ${error.message}`}
          </p>
        )}
      </div>
      <CamerasOf cameras={data?.cameras ?? []} names={namesOf(cameras, data?.cameras ?? [])} />
    </section>
  );
}

function Words({ preview }: { preview: Preview }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const isDeleting = preview.file_count > 0;
  return (
    <>
      <p data-deletes={isDeleting}>
        <Icon name={isDeleting ? 'warning' : 'check'} size={18} />
        {deletionWords(preview, now(), zone)}.
      </p>
      <p>{daysLeftWords(preview.full_at, now())}.</p>
      {preview.warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
    </>
  );
}

type CamerasOfProps = { cameras: readonly CameraPreview[]; names: readonly Named[] };

function CamerasOf({ cameras, names }: CamerasOfProps): ReactNode {
  const rows = names.map(({ id, name }) => ({
    id,
    name,
    of: cameras.find(({ camera_id }) => camera_id === id),
  }));
  // A row for each from the start, for the dialog is not to grow.
  if (rows.length === 0) return null;
  return (
    // What scrolls must be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="What comes of it, by camera">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Camera</th>
            <th scope="col">Deletes</th>
            <th scope="col" className={tables.number}>
              Keeps
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, of }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{of === undefined ? '–' : deletesWords(of)}</td>
              <td className={tables.number}>
                {of === undefined ? '–' : of.keeps_days === null ? 'not known' : formatDays(of.keeps_days)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function deletesWords({ file_count, size_bytes }: CameraPreview): string {
  if (file_count === 0) return 'nothing';
  return `${formatCount(file_count, 'recording')}, ${formatSize(size_bytes)}`;
}
