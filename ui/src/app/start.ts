// SPDX-License-Identifier: MIT
// Comes before the rest of the page, which takes longer to arrive and to get going: the pictures that
// were shown last are on their way by then.
import { prefetchLive } from '../lib/live/page-socket';

prefetchLive();

void import('./main');
