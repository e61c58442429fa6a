// SPDX-License-Identifier: MIT
import { vi } from 'vitest';

import type { Camera, Recording } from '../api/types';

type Answer = { status: number; body: unknown } | 'unreachable' | 'never';

/** Answers the requests of the page under test, in place of the daemon. */
export class FakeServer {
  cameras: Camera[] = [];
  recordings: Recording[] = [];
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

  answer(url: URL): Answer {
    this.requests.push(url);
    if (this.failure !== null) return this.failure;
    if (this.holds(url)) return 'never';
    const [, id] = /^\/api\/recordings\/(\d+)$/.exec(url.pathname) ?? [];
    const recording = this.recordings.find((one) => String(one.id) === id);
    if (recording !== undefined) return { status: 200, body: recording };
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

  /** Puts the server behind the browser's XMLHttpRequest until the test ends. */
  install(): void {
    const answer = (url: string): Answer => this.answer(new URL(url, 'http://localhost'));
    const afterDelay = (deliver: () => void): void => void this.delay.then(deliver);
    class FakeRequest {
      status = 0;
      statusText = '';
      responseText = '';
      response = '';
      readyState = 0;
      onloadend: (() => void) | null = null;
      onerror: ((event: unknown) => void) | null = null;
      onabort: (() => void) | null = null;
      #url = '';

      open(_method: string, url: string): void {
        this.#url = url;
      }

      setRequestHeader(): void {
        // The test does not look at headers.
      }

      getAllResponseHeaders(): string {
        return 'content-type: application/json';
      }

      abort(): void {
        this.status = 0;
      }

      send(): void {
        const given = answer(this.#url);
        if (given === 'never') return;
        const text = given === 'unreachable' ? '' : JSON.stringify(given.body);
        afterDelay(() => {
          if (given === 'unreachable') {
            this.onerror?.({ message: 'Network Error' });
            return;
          }
          this.status = given.status;
          this.responseText = text;
          this.response = this.responseText;
          this.readyState = 4;
          this.onloadend?.();
        });
      }
    }
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
  }
}
