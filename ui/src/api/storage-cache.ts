// SPDX-License-Identifier: MIT
import type { QueryClient } from '@tanstack/react-query';

/** In front of the keys of all that is asked of the storage. */
export const storageKey = 'storage';

/** Something became different: it is asked for again where it is shown. */
export async function refreshStorage(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: [storageKey] });
}
