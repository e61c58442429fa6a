// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import { confirmClock } from '../../api/storage-requests';
import type { Policy } from '../../api/storage-types';
import { Icon } from '../../components/icon';
import { useFocusRescue } from '../../components/use-focus-rescue';
import { useNow } from '../../components/use-now';
import { ZonedClock } from '../../components/zoned-clock';
import { dayOf, formatDay, formatSince, parseInstant } from '../../lib/time';
import styles from './clock-notice.module.css';

/** Nothing is deleted for its age while nobody knows whether the clock is right. */
export function ClockNotice({ held }: { held: NonNullable<Policy['held']> }): ReactNode {
  const client = useQueryClient();
  const now = useNow(useSiteStore().now);
  const zone = useZone();
  const box = useRef<HTMLDivElement>(null);
  useFocusRescue(box);
  const confirm = useMutation({ mutationFn: () => confirmClock(client) });
  const since = parseInstant(held.since);
  return (
    <div ref={box} className={styles.notice}>
      <Icon name="clock" />
      <div>
        <p>
          {held.sentence}
          {since !== null && ` Since ${formatSince(since, now, zone)}.`}
        </p>
        <p>
          The recorder’s clock says {formatDay(dayOf(now, zone))}, <ZonedClock ms={now} zone={zone} />.
        </p>
        {confirm.error !== null && <p role="alert">{confirm.error.message}</p>}
      </div>
      <button
        type="button"
        className="button"
        aria-disabled={confirm.isPending}
        onClick={() => {
          if (!confirm.isPending) confirm.mutate();
        }}
      >
        The clock is right
      </button>
    </div>
  );
}
