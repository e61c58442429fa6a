// SPDX-License-Identifier: MIT
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { refreshStorage } from './storage-cache';
import type { MovingWork, RetentionWork } from './storage-types';

/** What the recorder is busy with, as the events socket tells it; null: nothing that takes long. */
export type StorageWork = { retention: RetentionWork | null; moving: MovingWork | null };

const workKey = ['storage-work'];
const idle: StorageWork = { retention: null, moving: null };

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function storageWorkQuery() {
  return queryOptions({
    queryKey: workKey,
    queryFn: () => idle,
    initialData: idle,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

export function patchStorageWork(client: QueryClient, change: Partial<StorageWork>): void {
  client.setQueryData(workKey, (before: StorageWork | undefined) => ({
    ...(before ?? idle),
    ...change,
  }));
  // What was there before is not what is there now.
  if (Object.values(change).some((work) => work?.running === false)) void refreshStorage(client);
}

/** After a lost connection nobody knows what was missed; what still runs is told anew. */
export function forgetStorageWork(client: QueryClient): void {
  client.setQueryData(workKey, idle);
}
