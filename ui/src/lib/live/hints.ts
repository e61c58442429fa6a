// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';
import type { ChannelRequest } from './live-socket';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

const key = 'ronin.live.shown';
const mostPages = 6;
const mostStreams = 16;
const settledMs = 1000;

function isRequest(value: unknown): value is ChannelRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { cameraId, stream } = value as Record<string, unknown>;
  return Number.isInteger(cameraId) && (stream === 'main' || stream === 'sub');
}

function readAll(store: Store): Record<string, unknown> {
  try {
    const all: unknown = JSON.parse(store.getItem(key) ?? '{}');
    return typeof all === 'object' && all !== null ? (all as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The streams that the page at `path` showed when it was open last; in this browser. */
export function shownLast(store: Store, path: string): ChannelRequest[] {
  const streams = readAll(store)[path];
  return Array.isArray(streams) ? streams.filter(isRequest).slice(0, mostStreams) : [];
}

/** Notes which streams are shown, so that they can be asked for before the page is drawn. */
export class ShownStreams {
  readonly #store: Store;
  readonly #path: () => string;
  readonly #shown = new Map<number, StreamKind>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(store: Store, path: () => string) {
    this.#store = store;
    this.#path = path;
  }

  show(cameraId: number, stream: StreamKind): void {
    if (this.#shown.get(cameraId) === stream) return;
    this.#shown.set(cameraId, stream);
    this.#writeSoon();
  }

  hide(cameraId: number): void {
    if (this.#shown.delete(cameraId)) this.#writeSoon();
  }

  #writeSoon(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), settledMs);
  }

  #write(): void {
    this.#timer = null;
    // The page was left: what it showed until then is what it will show.
    if (this.#shown.size === 0) return;
    const all = readAll(this.#store);
    const path = this.#path();
    const others = Object.entries(all).filter(([name]) => name !== path);
    const shown = [...this.#shown].map(([cameraId, stream]) => ({ cameraId, stream }));
    const kept = [[path, shown.slice(0, mostStreams)], ...others].slice(0, mostPages);
    try {
      this.#store.setItem(key, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // Full, or not allowed: the page opens as fast as it does the first time.
    }
  }
}
