// SPDX-License-Identifier: MIT
// Comes before the rest of the page, which takes longer to arrive and to get going: pictures move by
// then.
import './global.css';

import { prefetchLive } from '../lib/live/page-socket';
import { beginPage } from './begin';
import { showTheme, storedTheme } from './theme';

/** Where it takes longer, the whole page is worth more. */
const longestMs = 500;

showTheme(storedTheme());
prefetchLive();
// The rest takes the page's time when it starts, which pictures that are on their way need more.
void beginPage(longestMs).then(async (cameras) => {
  const { showApp } = await import('./main');
  showApp(cameras);
});
