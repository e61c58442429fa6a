// SPDX-License-Identifier: MIT
import { QueryClient } from '@tanstack/react-query';

import { backoffMs } from '../lib/backoff';
import { ApiError } from '../api/result';

/** Only an unreachable or starting daemon is worth asking again; a refusal stays one. */
function isPassing(error: Error): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.httpStatus === null || error.httpStatus >= 500;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 3 && isPassing(error),
        retryDelay: (failures) => backoffMs(failures + 1),
        // The recorder is in the house; it can be reached without the internet.
        networkMode: 'always',
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
