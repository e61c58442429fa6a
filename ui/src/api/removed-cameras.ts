// SPDX-License-Identifier: MIT
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import type { Footage } from './camera-requests';

/** How long the recorder can undo a removal. */
export const undoMs = 30_000;

/** `until` in epoch milliseconds of the browser's clock. */
export type RemovedCamera = { id: number; name: string; footage: Footage; until: number };

/** What was removed from this page and can be brought back. Lives in the cache, not in the recorder. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function removedCamerasQuery() {
  return queryOptions({
    queryKey: ['removed-cameras'],
    queryFn: (): RemovedCamera[] => [],
    initialData: [],
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

export function noteRemoved(client: QueryClient, removed: RemovedCamera): void {
  const { queryKey } = removedCamerasQuery();
  client.setQueryData(queryKey, (before = []) => [...before, removed]);
}

export function forgetRemoved(client: QueryClient, id: number): void {
  const { queryKey } = removedCamerasQuery();
  client.setQueryData(queryKey, (before = []) => before.filter((one) => one.id !== id));
}
