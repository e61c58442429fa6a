// SPDX-License-Identifier: MIT
import { screen, waitFor, within } from '@testing-library/react';
import { expect } from 'vitest';

import type { Camera } from '../api/types';
import { FakeServer, type Answer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';
// Loaded here once, for no test is to wait for a large file.
import '../features/cameras/cameras-page';

export const shed = makeCamera({
  id: 2,
  name: 'Shed',
  status: 'offline',
  status_since: '2026-01-23T00:58:00.000Z',
  last_error: {
    code: 'unauthorized',
    message: 'The camera refused the user name or password (401); check both.',
    at: '2026-01-23T00:58:00.000Z',
  },
  stream: { video: null, audio: null },
  group: 'Yard',
  tags: ['night'],
});

export function open(cameras: Camera[], path = '/cameras', server = new FakeServer()): RenderedApp {
  server.cameras = cameras;
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(cameras));
  return app;
}

export function row(name: string): Promise<HTMLElement> {
  return screen.findByRole('row', { name: new RegExp(`^${name}`) });
}

export function cells(element: HTMLElement): string[] {
  return within(element)
    .getAllByRole('cell')
    .map((cell) => cell.textContent);
}

export function field(name: string): HTMLInputElement {
  return within(screen.getByRole('dialog')).getByLabelText<HTMLInputElement>(name);
}

/** What is said at a field. */
export function noteAt(name: string): string {
  const ids = field(name).getAttribute('aria-describedby') ?? '';
  return document.getElementById(ids)?.textContent ?? '';
}

export function problem(status: number, detail: string, errors?: unknown): Answer {
  return { status, body: { title: 'Problem', status, detail, errors } };
}

/** A daemon that takes cameras: it answers with what was sent, as far as it is asked to. */
export function takingServer(): FakeServer {
  const server = new FakeServer();
  server.handlers.set('POST /api/cameras', ({ body }) => ({
    status: 201,
    body: makeCamera({ id: 9, stream: { video: null, audio: null }, ...(body as Partial<Camera>) }),
  }));
  server.handlers.set('POST /api/discovery', () => ({ status: 200, body: { items: [], next: null } }));
  return server;
}

export const found = {
  name: 'RLC-810A',
  manufacturer: 'Reolink',
  model: 'RLC-810A',
  location: null,
  address: '192.0.2.40',
  xaddrs: ['http://192.0.2.40/onvif/device_service'],
  known_camera_id: null,
};

export function discoveringServer(): FakeServer {
  const server = takingServer();
  const known = { ...found, name: 'Old', address: '192.0.2.41', xaddrs: ['http://192.0.2.41/'], known_camera_id: 1 };
  server.handlers.set('POST /api/discovery', () => ({
    status: 200,
    body: { items: [found, known], next: null },
  }));
  server.handlers.set('POST /api/discovery/device', ({ body }) =>
    (body as { password: string }).password === 'secret'
      ? {
          status: 200,
          body: {
            ok: true,
            onvif_url: 'http://192.0.2.40/onvif/device_service',
            manufacturer: 'Reolink',
            ptz: false,
            profiles: [
              { token: 'p2', name: 'sub', codec: 'h264', width: 640, height: 360, fps: 10, url: 'rtsp://192.0.2.40/sub' },
              { token: 'p1', name: 'main', codec: 'h265', width: 2560, height: 1440, fps: 15, url: 'rtsp://192.0.2.40/main' },
              { token: 'p3', name: 'broken', codec: null, width: null, height: null, fps: null, url: null },
            ],
          },
        }
      : {
          status: 200,
          body: {
            ok: false,
            error: { code: 'unauthorized', message: 'The camera refused the user name or password.' },
          },
        },
  );
  return server;
}

export async function openAdd(server = takingServer(), cameras = [makeCamera()]): Promise<RenderedApp> {
  const app = open(cameras, '/cameras', server);
  await app.user.click(await screen.findByRole('link', { name: 'Add camera' }));
  await screen.findByRole('dialog', { name: 'Add camera' });
  return app;
}

export async function save({ user }: RenderedApp): Promise<void> {
  await user.click(screen.getByRole('button', { name: 'Save' }));
}

export function lastSent(server: FakeServer): unknown {
  const last = server.sent.at(-1);
  if (last === undefined) throw new Error('nothing was sent');
  const { method, url, body } = last;
  return [`${method} ${url.pathname}${url.search}`, body];
}

export async function dialogCloses(): Promise<void> {
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}
