// SPDX-License-Identifier: MIT
import type { Camera, EventMessage } from '../api/types';

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  readonly url: string;
  readonly protocol: string;
  isClosed = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  static readonly create = (url: string, protocol: string): WebSocket =>
    new FakeSocket(url, protocol) as unknown as WebSocket;

  static get newest(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (socket === undefined) throw new Error('No socket was opened');
    return socket;
  }

  close(): void {
    this.isClosed = true;
  }

  receive(message: EventMessage | Record<string, unknown> | string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.({ data });
  }

  receiveState(cameras: Camera[], timeZone = 'Europe/Berlin'): void {
    this.receive({
      type: 'state',
      at: new Date(Date.now()).toISOString(),
      version: '0.1.0',
      time_zone: timeZone,
      cameras,
    });
  }

  breakOff(): void {
    this.onclose?.();
  }
}
