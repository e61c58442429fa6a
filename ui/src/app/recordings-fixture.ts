// SPDX-License-Identifier: MIT
// A camera with a morning of recordings, and the page that lists them.
import { screen } from '@testing-library/react';

import type { Recording } from '../api/types';
import { FakeServer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeRecording } from '../test/samples';
import { App } from './app';

export const day = '/recordings?camera=1&day=2026-11-23';

export function at(id: number, start: string, end: string, more: Partial<Recording> = {}): Recording {
  return makeRecording({
    id,
    start: `2026-11-23T${start}Z`,
    end: `2026-11-23T${end}Z`,
    duration_s: 900,
    ...more,
  });
}

export const morning = [
  at(1, '01:00:00', '01:15:00'),
  at(2, '01:15:00.200', '01:30:00'),
  at(3, '01:42:00', '01:57:00', { state: 'recovered' }),
  at(4, '01:57:00', '02:12:00', { state: 'missing' }),
];

export async function open(
  recordings: Recording[],
  path = day,
  server = new FakeServer(),
): Promise<RenderedApp> {
  const cameras = [makeCamera(), makeCamera({ id: 2, name: 'Yard' })];
  server.cameras = cameras;
  server.recordings = recordings;
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(cameras));
  await screen.findByRole('combobox', { name: 'Camera' });
  return app;
}
