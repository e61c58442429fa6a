// SPDX-License-Identifier: MIT
import type { Camera, EventMessage } from '../api/types';

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  readonly url: string;
  readonly protocol: string;
  isClosed = false;
  binaryType = 'blob';
  /** What the page sent. */
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  static readonly create = (url: string, protocol: string): WebSocket =>
    new FakeSocket(url, protocol) as unknown as WebSocket;

  /** One that nobody looks at. */
  static readonly createSilent = (url: string, protocol: string): WebSocket => {
    const socket = new FakeSocket(url, protocol);
    FakeSocket.all.pop();
    return socket as unknown as WebSocket;
  };

  static get newest(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (socket === undefined) throw new Error('No socket was opened');
    return socket;
  }

  open(): void {
    this.onopen?.();
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  /** As the live socket sends media: the channel, then the bytes. */
  receiveBytes(channel: number, bytes: Uint8Array): void {
    const data = new Uint8Array(4 + bytes.byteLength);
    new DataView(data.buffer).setUint32(0, channel);
    data.set(bytes, 4);
    this.onmessage?.({ data: data.buffer });
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
