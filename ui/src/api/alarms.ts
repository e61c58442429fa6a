// SPDX-License-Identifier: MIT
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import type { Alarm } from './storage-types';

const alarmsKey = ['alarms'];

/** What needs somebody, as the events socket tells it: all of it on connect, and at each change. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function alarmsQuery() {
  return queryOptions({
    queryKey: alarmsKey,
    queryFn: (): Alarm[] => [],
    initialData: (): Alarm[] => [],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

export function setAlarms(client: QueryClient, alarms: Alarm[]): void {
  client.setQueryData(alarmsKey, alarms);
}
