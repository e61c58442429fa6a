// SPDX-License-Identifier: MIT
import axios, { AxiosHeaders, type AxiosRequestConfig } from 'axios';

import { ParseError } from './parse-fields';

export type FetchResult<T> =
  | { status: 'success'; data: T }
  | { status: 'aborted' }
  | {
      status: 'error';
      message: string;
      httpStatus: number | null;
      /** What is wrong with the fields that were sent. */
      fields?: FieldError[];
    };

export type FieldError = { field: string; message: string };

export type Query = Record<string, string | number | readonly number[] | undefined>;

/** What came beside a body; null for a header that was not sent. */
export type HeaderOf = (name: string) => string | null;

const client = axios.create({
  timeout: 10_000,
  headers: { Accept: 'application/json' },
  // Several values repeat the name.
  paramsSerializer: { indexes: null },
});

/** The sentence of a problem document (RFC 9457); null when the body is something else. */
function problemDetail(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { detail, title } = body as { detail?: unknown; title?: unknown };
  if (typeof detail === 'string' && detail !== '') return detail;
  return typeof title === 'string' && title !== '' ? title : null;
}

/** The fields that a problem document names. */
function problemFields(body: unknown): FieldError[] | undefined {
  const { errors } = (typeof body === 'object' ? (body ?? {}) : {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return undefined;
  return errors.flatMap((one: unknown) => {
    const { field, message } = (one ?? {}) as { field?: unknown; message?: unknown };
    return typeof field === 'string' && typeof message === 'string' ? [{ field, message }] : [];
  });
}

/** GET as JSON. Never throws: what can go wrong is in the result. */
export async function getJson<T>(
  path: string,
  query: Query,
  parse: (body: unknown, header: HeaderOf) => T,
  signal?: AbortSignal,
): Promise<FetchResult<T>> {
  return exchange({ method: 'GET', url: path, params: query, signal }, parse);
}

export type Jpeg = { blob: Blob; /** When it was taken, as an HTTP date. */ taken: string | null };

/** GET as a JPEG; null where there is none yet. Never throws, like `getJson`. */
export async function getJpeg(
  path: string,
  query: Query,
  signal?: AbortSignal,
): Promise<FetchResult<Jpeg | null>> {
  const request: AxiosRequestConfig = { method: 'GET', url: path, params: query, signal };
  return exchange(
    { ...request, responseType: 'blob', headers: { Accept: 'image/jpeg' } },
    (body, header, status) => {
      if (status === 204) return null;
      if (body instanceof Blob && body.type === 'image/jpeg') {
        return { blob: body, taken: header('Last-Modified') };
      }
      throw new ParseError('it is no JPEG');
    },
  );
}

export type Sending = {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Query;
  /** Becomes JSON. */
  body?: object;
  /** The ETag of what it replaces: refused with status 412 when that is no more. */
  ifMatch?: string;
  /** For what takes longer than others; in milliseconds. */
  timeout?: number;
  signal?: AbortSignal;
};

/** Sends what changes something, or asks for something to be done. Never throws, like `getJson`. */
export async function sendJson<T>(
  { method, path, query, body, ifMatch, timeout, signal }: Sending,
  parse: (body: unknown, header: HeaderOf) => T,
): Promise<FetchResult<T>> {
  const headers = ifMatch === undefined ? undefined : { 'If-Match': ifMatch };
  const request = { method, url: path, params: query, data: body, headers, signal };
  return exchange(timeout === undefined ? request : { ...request, timeout }, parse);
}

async function exchange<T>(
  request: AxiosRequestConfig,
  parse: (body: unknown, header: HeaderOf, status: number) => T,
): Promise<FetchResult<T>> {
  try {
    const response = await client.request<unknown>(request);
    const header: HeaderOf = (name) => {
      const value: unknown = AxiosHeaders.from(response.headers as AxiosHeaders).get(name);
      return typeof value === 'string' ? value : null;
    };
    return { status: 'success', data: parse(response.data, header, response.status) };
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
      return { status: 'error', message, httpStatus: status, fields: problemFields(data) };
    }
    return { status: 'error', message: 'The recorder cannot be reached.', httpStatus: null };
  }
}
