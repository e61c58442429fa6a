// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeSocket } from '../test/fake-socket';
import { makeCamera } from '../test/samples';
import { EventsClient, eventsUrl, type ConnectionStatus } from './events-client';
import type { EventMessage } from './types';

const start = 1_795_400_000_000;
let client: EventsClient;
let messages: EventMessage[];
let statuses: ConnectionStatus[];

function setHidden(isHidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('EventsClient', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: start });
    FakeSocket.all = [];
    messages = [];
    statuses = [];
    client = new EventsClient({
      url: 'ws://nvr/api/events',
      createSocket: FakeSocket.create,
      onMessage: (message) => messages.push(message),
      onStatus: (status) => statuses.push(status),
      random: () => 0,
    });
    client.start();
  });
  afterEach(() => {
    client.stop();
    vi.useRealTimers();
  });

  it('uses the page’s own host, and TLS where the page does', () => {
    expect(eventsUrl({ protocol: 'http:', host: 'nvr:8080' })).toBe('ws://nvr:8080/api/events');
    expect(eventsUrl({ protocol: 'https:', host: 'nvr' })).toBe('wss://nvr/api/events');
  });

  it('is open once the state came, not before', () => {
    expect(FakeSocket.newest.protocol).toBe('ronin.events.1');
    expect(statuses).toEqual([{ state: 'starting' }]);
    FakeSocket.newest.receiveState([makeCamera()]);
    expect(statuses.at(-1)).toEqual({ state: 'open' });
    expect(messages[0]).toMatchObject({ type: 'state', time_zone: 'Europe/Berlin' });
  });

  it('passes on what it knows and ignores the rest', () => {
    const at = '2026-11-23T02:00:00Z';
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    FakeSocket.newest.receive({ type: 'weather', at });
    FakeSocket.newest.receive('not json');
    FakeSocket.newest.receive({ type: 'camera', at, camera: { id: 'one' } });
    expect(messages).toEqual([]);
    FakeSocket.newest.receive({ type: 'camera_removed', at, camera_id: 3 });
    expect(messages).toEqual([{ type: 'camera_removed', at, camera_id: 3 }]);
    expect(FakeSocket.newest.isClosed).toBe(false);
  });

  it('comes back with growing pauses, and starts small again once it was open', () => {
    for (const wait of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
      const sockets = FakeSocket.all.length;
      FakeSocket.newest.breakOff();
      expect(statuses.at(-1)).toEqual({ state: 'lost', retryAt: Date.now() + wait });
      vi.advanceTimersByTime(wait - 1);
      expect(FakeSocket.all).toHaveLength(sockets);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.all).toHaveLength(sockets + 1);
      expect(statuses.at(-1)).toEqual({ state: 'lost', retryAt: null });
    }
    FakeSocket.newest.receiveState([]);
    FakeSocket.newest.breakOff();
    expect(statuses.at(-1)).toEqual({ state: 'lost', retryAt: Date.now() + 500 });
  });

  it('takes 25 s of silence for a lost connection; a ping is enough', () => {
    const first = FakeSocket.newest;
    first.receiveState([]);
    vi.advanceTimersByTime(24_000);
    first.receive({ type: 'ping', at: '2026-11-23T02:00:00Z' });
    vi.advanceTimersByTime(24_999);
    expect(statuses.at(-1)).toEqual({ state: 'open' });
    vi.advanceTimersByTime(1);
    expect(statuses.at(-1)?.state).toBe('lost');
    expect(first.isClosed).toBe(true);
  });

  it('gives up a connection that never says anything', () => {
    vi.advanceTimersByTime(25_000);
    expect(statuses.at(-1)?.state).toBe('lost');
  });

  it('does not wait when the network or the viewer comes back', () => {
    FakeSocket.newest.breakOff();
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.newest.breakOff();
    setHidden(true);
    expect(FakeSocket.all).toHaveLength(2);
    setHidden(false);
    expect(FakeSocket.all).toHaveLength(3);
  });

  it('leaves a good connection alone when the viewer comes back', () => {
    FakeSocket.newest.receiveState([]);
    setHidden(false);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('is silent after stop', () => {
    const socket = FakeSocket.newest;
    client.stop();
    expect(socket.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    socket.receiveState([]);
    socket.breakOff();
    window.dispatchEvent(new Event('online'));
    expect(messages).toEqual([]);
    expect(FakeSocket.all).toHaveLength(1);
  });
});
