// SPDX-License-Identifier: MIT
import { screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { renderApp } from '../test/render-app';
import { makeCamera, makeRecording } from '../test/samples';
import { App } from './app';

function clockIn(zone: string, now: string): HTMLElement {
  vi.setSystemTime(Date.parse(now));
  const { socket } = renderApp(App, '/live');
  socket((given) => given.receiveState([], zone));
  return screen.getByRole('time');
}

describe('A clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['Europe/Berlin', '2026-07-01T10:00:00Z', '12:00:00 CEST'],
    // The hour that comes twice: other times of it name their zone themselves.
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '02:30:00 CEST'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '02:30:00 CET'],
    ['Europe/Istanbul', '2026-07-01T10:00:00Z', '13:00:00 GMT+3'],
    ['Asia/Kolkata', '2026-07-01T10:00:00Z', '15:30:00 GMT+5:30'],
    ['UTC', '2026-07-01T10:00:00Z', '10:00:00 UTC'],
  ])('names the zone %s once at %s', (zone, now, words) => {
    expect(clockIn(zone, now).textContent).toBe(words);
  });

  it('of a recording names the zone of the picture once, not that of its start', async () => {
    vi.setSystemTime(Date.parse('2026-10-25T12:00:00Z'));
    const server = new FakeServer();
    server.cameras = [makeCamera()];
    server.recordings = [
      makeRecording({ start: '2026-10-25T00:50:00Z', end: '2026-10-25T01:05:00Z' }),
    ];
    const path = '/recordings?camera=1&day=2026-10-25&rec=10&t=660';
    const { socket } = renderApp(App, path, server);
    socket((given) => given.receiveState(server.cameras));
    const player = await screen.findByRole('region', { name: 'Player' });
    expect(player.textContent).toContain('02:01:00 CET');
    expect(player.textContent).not.toContain('CEST');
  });
});
