// SPDX-License-Identifier: MIT
import { parseLiveMessage, type LiveInit, type LiveMessage } from './live-messages';
import type { StreamKind } from './events';
import { Prefetch, prefetchKeptMs } from './prefetch';

export type ChannelRequest = { cameraId: number; stream: StreamKind };

/** What comes on a channel, in the order of the recorder. */
export type ChannelListener = {
  /** A stream begins, or is another from here on: its init segment. */
  onInit: (init: LiveInit, segment: Uint8Array) => void;
  /**
   * One or more fragments; the first behind an init begins with a keyframe. `atMs`: when they came,
   * by `performance.now()`.
   */
  onMedia: (bytes: Uint8Array, atMs: number) => void;
  /** Frames were left out because this page was too slow. */
  onDropped: (frames: number) => void;
  /** The camera is away; when it is back, another `onInit` follows by itself. */
  onEnded: (code: string, detail: string | null) => void;
  /** The socket is lost; when it is back, another `onInit` follows by itself. */
  onLost: () => void;
};

/** One stream on the socket. */
export type LiveChannel = {
  /** The other stream takes its place at a keyframe. */
  switchTo: (stream: StreamKind) => void;
  /** The same stream from its newest keyframe on. */
  restart: () => void;
  close: () => void;
};

/** `blocked`: was tried more than once without ever being open. */
export type SocketState = 'idle' | 'connecting' | 'open' | 'lost' | 'blocked';

export type LiveSocketOptions = {
  url: string;
  createSocket?: (url: string, protocol: string) => WebSocket;
  random?: () => number;
};

const protocol = 'ronin.live.1';
const firstPauseMs = 500;
const longestPauseMs = 30_000;
const blockedAfter = 2;
/** Over a proxy that swallows the upgrade a socket neither opens nor fails. */
const openWithinMs = 4000;
const silenceMs = 5000;
/** To a `ping`. */
const answerWithinMs = 4000;
const watchMs = 1000;
const ackBytes = 256 * 1024;
/** The recorder waits for 2 s: a few times within that is enough, and costs it little. */
const ackMs = 250;
const idleMs = 10_000;

type Slot = {
  request: ChannelRequest;
  listener: ChannelListener;
  /** Said, but its segment is still to come. */
  init: LiveInit | null;
  /** Bytes of the binary messages since `subscribe`, without the channel in front of them. */
  received: number;
  acked: number;
  hasEnded: boolean;
};

type Prefetched = { channel: number; slot: Slot; kept: Prefetch; timer: ReturnType<typeof setTimeout> };

function nameOf({ cameraId, stream }: ChannelRequest): string {
  return `${String(cameraId)}/${stream}`;
}

export function liveSocketUrl(location: { protocol: string; host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`;
}

/**
 * The one WebSocket for all live pictures of a page. Opened by the first channel and closed some
 * time after the last; gets itself and all its channels back whenever it is lost.
 */
export class LiveSocket {
  readonly #options: LiveSocketOptions;
  readonly #slots = new Map<number, Slot>();
  readonly #prefetched = new Map<string, Prefetched>();
  readonly #listeners = new Set<(state: SocketState) => void>();
  #nextChannel = 1;
  #socket: WebSocket | null = null;
  #state: SocketState = 'idle';
  #hasBeenOpen = false;
  #failures = 0;
  #heardAt = 0;
  /** When it was asked whether anybody is there; null when it needs no answer. */
  #pingedAt: number | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  #openTimer: ReturnType<typeof setTimeout> | null = null;
  #ackTimer: ReturnType<typeof setTimeout> | null = null;
  #idleTimer: ReturnType<typeof setTimeout> | null = null;
  #holders = 0;
  #retryAt = 0;
  #watchTimer: ReturnType<typeof setInterval> | null = null;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
  }

  get state(): SocketState {
    return this.#state;
  }

  /** How often it has been tried since it was open, and when it is tried next. */
  get attempt(): number {
    return this.#failures;
  }

  get retryAt(): number {
    return this.#retryAt;
  }

  /** Keeps it open, or trying to be, without a channel on it; until what is returned is called. */
  hold(): () => void {
    this.#holders += 1;
    this.#wake();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      this.#rest();
    };
  }

  onState(listener: (state: SocketState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(request: ChannelRequest, listener: ChannelListener): LiveChannel {
    const prefetched = this.#takePrefetched(request);
    if (prefetched === null) return this.#handle(...this.#open(request, listener));
    const { channel, slot, kept } = prefetched;
    const handle = this.#handle(channel, slot);
    // Not before the caller has what this returns; and before anything else can come.
    queueMicrotask(() => {
      if (this.#slots.get(channel) !== slot) return;
      slot.listener = listener;
      if (!kept.replay(listener)) handle.restart();
    });
    return handle;
  }

  /** Asks for a stream that is going to be subscribed in a moment. */
  prefetch(request: ChannelRequest): void {
    const name = nameOf(request);
    if (this.#prefetched.has(name)) return;
    const kept = new Prefetch();
    const [channel, slot] = this.#open(request, kept);
    const timer = setTimeout(() => {
      this.#prefetched.delete(name);
      this.#close(channel, slot);
    }, prefetchKeptMs);
    this.#prefetched.set(name, { channel, slot, kept, timer });
  }

  #takePrefetched(request: ChannelRequest): Prefetched | null {
    const prefetched = this.#prefetched.get(nameOf(request));
    if (prefetched === undefined) return null;
    this.#prefetched.delete(nameOf(request));
    clearTimeout(prefetched.timer);
    return prefetched;
  }

  #open(request: ChannelRequest, listener: ChannelListener): [number, Slot] {
    const channel = this.#nextChannel;
    this.#nextChannel += 1;
    const slot: Slot = {
      request: { ...request },
      listener,
      init: null,
      received: 0,
      acked: 0,
      hasEnded: false,
    };
    this.#slots.set(channel, slot);
    this.#wake();
    if (this.#state === 'open') this.#ask(channel, slot);
    return [channel, slot];
  }

  #handle(channel: number, slot: Slot): LiveChannel {
    const again = (): void => {
      if (this.#slots.get(channel) === slot && this.#state === 'open') this.#ask(channel, slot);
    };
    return {
      switchTo: (stream) => {
        slot.request.stream = stream;
        again();
      },
      restart: again,
      close: () => this.#close(channel, slot),
    };
  }

  /** Does not wait for the pause between two tries to end. */
  retryNow(): void {
    if (this.#retryTimer !== null) this.#connect();
  }

  /** For good, with all that is on it. */
  close(): void {
    for (const { timer } of this.#prefetched.values()) clearTimeout(timer);
    this.#prefetched.clear();
    this.#slots.clear();
    this.#sleep();
  }

  #wake(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    if (this.#state !== 'idle') return;
    window.addEventListener('online', this.#onAwake);
    document.addEventListener('visibilitychange', this.#onAwake);
    this.#watchTimer = setInterval(this.#onWatch, watchMs);
    this.#connect();
  }

  #close(channel: number, slot: Slot): void {
    if (this.#slots.get(channel) !== slot) return;
    this.#slots.delete(channel);
    this.#send({ unsubscribe: { channel } });
    this.#rest();
  }

  #rest(): void {
    if (this.#slots.size > 0 || this.#holders > 0 || this.#idleTimer !== null) return;
    this.#idleTimer = setTimeout(() => this.#sleep(), idleMs);
  }

  #sleep(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    window.removeEventListener('online', this.#onAwake);
    document.removeEventListener('visibilitychange', this.#onAwake);
    if (this.#watchTimer !== null) clearInterval(this.#watchTimer);
    this.#watchTimer = null;
    this.#drop();
    this.#failures = 0;
    this.#setState('idle');
  }

  #connect(): void {
    this.#drop();
    const create = this.#options.createSocket ?? ((url, name) => new WebSocket(url, name));
    const socket = create(this.#options.url, protocol);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#onOpen();
    socket.onmessage = (event: MessageEvent<unknown>) => this.#onData(event.data);
    // An error is always followed by a close.
    socket.onclose = () => this.#onLost();
    this.#openTimer = setTimeout(() => this.#onLost(), openWithinMs);
    this.#setState(this.#state === 'blocked' ? 'blocked' : 'connecting');
  }

  #onOpen(): void {
    if (this.#openTimer !== null) clearTimeout(this.#openTimer);
    this.#openTimer = null;
    this.#failures = 0;
    this.#hasBeenOpen = true;
    this.#heardAt = Date.now();
    this.#pingedAt = null;
    this.#setState('open');
    for (const [channel, slot] of this.#slots) this.#ask(channel, slot);
  }

  #ask(channel: number, slot: Slot): void {
    slot.received = 0;
    slot.acked = 0;
    slot.hasEnded = false;
    const { cameraId, stream } = slot.request;
    this.#send({ subscribe: { channel, camera_id: cameraId, stream } });
  }

  #send(message: object): void {
    if (this.#state === 'open') this.#socket?.send(JSON.stringify(message));
  }

  #onData(data: unknown): void {
    this.#heardAt = Date.now();
    this.#pingedAt = null;
    if (typeof data === 'string') {
      const message = parseLiveMessage(data);
      if (message !== null) this.#onMessage(message);
    } else if (data instanceof ArrayBuffer && data.byteLength > 4) {
      this.#onBinary(data);
    }
  }

  #onBinary(data: ArrayBuffer): void {
    const channel = new DataView(data).getUint32(0);
    const slot = this.#slots.get(channel);
    // What was on its way when the channel was closed.
    if (slot === undefined) return;
    const bytes = new Uint8Array(data, 4);
    slot.received += bytes.byteLength;
    if (slot.received - slot.acked >= ackBytes) this.#ack(channel, slot);
    else this.#ackTimer ??= setTimeout(this.#onAckTimer, ackMs);
    const { init } = slot;
    slot.init = null;
    if (init === null) slot.listener.onMedia(bytes, performance.now());
    else slot.listener.onInit(init, bytes);
  }

  #ack(channel: number, slot: Slot): void {
    slot.acked = slot.received;
    this.#send({ ack: { channel, bytes: slot.received } });
  }

  readonly #onAckTimer = (): void => {
    this.#ackTimer = null;
    for (const [channel, slot] of this.#slots) {
      if (slot.received > slot.acked) this.#ack(channel, slot);
    }
  };

  #onMessage(message: LiveMessage): void {
    const slot = message.channel === null ? undefined : this.#slots.get(message.channel);
    if (message.type === 'error') console.warn('The recorder refused a message:', message.detail);
    if (slot === undefined) return;
    switch (message.type) {
      case 'init':
        slot.hasEnded = false;
        slot.init = message.init;
        break;
      case 'dropped':
        slot.listener.onDropped(message.frames);
        break;
      case 'ended':
      case 'error': {
        const ended = message.type === 'ended' ? message.stream : null;
        // It was on its way when the channel was switched to the other one.
        if (ended !== null && ended !== slot.request.stream) return;
        if (message.code === 'too_slow') {
          // This page was held up for long, not the camera.
          this.#ask(message.channel ?? 0, slot);
          return;
        }
        slot.hasEnded = true;
        slot.init = null;
        slot.listener.onEnded(message.code, message.detail);
        break;
      }
    }
  }

  #onLost(): void {
    this.#drop();
    this.#failures += 1;
    const full = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failures - 1));
    const random = this.#options.random ?? Math.random;
    // Not all pages at once, when the recorder is back.
    const waitMs = Math.round(full * (1 - 0.3 * random()));
    this.#retryAt = Date.now() + waitMs;
    this.#retryTimer = setTimeout(() => this.#connect(), waitMs);
    const isBlocked = this.#failures >= blockedAfter && !this.#hasBeenOpen;
    // Even one that worked may be cut off for good, by another network for example.
    this.#setState(isBlocked || this.#failures >= 2 * blockedAfter ? 'blocked' : 'lost');
    for (const slot of this.#slots.values()) {
      slot.init = null;
      slot.hasEnded = false;
      slot.listener.onLost();
    }
  }

  #drop(): void {
    for (const timer of [this.#retryTimer, this.#openTimer, this.#ackTimer]) {
      if (timer !== null) clearTimeout(timer);
    }
    this.#retryTimer = null;
    this.#openTimer = null;
    this.#ackTimer = null;
    if (this.#socket === null) return;
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #setState(state: SocketState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  /**
   * A computer that slept, or a cable that was pulled, closes nothing: only the silence tells. Cameras
   * that stand still are silent too, so the recorder is asked.
   */
  readonly #onWatch = (): void => {
    const now = Date.now();
    const [expecting] = [...this.#slots].find(([, { hasEnded }]) => !hasEnded) ?? [];
    if (this.#state !== 'open' || expecting === undefined) {
      this.#heardAt = now;
      this.#pingedAt = null;
    } else if (this.#pingedAt !== null && now - this.#pingedAt >= answerWithinMs) {
      this.#onLost();
      this.retryNow();
    } else if (this.#pingedAt === null && now - this.#heardAt >= silenceMs) {
      this.#pingedAt = now;
      this.#send({ ping: { channel: expecting } });
    }
  };

  readonly #onAwake = (): void => {
    if (!document.hidden) this.retryNow();
  };
}
