// SPDX-License-Identifier: MIT
import type { StreamKind, TransportName } from './events';
import type { Session, SessionEvents, SessionFigures } from './session';

type Kind = Pick<Session, 'transport' | 'stream' | 'isLowLatency' | 'surface'>;

const nothing: SessionFigures = {
  frames: 0,
  bytes: 0,
  droppedFrames: 0,
  bufferedS: 0,
  width: 0,
  height: 0,
  codec: '',
};

/** A session whose code is fetched when it starts: most pages need it never. */
export class LazySession implements Session {
  readonly transport: TransportName;
  readonly stream: StreamKind;
  readonly isLowLatency: boolean;
  readonly surface: 'video' | 'canvas';
  readonly #load: () => Promise<Session>;
  readonly #events: SessionEvents;
  #session: Session | null = null;
  #isRunning = false;

  constructor(kind: Kind, load: () => Promise<Session>, events: SessionEvents) {
    this.transport = kind.transport;
    this.stream = kind.stream;
    this.isLowLatency = kind.isLowLatency;
    this.surface = kind.surface;
    this.#load = load;
    this.#events = events;
  }

  start(): void {
    this.#isRunning = true;
    this.#load().then(
      (session) => {
        if (!this.#isRunning) return;
        this.#session = session;
        session.start();
      },
      // The code did not arrive: the recorder is away.
      () => {
        if (this.#isRunning) this.#events.onFailure({ why: 'network', retryAfterMs: null });
      },
    );
  }

  stop(): void {
    this.#isRunning = false;
    this.#session?.stop();
    this.#session = null;
  }

  resume(): void {
    this.#session?.resume();
  }

  switchTo(stream: StreamKind): boolean {
    return stream === this.stream;
  }

  latencyS(): number | null {
    return this.#session?.latencyS() ?? null;
  }

  figures(): SessionFigures {
    return this.#session?.figures() ?? nothing;
  }
}
