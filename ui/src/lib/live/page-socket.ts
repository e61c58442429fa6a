// SPDX-License-Identifier: MIT
import { shownLast, ShownStreams } from './hints';
import { LiveSocket, liveSocketUrl } from './live-socket';

let socket: LiveSocket | null = null;
let shown: ShownStreams | null = null;

/** A browser may forbid it. */
function store(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    return globalThis.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

/** The one of this page. */
export function liveSocket(): LiveSocket {
  socket ??= new LiveSocket({ url: liveSocketUrl(globalThis.location) });
  return socket;
}

export function shownStreams(): ShownStreams {
  shown ??= new ShownStreams(store(), () => globalThis.location.pathname);
  return shown;
}

/** Asks for what this page showed last, before anything of it is there. */
export function prefetchLive(): void {
  for (const request of shownLast(store(), globalThis.location.pathname)) {
    liveSocket().prefetch(request);
  }
}

/** For tests: the next one that asks gets another. */
export function forgetLiveSocket(other: LiveSocket | null): void {
  socket?.close();
  socket = other;
}
