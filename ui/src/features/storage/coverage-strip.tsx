// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { Coverage } from '../../api/timeline';
import { isMissed } from '../../lib/missing';
import type { Span } from '../../lib/time';
import styles from './coverage-strip.module.css';

type CoverageStripProps = { label: string; coverage: Coverage; span: Span };

const width = 1000;

/** Recorded is a band; what is missing stands out of it in another colour; nothing where nothing was wanted. */
export function CoverageStrip({ label, coverage, span }: CoverageStripProps): ReactNode {
  const x = (at: number): number =>
    (Math.min(span.end, Math.max(span.start, at)) - span.start) * (width / (span.end - span.start));
  const path = (spans: readonly Span[], top: number, bottom: number): string =>
    spans
      .map(({ start, end }) => {
        const [left, right] = [x(start).toFixed(2), x(end).toFixed(2)];
        return `M${left} ${String(top)}H${right}V${String(bottom)}H${left}z`;
      })
      .join('');
  return (
    <svg
      className={styles.strip}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(width)} 20`}
      preserveAspectRatio="none"
    >
      <path className={styles.recorded} d={path(coverage.spans, 3, 17)} />
      <path className={styles.missing} d={path(coverage.gaps.filter(isMissed), 0, 20)} />
    </svg>
  );
}
