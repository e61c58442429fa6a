// SPDX-License-Identifier: MIT
import { useEffect, useLayoutEffect, type ReactNode } from 'react';

import { Note } from '../components/note';
import { dropFirstPage } from '../lib/first-page';
import { isKioskSearch } from '../lib/kiosk';
import styles from './page-failure.module.css';

/** Nobody is there to press a button: a screen on the wall begins anew by itself. */
const kioskReloadMs = 30_000;

/** In place of a page in which something went wrong that nobody foresaw. */
export function PageFailure({ onRetry }: { onRetry: () => void }): ReactNode {
  useEffect(() => {
    if (!isKioskSearch(window.location.search)) return;
    const timer = setTimeout(() => window.location.reload(), kioskReloadMs);
    return () => clearTimeout(timer);
  }, []);
  useLayoutEffect(dropFirstPage, []);
  return (
    <>
      <title>Page stopped - RoninNVR</title>
      <h1 className="visually-hidden">Page stopped</h1>
      <Note icon="warning" title="This page stopped because of an error in it" isError>
        <p>Recording goes on: it happens in the recorder and does not need this page.</p>
        <div className={styles.actions}>
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
          <button type="button" className="button" onClick={() => window.location.reload()}>
            Reload page
          </button>
        </div>
      </Note>
    </>
  );
}
