// SPDX-License-Identifier: MIT
import { useRef, type ReactNode } from 'react';

import { useSite, useSiteStore } from '../api/site';
import { Icon } from '../components/icon';
import { useFocusRescue } from '../components/use-focus-rescue';
import { useNow } from '../components/use-now';
import styles from './connection-banner.module.css';

export function ConnectionBanner(): ReactNode {
  const { connection } = useSite();
  return connection.state === 'lost' ? <Lost retryAt={connection.retryAt} /> : null;
}

// The browser's clock, because that is what `retryAt` is in.
function browserClock(): number {
  return Date.now();
}

function Lost({ retryAt }: { retryAt: number | null }): ReactNode {
  const { retryNow } = useSiteStore();
  const box = useRef<HTMLDivElement>(null);
  useFocusRescue(box);
  return (
    <div ref={box} className={styles.banner} data-banner>
      <Icon name="warning" />
      <p>
        {/* Spoken once; the countdown beside it is not. */}
        <span role="alert">Connection to the recorder lost</span>
        {retryAt === null ? (
          <span>, trying again now</span>
        ) : (
          <Countdown key={retryAt} to={retryAt} />
        )}
      </p>
      <button type="button" className={`button ${styles.retry ?? ''}`} onClick={retryNow}>
        Try now
      </button>
    </div>
  );
}

function Countdown({ to }: { to: number }): ReactNode {
  const seconds = Math.ceil((to - useNow(browserClock, 250)) / 1000);
  return <span>{`, trying again ${seconds > 0 ? `in ${String(seconds)} s` : 'now'}`}</span>;
}
