// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { useSiteStore, useZone } from '../../api/site';
import { policyQuery } from '../../api/storage';
import type { Policy } from '../../api/storage-types';
import { storageWorkQuery } from '../../api/storage-work';
import { Icon } from '../../components/icon';
import { formatCount } from '../../lib/amounts';
import { formatSize } from '../../lib/size';
import { formatSince, parseInstant } from '../../lib/time';
import { ClockNotice } from './clock-notice';
import styles from './policy-section.module.css';
import { Loaded, Section } from './section';
import { policyRules } from './words';
import { WorkProgress } from './work-progress';

export function PolicySection(): ReactNode {
  const query = useQuery({ ...policyQuery(), retryOnMount: false });
  return (
    <Section
      title="Limits of all cameras"
      actions={
        <>
          <Link id="open-delete" className="button" to="/storage/delete">
            Delete now
          </Link>
          <Link id="open-policy" className="button" to="/storage/policy">
            <Icon name="edit" />
            Change limits
          </Link>
        </>
      }
    >
      <Loaded query={query} what="limits" height={176}>
        {(policy) => (
          <>
            {policy.held !== null && <ClockNotice held={policy.held} />}
            <dl className={styles.rules}>
              {policyRules(policy).map(({ name, words }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
            <Deleting policy={policy} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** How far the deletion is, or what the last one came to; in the same place. */
function Deleting({ policy: { last_run: last } }: { policy: Policy }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  const { retention } = useQuery(storageWorkQuery()).data;
  if (retention?.running === true) {
    const { file_count: done, size_bytes: size, left_file_count: left } = retention;
    return (
      <WorkProgress
        label="Deleting what exceeds the limits"
        words={`${formatCount(done, 'recording')} deleted, ${formatSize(size)}; ${formatCount(left, 'recording')} left`}
        done={done}
        left={left}
      />
    );
  }
  const at = last === null ? null : parseInstant(last.at);
  return (
    <p className={styles.last}>
      {last === null || at === null
        ? 'Nothing was deleted since the recorder was started.'
        : `Last run ${formatSince(at, now(), zone)}: ${ranWords(last)}.`}
    </p>
  );
}

function ranWords({ file_count, size_bytes }: NonNullable<Policy['last_run']>): string {
  if (file_count === 0) return 'nothing had to be deleted';
  return `${formatCount(file_count, 'recording')} deleted, ${formatSize(size_bytes)}`;
}
