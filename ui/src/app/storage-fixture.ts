// SPDX-License-Identifier: MIT
import type { Policy, Preview, StorageStats } from '../api/storage-types';
import { parseInstant } from '../lib/time';
import { FakeServer, type Answer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeVolume } from '../test/samples';
import { App } from './app';
// Loaded here once, for no test is to wait for a large file.
import '../features/storage/storage-page';

export const now = parseInstant('2026-11-28T12:00:00Z') ?? 0;

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export const volume = makeVolume();

export const policy: Policy = {
  retention_days: 30,
  retention_bytes: null,
  retention_min_days: null,
  sub_retention_days: null,
  sub_retention_bytes: null,
  min_free_bytes: null,
  held: null,
  last_run: { at: '2026-11-28T11:30:00Z', file_count: 12, size_bytes: 3.1e9 },
};

export const nothing: Preview = {
  file_count: 0,
  size_bytes: 0,
  cameras: [
    { camera_id: 1, file_count: 0, size_bytes: 0, oldest: null, newest: null, keeps_days: 30 },
    { camera_id: 2, file_count: 0, size_bytes: 0, oldest: null, newest: null, keeps_days: null },
  ],
  volumes: [{ id: 1, full_at: '2026-12-10T12:00:00Z' }],
  full_at: '2026-12-10T12:00:00Z',
  warnings: [],
};

export const much: Preview = {
  ...nothing,
  file_count: 1204,
  size_bytes: 310e9,
  cameras: [
    {
      camera_id: 1,
      file_count: 1204,
      size_bytes: 310e9,
      oldest: '2026-05-03T08:00:00Z',
      newest: '2026-11-20T08:00:00Z',
      keeps_days: 7,
    },
  ],
  warnings: ['Garden asks for more than the disks hold.'],
};

export const stats: StorageStats = {
  size_bytes: 2.3e12,
  file_count: 45_321,
  oldest: '2026-05-03T08:00:00Z',
  cameras: [
    {
      camera_id: 1,
      size_bytes: 2e12,
      main_bytes: 1.9e12,
      sub_bytes: 0.1e12,
      file_count: 40_000,
      protected_bytes: 12e9,
      oldest: '2026-05-03T08:00:00Z',
      newest: '2026-11-28T11:59:00Z',
      bitrate_bps: 4e6,
      coverage_24h: 0.999_86,
    },
    {
      camera_id: 7,
      size_bytes: 0.3e12,
      main_bytes: 0.3e12,
      sub_bytes: 0,
      file_count: 5321,
      protected_bytes: 0,
      oldest: '2025-12-03T08:00:00Z',
      newest: '2026-01-01T08:00:00Z',
      bitrate_bps: null,
      coverage_24h: null,
    },
  ],
};

export const door = makeCamera();
export const garden = makeCamera({ id: 2, name: 'Garden', retention_days: 60, retention_min_days: 7 });

/** A recorder with two cameras, one that was removed, and a volume. */
export function storageServer(): FakeServer {
  const server = new FakeServer();
  server.cameras = [door, garden];
  const { handlers } = server;
  handlers.set('GET /api/storage/stats', () => ok(stats));
  handlers.set('GET /api/storage/volumes', () => ok({ items: [volume], next: null }));
  handlers.set('GET /api/storage/policy', () => ok(policy));
  handlers.set('POST /api/storage/policy/preview', () => ok(nothing));
  handlers.set('GET /api/storage/days', () =>
    ok({
      days: [
        { day: '2026-11-27', camera_id: 1, size_bytes: 40e9, file_count: 96 },
        { day: '2026-11-28', camera_id: 1, size_bytes: 20e9, file_count: 48 },
        { day: '2026-11-28', camera_id: 2, size_bytes: 5e9, file_count: 48 },
      ],
    }),
  );
  return server;
}

export function openStorage(path = '/storage', server = storageServer()): RenderedApp {
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(server.cameras));
  return app;
}
