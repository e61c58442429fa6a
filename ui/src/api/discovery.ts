// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { sendJson } from './http';
import { parseDeviceReading, parseFoundDevice, parsePage } from './parse';
import { ApiError, unwrap } from './result';
import type { DeviceReading } from './types';

const searchTimeoutMs = 20_000;
/** Several questions to a device; the recorder gives up after 20 s. */
const readTimeoutMs = 30_000;

/** The devices on the network that answer a search. A search, not a list that someone keeps. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function discoveryQuery() {
  return queryOptions({
    queryKey: ['discovery'],
    queryFn: async ({ signal }) =>
      unwrap(
        await sendJson(
          { method: 'POST', path: '/api/discovery', timeout: searchTimeoutMs, signal },
          (body) => parsePage(body, parseFoundDevice).items,
        ),
      ),
    retry: false,
    // Whoever opens the dialog twice within a minute need not wait twice.
    staleTime: 60_000,
  });
}

export type DeviceAccess = { xaddr: string; username: string; password: string };

/** Asks a device for its streams. Fails with an ApiError. */
export async function readDevice(
  access: DeviceAccess,
): Promise<Extract<DeviceReading, { ok: true }>> {
  const reading = unwrap(
    await sendJson(
      { method: 'POST', path: '/api/discovery/device', body: access, timeout: readTimeoutMs },
      parseDeviceReading,
    ),
  );
  if (reading.ok) return reading;
  const { code, message } = reading.error;
  // So that it is said where it can be mended.
  throw new ApiError(message, null, code === 'unauthorized' ? [{ field: 'password', message }] : []);
}
