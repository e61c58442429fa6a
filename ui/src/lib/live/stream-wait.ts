// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';
import type { LiveChannel, LiveSocket } from './live-socket';

/**
 * Waits for streams that a camera does not give now: stays subscribed to them, so that the recorder
 * goes on trying to connect, until it says that they begin.
 */
export class StreamWait {
  readonly #socket: LiveSocket;
  readonly #cameraId: number;
  readonly #onHere: (stream: StreamKind) => void;
  readonly #channels = new Map<StreamKind, LiveChannel>();

  constructor(socket: LiveSocket, cameraId: number, onHere: (stream: StreamKind) => void) {
    this.#socket = socket;
    this.#cameraId = cameraId;
    this.#onHere = onHere;
  }

  begin(stream: StreamKind): void {
    if (this.#channels.has(stream)) return;
    const request = { cameraId: this.#cameraId, stream };
    const channel = this.#socket.subscribe(request, {
      onInit: () => this.#came(stream),
      onMedia: () => undefined,
      onDropped: () => undefined,
      onEnded: () => undefined,
      onLost: () => undefined,
    });
    this.#channels.set(stream, channel);
  }

  end(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  #came(stream: StreamKind): void {
    this.#channels.get(stream)?.close();
    this.#channels.delete(stream);
    this.#onHere(stream);
  }
}
