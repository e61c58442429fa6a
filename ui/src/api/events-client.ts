// SPDX-License-Identifier: MIT
import { backoffMs } from '../lib/backoff';
import { parseEventMessage } from './parse';
import type { EventMessage } from './types';

export type ConnectionStatus =
  /** The page has just been opened; nothing is wrong yet. */
  | { state: 'starting' }
  | { state: 'open' }
  /** `retryAt` in epoch milliseconds; null while a try is under way. */
  | { state: 'lost'; retryAt: number | null };

export type EventsClientOptions = {
  url: string;
  onMessage: (message: EventMessage) => void;
  onStatus: (status: ConnectionStatus) => void;
  createSocket?: (url: string, protocol: string) => WebSocket;
  random?: () => number;
};

const protocol = 'ronin.events.1';
/** The daemon pings every 10 s: two lost and some patience. */
const silenceMs = 25_000;

export function eventsUrl(location: { protocol: string; host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/events`;
}

/** Holds the one WebSocket that tells what changes, and gets it back whenever it is lost. */
export class EventsClient {
  readonly #options: EventsClientOptions;
  #running = false;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  #silenceTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: EventsClientOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    window.addEventListener('online', this.#onAwake);
    document.addEventListener('visibilitychange', this.#onAwake);
    this.#options.onStatus({ state: 'starting' });
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    window.removeEventListener('online', this.#onAwake);
    document.removeEventListener('visibilitychange', this.#onAwake);
    this.#drop();
  }

  /** Does not wait for the pause between two tries to end. */
  retryNow(): void {
    if (!this.#running || this.#retryTimer === null) return;
    this.#options.onStatus({ state: 'lost', retryAt: null });
    this.#connect();
  }

  #connect(): void {
    this.#drop();
    const create = this.#options.createSocket ?? ((url, name) => new WebSocket(url, name));
    const socket = create(this.#options.url, protocol);
    this.#socket = socket;
    this.#watchSilence();
    socket.onmessage = (event: MessageEvent<unknown>) => this.#onData(event.data);
    // An error is always followed by a close.
    socket.onclose = () => this.#onLost();
  }

  #onData(data: unknown): void {
    this.#watchSilence();
    let message: EventMessage | null = null;
    try {
      message = typeof data === 'string' ? parseEventMessage(data) : null;
    } catch (error) {
      console.warn('A message of the recorder was not understood:', error);
    }
    if (message === null) return;
    // Open is not enough: only the state makes the page true again.
    if (message.type === 'state') {
      this.#attempt = 0;
      this.#options.onStatus({ state: 'open' });
    }
    this.#options.onMessage(message);
  }

  #onLost(): void {
    this.#drop();
    if (!this.#running) return;
    this.#attempt += 1;
    const waitMs = backoffMs(this.#attempt, this.#options.random);
    this.#retryTimer = setTimeout(() => this.retryNow(), waitMs);
    this.#options.onStatus({ state: 'lost', retryAt: Date.now() + waitMs });
  }

  #watchSilence(): void {
    if (this.#silenceTimer !== null) clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#onLost(), silenceMs);
  }

  #drop(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    if (this.#silenceTimer !== null) clearTimeout(this.#silenceTimer);
    this.#retryTimer = null;
    this.#silenceTimer = null;
    if (this.#socket === null) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  readonly #onAwake = (): void => {
    if (!document.hidden) this.retryNow();
  };
}
