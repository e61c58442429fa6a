// SPDX-License-Identifier: MIT
import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeRecording } from '../test/samples';
import { App } from './app';

const gap = {
  start: '2026-11-23T02:10:00.000Z',
  end: '2026-11-23T02:10:12.000Z',
  reason: 'network',
  detail: 'timeout',
};

function open(path: string, change: (server: FakeServer) => void): RenderedApp {
  const server = new FakeServer();
  server.cameras = [makeCamera()];
  server.recordings = [makeRecording()];
  change(server);
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(server.cameras));
  return app;
}

describe('what is missing on a day', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z'), toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is said in one sentence, with the reason', async () => {
    const { server } = open('/recordings?camera=1', (given) => (given.gaps = [gap]));
    await screen.findByText('12 s missing today: the network was away.');
    const request = server.requests.find(({ pathname }) => pathname === '/api/timeline');
    expect(request?.searchParams.get('camera_id')).toBe('1');
    expect(request?.searchParams.get('start')).toBe('2026-11-22T23:00:00.000Z');
    expect(request?.searchParams.get('end')).toBe('2026-11-23T23:00:00.000Z');
  });

  it('names another day as that', async () => {
    open('/recordings?camera=1&day=2026-11-22', (server) => (server.gaps = [gap]));
    await screen.findByText('12 s missing on this day: the network was away.');
  });

  it('is not said when nothing is missing', async () => {
    const { server } = open('/recordings?camera=1', () => undefined);
    await waitFor(() =>
      expect(server.requests.some(({ pathname }) => pathname === '/api/timeline')).toBe(true),
    );
    await screen.findAllByRole('listitem');
    expect(screen.queryByText(/missing/)).toBeNull();
  });

  it('hides nothing else when the recorder does not answer that', async () => {
    open('/recordings?camera=1', (server) => {
      server.holds = ({ pathname }) => pathname === '/api/timeline';
    });
    expect(await screen.findAllByRole('listitem')).toHaveLength(1);
    expect(screen.queryByText(/missing/)).toBeNull();
  });
});
