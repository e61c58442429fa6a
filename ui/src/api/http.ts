// SPDX-License-Identifier: MIT
import axios from 'axios';

import { ParseError } from './parse';

export type FetchResult<T> =
  | { status: 'success'; data: T }
  | { status: 'aborted' }
  | { status: 'error'; message: string; httpStatus: number | null };

export type Query = Record<string, string | number | undefined>;

const client = axios.create({ timeout: 10_000, headers: { Accept: 'application/json' } });

/** The sentence of a problem document (RFC 9457); null when the body is something else. */
function problemDetail(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { detail, title } = body as { detail?: unknown; title?: unknown };
  if (typeof detail === 'string' && detail !== '') return detail;
  return typeof title === 'string' && title !== '' ? title : null;
}

/** GET as JSON. Never throws: what can go wrong is in the result. */
export async function getJson<T>(
  path: string,
  query: Query,
  parse: (body: unknown) => T,
  signal?: AbortSignal,
): Promise<FetchResult<T>> {
  try {
    const response = await client.get<unknown>(path, { params: query, signal });
    return { status: 'success', data: parse(response.data) };
  } catch (error) {
    if (axios.isCancel(error)) return { status: 'aborted' };
    if (error instanceof ParseError) {
      return {
        status: 'error',
        message: `The recorder's answer could not be read: ${error.message}.`,
        httpStatus: null,
      };
    }
    if (axios.isAxiosError<unknown>(error) && error.response !== undefined) {
      const { status, data } = error.response;
      const message = problemDetail(data) ?? `The recorder answered with status ${String(status)}.`;
      return { status: 'error', message, httpStatus: status };
    }
    return { status: 'error', message: 'The recorder cannot be reached.', httpStatus: null };
  }
}
