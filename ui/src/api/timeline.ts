// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import type { Gap } from '../lib/missing';
import { parseInstant, toRfc3339, type Span } from '../lib/time';
import { getJson } from './http';
import { ParseError } from './parse';
import { unwrap } from './result';

const refreshMs = 60_000;

function parseGap(value: unknown): Gap {
  const { start, end, reason, detail } = (value ?? {}) as Record<string, unknown>;
  const from = typeof start === 'string' ? parseInstant(start) : null;
  const to = typeof end === 'string' ? parseInstant(end) : null;
  if (from === null || to === null || typeof reason !== 'string') {
    throw new ParseError('a gap is not as agreed');
  }
  return { start: from, end: to, reason, detail: typeof detail === 'string' ? detail : '' };
}

/** The gaps in the answer for one camera. */
export function parseGaps(body: unknown): Gap[] {
  const { items } = (body ?? {}) as { items?: unknown };
  const first: unknown = Array.isArray(items) ? items[0] : undefined;
  const { gaps } = (first ?? {}) as { gaps?: unknown };
  if (!Array.isArray(gaps)) throw new ParseError('gaps is not a list');
  return gaps.map(parseGap);
}

/** Times without recording of a camera's main stream, with their reasons. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function gapsQuery(cameraId: number, span: Span) {
  return queryOptions({
    queryKey: ['gaps', cameraId, span.start, span.end] as const,
    queryFn: async ({ signal }) =>
      unwrap(
        await getJson(
          '/api/timeline',
          { camera_id: cameraId, start: toRfc3339(span.start), end: toRfc3339(span.end) },
          parseGaps,
          signal,
        ),
      ),
    staleTime: refreshMs,
    refetchInterval: refreshMs,
  });
}
