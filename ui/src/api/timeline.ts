// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import type { Gap } from '../lib/missing';
import { parseInstant, toRfc3339, type Span } from '../lib/time';
import { getJson } from './http';
import { list, number, object, ParseError } from './parse-fields';
import { unwrap } from './result';

const refreshMs = 60_000;

function parseSpan(value: unknown): Span {
  const { start, end } = object(value, 'span');
  const from = typeof start === 'string' ? parseInstant(start) : null;
  const to = typeof end === 'string' ? parseInstant(end) : null;
  if (from === null || to === null) throw new ParseError('a span is not as agreed');
  return { start: from, end: to };
}

function parseGap(value: unknown): Gap {
  const { reason, detail } = object(value, 'gap');
  if (typeof reason !== 'string') throw new ParseError('a gap has no reason');
  return { ...parseSpan(value), reason, detail: typeof detail === 'string' ? detail : '' };
}

/** What was recorded of a camera's main stream, and what was not. */
export type Coverage = { cameraId: number; spans: Span[]; gaps: Gap[] };

function parseCoverage(value: unknown): Coverage {
  const fields = object(value, 'camera');
  return {
    cameraId: number(fields, 'camera_id'),
    spans: list(fields['spans'], 'spans', parseSpan),
    gaps: list(fields['gaps'], 'gaps', parseGap),
  };
}

/** As many as the recorder takes in one question. */
const maxCameras = 64;

async function fetchCoverage(
  cameraIds: readonly number[],
  span: Span,
  signal: AbortSignal,
): Promise<Coverage[]> {
  const all: Coverage[] = [];
  for (let at = 0; at < cameraIds.length; at += maxCameras) {
    const query = {
      camera_id: cameraIds.slice(at, at + maxCameras),
      start: toRfc3339(span.start),
      end: toRfc3339(span.end),
    };
    const answer = await getJson(
      '/api/timeline',
      query,
      (body) => list(object(body, 'answer')['items'], 'items', parseCoverage),
      signal,
    );
    all.push(...unwrap(answer));
  }
  return all;
}

/** Of several cameras, over the last hours; each refresh looks at a new span. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function coverageQuery(cameraIds: readonly number[], hours: number, now: () => number) {
  return queryOptions({
    queryKey: ['coverage', cameraIds, hours] as const,
    queryFn: async ({ signal }) => {
      const end = now();
      const span = { start: end - hours * 3_600_000, end };
      return { span, cameras: await fetchCoverage(cameraIds, span, signal) };
    },
    staleTime: refreshMs,
    refetchInterval: refreshMs,
  });
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
