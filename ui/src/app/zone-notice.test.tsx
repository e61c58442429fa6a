// SPDX-License-Identifier: MIT
import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeRecording } from '../test/samples';
import { App } from './app';

const sentence = /^All times are in UTC/;

function open(zone: string): RenderedApp {
  const server = new FakeServer();
  server.cameras = [makeCamera()];
  server.recordings = [makeRecording()];
  const app = renderApp(App, '/recordings?camera=1&day=2026-11-23', server);
  app.socket((socket) => socket.receiveState(server.cameras, zone));
  return app;
}

describe('A time zone that the browser does not know', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(['Mars/Olympus', 'CET-1CEST,M3.5.0', ''])('"%s" becomes UTC, and the page says so', async (zone) => {
    const { socket, server } = open(zone);
    expect(await screen.findByText(/^01:00:00 – 01:15:00/)).toBeTruthy();
    const notice = screen.getByText(sentence).textContent;
    expect(notice).toContain(zone === '' ? 'is not named' : `"${zone}", unknown to this browser`);
    expect(screen.getByRole('time').textContent).toMatch(/^\d\d:\d\d:\d\d UTC$/);

    socket((given) => given.receiveState(server.cameras, 'Europe/Berlin'));
    expect(screen.queryByText(sentence)).toBeNull();
    expect(await screen.findByText(/^02:00:00 – 02:15:00/)).toBeTruthy();
  });

  it('does not stop the page either when it is the own one of the browser', () => {
    const options = Intl.DateTimeFormat().resolvedOptions();
    vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({
      ...options,
      timeZone: 'Etc/Nowhere',
    });
    renderApp(App, '/live');
    expect(screen.getByRole('time').textContent).toMatch(/ UTC$/);
  });
});
