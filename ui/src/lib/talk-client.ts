// SPDX-License-Identifier: MIT
import { microphoneRateHz, MicrophoneError, openMicrophone, type Microphone } from './microphone';

export type TalkState =
  | { kind: 'idle' }
  /** The button is pressed, and nothing is heard yet. */
  | { kind: 'connecting' }
  /** What is said is heard at the camera. */
  | { kind: 'speaking' }
  | { kind: 'failed'; sentence: string };

export type TalkClientOptions = {
  cameraId: number;
  url: string;
  onState: (state: TalkState) => void;
  /** How loud the newest piece was, 0 to 1. */
  onLevel: (level: number) => void;
  createSocket?: (url: string, protocol: string) => WebSocket;
  open?: typeof openMicrophone;
};

const protocol = 'ronin.talk.1';
/** For the next word: connecting takes up to a second. */
const lingerMs = 5000;
/** A network that does not take so much gets no more: it would be heard late. */
const mostWaitingBytes = 16_000;
const lost = 'The connection to the recorder was lost.';

export function talkUrl(location: { protocol: string; host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/talk`;
}

function levelOf(samples: Int16Array): number {
  let most = 0;
  for (const sample of samples) most = Math.max(most, Math.abs(sample));
  return most / 32_768;
}

/** The end that a message tells of, as a sentence; "ready"; or nothing of interest. */
function meaningOf(data: unknown): 'ready' | { ended: string } | null {
  let message: unknown = null;
  try {
    message = typeof data === 'string' ? JSON.parse(data) : null;
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  if ('ready' in message) return 'ready';
  const { ended, error } = message as { ended?: { detail?: unknown }; error?: { detail?: unknown } };
  const told = ended ?? error;
  if (told === undefined) return null;
  return { ended: typeof told.detail === 'string' ? told.detail : 'The talk has ended.' };
}

/**
 * Speaks to one camera while it is told to. Microphone and connection are opened by the first word,
 * and stay a moment after the last. Knows nothing of React.
 */
export class TalkClient {
  readonly #options: TalkClientOptions;
  #isWanted = false;
  #state: TalkState = { kind: 'idle' };
  #socket: WebSocket | null = null;
  #isReady = false;
  #microphone: Microphone | null = null;
  /** Which opening is current; what belongs to an older one is closed again. */
  #generation = 0;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TalkClientOptions) {
    this.#options = options;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  speak(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    clearTimeout(this.#linger);
    if (this.#socket === null) this.#open();
    this.#tell();
  }

  /** May be called more often than needed. */
  pause(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#linger = setTimeout(() => this.#close(), lingerMs);
    this.#tell();
  }

  /** Ends all of it now. */
  stop(): void {
    this.#isWanted = false;
    this.#close();
    this.#tell();
  }

  #open(): void {
    const generation = ++this.#generation;
    const isCurrent = (): boolean => generation === this.#generation;
    const create = this.#options.createSocket ?? ((url, name) => new WebSocket(url, name));
    const socket = create(this.#options.url, protocol);
    this.#socket = socket;
    const start = { camera_id: this.#options.cameraId, sample_rate_hz: microphoneRateHz };
    socket.onopen = () => socket.send(JSON.stringify({ start }));
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!isCurrent()) return;
      const meaning = meaningOf(data);
      if (meaning === 'ready') {
        this.#isReady = true;
        this.#tell();
      } else if (meaning !== null) {
        this.#fail(meaning.ended);
      }
    };
    // An error is always followed by a close.
    socket.onclose = () => {
      if (isCurrent()) this.#fail(lost);
    };
    const open = this.#options.open ?? openMicrophone;
    open(
      (samples) => {
        if (isCurrent()) this.#take(samples);
      },
      () => {
        if (isCurrent()) this.#fail('The microphone was taken away.');
      },
    ).then(
      (microphone) => {
        if (isCurrent()) {
          this.#microphone = microphone;
          this.#tell();
        } else {
          microphone.close();
        }
      },
      (error: unknown) => {
        if (!isCurrent()) return;
        this.#fail(error instanceof MicrophoneError ? error.message : 'The microphone does not work.');
      },
    );
  }

  #take(samples: Int16Array): void {
    const socket = this.#socket;
    if (!this.#isWanted || !this.#isReady || socket === null) return;
    this.#options.onLevel(levelOf(samples));
    if (socket.bufferedAmount > mostWaitingBytes) return;
    socket.send(samples);
  }

  #fail(sentence: string): void {
    const wasWanted = this.#isWanted;
    this.#isWanted = false;
    this.#close();
    // Nobody needs to know what became of a connection that only waited for the next word.
    this.#show(wasWanted ? { kind: 'failed', sentence } : { kind: 'idle' });
  }

  #close(): void {
    this.#generation += 1;
    clearTimeout(this.#linger);
    this.#isReady = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onclose = null;
      socket.close();
    }
    this.#microphone?.close();
    this.#microphone = null;
  }

  #tell(): void {
    if (!this.#isWanted) this.#show({ kind: 'idle' });
    else if (this.#isReady && this.#microphone !== null) this.#show({ kind: 'speaking' });
    else this.#show({ kind: 'connecting' });
  }

  #show(state: TalkState): void {
    const isSame = state.kind !== 'failed' && state.kind === this.#state.kind;
    this.#state = state;
    if (!isSame) this.#options.onState(state);
  }
}
