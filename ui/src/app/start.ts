// SPDX-License-Identifier: MIT
// Comes before the rest of the page, which takes longer to arrive and to get going: pictures move by
// then.
import './global.css';

import { dropFirstPage } from '../lib/first-page';
import { isKioskSearch } from '../lib/kiosk';
import { prefetchLive } from '../lib/live/page-socket';
import { beginPage } from './begin';
import { showTheme, storedTheme } from './theme';

/** Where it takes longer, the whole page is worth more. */
const longestMs = 1000;
const kioskReloadMs = 30_000;

showTheme(storedTheme());
prefetchLive();
// The rest takes the page's time when it starts, which pictures that are on their way need more.
beginPage(longestMs)
  .then(async (cameras) => {
    const { showApp } = await import('./main');
    showApp(cameras);
  })
  .catch((error: unknown) => {
    console.error('The page could not be started:', error);
    dropFirstPage();
    document.body.append('The rest of this page did not arrive from the recorder. Reload the page.');
    // Nobody is there to do so at a screen on the wall.
    if (isKioskSearch(location.search)) setTimeout(() => location.reload(), kioskReloadMs);
  });
