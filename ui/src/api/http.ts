// SPDX-License-Identifier: MIT
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

const longestMs = 10_000;

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
  return exchange({ method: 'GET', path, query, signal }, parse);
}

export type Jpeg = { blob: Blob; /** When it was taken, as an HTTP date. */ taken: string | null };

/** GET as a JPEG; null where there is none yet. Never throws, like `getJson`. */
export async function getJpeg(
  path: string,
  query: Query,
  signal?: AbortSignal,
): Promise<FetchResult<Jpeg | null>> {
  return exchange({ method: 'GET', path, query, signal, accept: 'image/jpeg' }, (body, header, status) => {
    if (status === 204) return null;
    if (body instanceof Blob && body.type === 'image/jpeg') {
      return { blob: body, taken: header('Last-Modified') };
    }
    throw new ParseError('it is no JPEG');
  });
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
  sending: Sending,
  parse: (body: unknown, header: HeaderOf) => T,
): Promise<FetchResult<T>> {
  return exchange(sending, parse);
}

type Exchange = Omit<Sending, 'method'> & {
  method: 'GET' | Sending['method'];
  accept?: 'application/json' | 'image/jpeg';
};

/** Several values repeat the name. */
function withQuery(path: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value ?? []].flat()) params.append(name, String(one));
  }
  return params.size === 0 ? path : `${path}?${params.toString()}`;
}

/** What it holds as JSON; undefined where that is nothing. */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The answer with its body; throws where none comes. */
async function send(request: Exchange): Promise<[Response, unknown]> {
  const { method, path, query = {}, body, ifMatch, signal, timeout = longestMs } = request;
  const { accept = 'application/json' } = request;
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch !== undefined) headers['If-Match'] = ifMatch;
  const limit = new AbortController();
  const stop = (): void => limit.abort();
  const timer = setTimeout(stop, timeout);
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop);
  try {
    const response = await fetch(withQuery(path, query), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: limit.signal,
    });
    const isPicture = response.ok && accept === 'image/jpeg';
    return [response, isPicture ? await response.blob() : await jsonOf(response)];
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function exchange<T>(
  request: Exchange,
  parse: (body: unknown, header: HeaderOf, status: number) => T,
): Promise<FetchResult<T>> {
  let answer: [Response, unknown];
  try {
    answer = await send(request);
  } catch {
    if (request.signal?.aborted === true) return { status: 'aborted' };
    return { status: 'error', message: 'The recorder cannot be reached.', httpStatus: null };
  }
  const [response, body] = answer;
  const { status } = response;
  if (!response.ok) {
    const message = problemDetail(body) ?? `The recorder answered with status ${String(status)}.`;
    return { status: 'error', message, httpStatus: status, fields: problemFields(body) };
  }
  try {
    return { status: 'success', data: parse(body, (name) => response.headers.get(name), status) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = `The recorder's answer could not be read: ${error.message}.`;
    return { status: 'error', message, httpStatus: null };
  }
}
