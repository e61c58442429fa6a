// SPDX-License-Identifier: MIT
// Comes before the rest of the page, which takes longer to arrive and to get going: pictures move by
// then.
import './global.css';

import { prefetchLive } from '../lib/live/page-socket';
import { beginPage } from './begin';
import { showTheme, storedTheme } from './theme';

/** Of a recorder that answers at once. Who waits longer is better served by the whole page. */
const longestMs = 500;

showTheme(storedTheme());
prefetchLive();
// Not awaited: what is imported has parts of this one, and those are there when it has ended.
void Promise.all([import('./main'), beginPage(longestMs)]).then(([{ showApp }, cameras]) => {
  showApp(cameras);
});
