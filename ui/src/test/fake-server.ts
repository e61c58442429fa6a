// SPDX-License-Identifier: MIT
import { vi } from 'vitest';

import type { Camera, Recording } from '../api/types';

export type Answer =
  | { status: number; body: unknown; headers?: Record<string, string> }
  | 'unreachable'
  | 'never';

/** A request that is more than a question. */
export type Sent = {
  method: string;
  url: URL;
  body: unknown;
  headers: Readonly<Record<string, string>>;
};

/** Answers the requests of the page under test, in place of the daemon. */
export class FakeServer {
  cameras: Camera[] = [];
  recordings: Recording[] = [];
  /** What each camera sees, as far as anything; the text stands for the bytes of a JPEG. */
  readonly snapshots = new Map<number, string>();
  /** Of every camera. */
  gaps: { start: string; end: string; reason: string; detail: string }[] = [];
  /** Set to make every request fail in that way. */
  failure: Answer | null = null;
  /** Which requests are not answered. */
  holds: (url: URL) => boolean = () => false;
  /** Answers made from now on arrive after this, as they were when the request was made. */
  delay: Promise<void> = Promise.resolve();
  pageSize = 1000;
  readonly requests: URL[] = [];
  /** What answers beside the lists below, by "POST /api/cameras"; what is not here is unknown. */
  readonly handlers = new Map<string, (sent: Sent) => Answer>();
  readonly sent: Sent[] = [];

  answer(
    url: URL,
    method = 'GET',
    text: string | null = null,
    headers: Readonly<Record<string, string>> = {},
  ): Answer {
    this.requests.push(url);
    if (this.failure !== null) return this.failure;
    if (this.holds(url)) return 'never';
    if (method !== 'GET') return this.#do(method, url, text, headers);
    const [, id] = /^\/api\/recordings\/(\d+)$/.exec(url.pathname) ?? [];
    const handler = this.handlers.get(`GET ${url.pathname}`);
    if (handler !== undefined) return handler({ method, url, body: undefined, headers });
    const recording = this.recordings.find((one) => String(one.id) === id);
    if (recording !== undefined) return { status: 200, body: recording };
    const [, camera] = /^\/api\/cameras\/(\d+)\/snapshot\.jpg$/.exec(url.pathname) ?? [];
    const snapshot = this.snapshots.get(Number(camera));
    if (snapshot !== undefined) return { status: 200, body: snapshot };
    switch (url.pathname) {
      case '/api/cameras':
        return { status: 200, body: { items: this.cameras, next: null } };
      case '/api/recordings':
        return { status: 200, body: this.#page(url.searchParams) };
      case '/api/timeline':
        return { status: 200, body: this.#timeline(url.searchParams) };
      default:
        return { status: 404, body: { title: 'Not found', status: 404, detail: 'No such path.' } };
    }
  }

  #do(
    method: string,
    url: URL,
    text: string | null,
    headers: Readonly<Record<string, string>>,
  ): Answer {
    const body = text === null ? undefined : (JSON.parse(text) as unknown);
    const sent = { method, url, body, headers };
    this.sent.push(sent);
    const handler = this.handlers.get(`${method} ${url.pathname}`);
    const unknown = { title: 'Not found', status: 404, detail: 'No such path.' };
    return handler === undefined ? { status: 404, body: unknown } : handler(sent);
  }

  #timeline(query: URLSearchParams): unknown {
    const cameras = query.getAll('camera_id').map(Number);
    const items = cameras.map((id) => ({
      camera_id: id,
      spans: [],
      gaps: this.gaps,
      activity: [],
    }));
    return { items, next: null };
  }

  #page(query: URLSearchParams): unknown {
    const time = (text: string | null): number => Date.parse(text ?? '');
    const matching = this.recordings.filter(
      (recording) =>
        recording.camera_id === Number(query.get('camera_id')) &&
        time(recording.start) < time(query.get('end')) &&
        (recording.end === null || time(recording.end) > time(query.get('start'))),
    );
    const from = Number(query.get('cursor') ?? 0);
    const to = from + this.pageSize;
    return {
      items: matching.slice(from, to),
      next: to < matching.length ? String(to) : null,
    };
  }

  /** Puts the server behind the browser's `fetch` until the test ends. */
  install(): void {
    vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => this.#fetch(path, init));
  }

  async #fetch(path: string, { method, body, headers, signal }: RequestInit): Promise<Response> {
    const sent = Object.fromEntries(new Headers(headers).entries());
    const text = typeof body === 'string' ? body : null;
    const given = this.answer(new URL(path, 'http://localhost'), method, text, sent);
    const { delay } = this;
    await new Promise<void>((done, fail) => {
      signal?.addEventListener('abort', () => fail(new DOMException('Aborted', 'AbortError')));
      if (given !== 'never') void delay.then(done);
    });
    if (given === 'never' || given === 'unreachable') throw new TypeError('Failed to fetch');
    const answer = given.body === null ? '' : JSON.stringify(given.body);
    // The page's own Blob, which a Response of Node.js does not give.
    return {
      ok: given.status >= 200 && given.status < 300,
      status: given.status,
      headers: new Headers({ 'Content-Type': 'application/json', ...given.headers }),
      // eslint-disable-next-line @typescript-eslint/require-await -- it rejects as the true one does
      json: async () => JSON.parse(answer) as unknown,
      blob: () => Promise.resolve(new Blob([answer], { type: 'image/jpeg' })),
    } as Response;
  }
}
