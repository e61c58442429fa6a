// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import type { StorageStats } from '../../api/storage-types';
import { coverageQuery, type Coverage } from '../../api/timeline';
import type { Camera } from '../../api/types';
import { formatCount, formatShare } from '../../lib/amounts';
import { isMissed } from '../../lib/missing';
import { formatMinute, type Span } from '../../lib/time';
import { CoverageStrip } from './coverage-strip';
import styles from './coverage-section.module.css';
import { namesOf } from './names';
import { Loaded, Section } from './section';

type CoverageSectionProps = { cameras: readonly Camera[]; stats: StorageStats };

const hours = 24;

/** What was recorded of each camera in the last 24 hours. */
export function CoverageSection({ cameras, stats }: CoverageSectionProps): ReactNode {
  const { now } = useSiteStore();
  const ordered = namesOf(cameras, []);
  const query = useQuery({
    ...coverageQuery(cameras.map(({ id }) => id), hours, now),
    enabled: cameras.length > 0,
  });
  return (
    <Section title="The last 24 hours">
      {cameras.length === 0 ? (
        <p className={styles.none}>There are no cameras yet.</p>
      ) : (
        <Loaded query={query} what="last 24 hours" height={30 * cameras.length + 22}>
          {(answer) => (
            <>
              <ul className={styles.cameras} aria-label="Recorded in the last 24 hours">
                {ordered.map(({ id, name }) => {
                  const coverage = answer.cameras.find(({ cameraId }) => cameraId === id);
                  if (coverage === undefined) return null;
                  const use = stats.cameras.find((one) => one.camera_id === id);
                  return (
                    <CoverageRow
                      key={id}
                      name={name}
                      coverage={coverage}
                      span={answer.span}
                      share={use?.coverage_24h ?? null}
                    />
                  );
                })}
              </ul>
              <Hours span={answer.span} />
            </>
          )}
        </Loaded>
      )}
    </Section>
  );
}

type CoverageRowProps = { name: string; coverage: Coverage; span: Span; share: number | null };

function CoverageRow({ name, coverage, span, share }: CoverageRowProps): ReactNode {
  const missed = coverage.gaps.filter(isMissed).length;
  const words = share === null ? 'nothing was to be recorded' : `${formatShare(share)} recorded`;
  return (
    <li className={styles.camera}>
      <span className={styles.name}>{name}</span>
      <CoverageStrip
        label={`${name}: ${words}, ${missed === 0 ? 'no gap' : formatCount(missed, 'gap')}`}
        coverage={coverage}
        span={span}
      />
      <span className={styles.share} aria-hidden="true">
        {share === null ? '–' : formatShare(share)}
      </span>
    </li>
  );
}

function Hours({ span }: { span: Span }): ReactNode {
  const zone = useZone();
  const marks = [0, 1, 2, 3].map((quarter) => span.start + ((span.end - span.start) * quarter) / 4);
  return (
    <p className={styles.hours} aria-hidden="true">
      {marks.map((at) => (
        <span key={at}>{formatMinute(at, zone)}</span>
      ))}
      <span className={styles.now}>now</span>
    </p>
  );
}
