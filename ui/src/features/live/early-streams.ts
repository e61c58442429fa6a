// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';
import type { LivePlayerEvent } from '../../lib/live/events';
import type { LivePlayer } from '../../lib/live/live-player';
import {
  makePlayer,
  makeSurface,
  markTransport,
  streamFacts,
  type StreamFacts,
  type Surface,
} from './make-player';

type Listener = (event: LivePlayerEvent) => void;

/** Tiles may be long in coming, on a slow way; which has not come by then does not come. */
const keptMs = 60_000;

/** A live picture that moves before there is a tile for it. */
export class EarlyStream {
  readonly surface: Surface;
  readonly facts: StreamFacts;
  readonly #player: LivePlayer;
  readonly #timer: ReturnType<typeof setTimeout>;
  /** What it has told so far, until it is taken. */
  readonly #events: LivePlayerEvent[] = [];
  #isTaken = false;
  #listener: Listener;
  #now: () => number = () => Date.now();

  /** `onEvent`: until a tile comes for it. */
  constructor(camera: Camera, isEnlarged: boolean, onEvent: Listener) {
    this.surface = makeSurface(camera.name);
    this.facts = streamFacts(camera);
    this.#listener = onEvent;
    const view = { isEnlarged, isAudible: false, wantsStats: false };
    const tell = (event: LivePlayerEvent): void => {
      if (!this.#isTaken) {
        this.#events.push(event);
        if (event.type === 'transport') markTransport(this.surface.video, event);
      }
      this.#listener(event);
    };
    this.#player = makePlayer(this.facts, this.surface, view, tell, () => this.#now());
    this.#timer = setTimeout(() => {
      this.drop();
      this.#listener({ type: 'stalled', ageS: 0 });
    }, keptMs);
    early.set(camera.id, this);
    this.#player.start();
  }

  get events(): readonly LivePlayerEvent[] {
    return this.#events;
  }

  /** It is the tile's from now on; what it told before `from` is known there. */
  take(from: number, onEvent: Listener, now: () => number): LivePlayer {
    this.#end();
    for (const event of this.#events.slice(from)) onEvent(event);
    this.#events.length = 0;
    this.#isTaken = true;
    this.#listener = onEvent;
    this.#now = now;
    return this.#player;
  }

  drop(): void {
    this.#end();
    this.#player.stop();
  }

  #end(): void {
    clearTimeout(this.#timer);
    early.delete(this.facts.id);
  }
}

const early = new Map<number, EarlyStream>();

/** Null where none was started, or where it has been taken. */
export function earlyStream(cameraId: number): EarlyStream | null {
  return early.get(cameraId) ?? null;
}
