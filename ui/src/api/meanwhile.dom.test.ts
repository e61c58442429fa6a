// SPDX-License-Identifier: MIT
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { makeCamera, makeRecording } from '../test/samples';
import { camerasQuery, patchCameras } from './cameras';
import { recordingsQuery } from './recordings';
import { patchRecordings } from './recordings-cache';

const at = '2026-11-23T02:00:00Z';
const span = { start: Date.parse('2026-11-23T00:00:00Z'), end: Date.parse('2026-11-24T00:00:00Z') };
const front = makeCamera();
const yard = makeCamera({ id: 2, name: 'Yard' });
const shed = makeCamera({ id: 3, name: 'Shed' });

describe('What is told while a list is on its way', () => {
  let server: FakeServer;
  let client: QueryClient;
  let arrive: () => void;
  beforeEach(() => {
    server = new FakeServer();
    server.install();
    server.delay = new Promise((resolve) => {
      arrive = resolve;
    });
    client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  });

  it('is not undone by the first list of cameras', async () => {
    server.cameras = [front, yard];
    const list = client.query(camerasQuery());
    const offline = makeCamera({ status: 'offline' });
    patchCameras(client, { type: 'camera', at, camera: offline });
    patchCameras(client, { type: 'camera', at, camera: shed });
    patchCameras(client, { type: 'camera_removed', at, camera_id: 2 });
    arrive();
    expect(await list).toEqual([offline, shed]);
  });

  it('is not undone by a later list, which still brings what was missed', async () => {
    client.setQueryData(camerasQuery().queryKey, [front]);
    server.cameras = [front, yard];
    const list = client.query({ ...camerasQuery(), staleTime: 0 });
    const offline = makeCamera({ status: 'offline' });
    patchCameras(client, { type: 'camera', at, camera: offline });
    arrive();
    expect(await list).toEqual([offline, yard]);
  });

  it('makes the answer needless when it is the whole state', async () => {
    server.failure = { status: 503, body: {} };
    const list = client.query(camerasQuery());
    patchCameras(client, { type: 'state', at, version: '1', time_zone: 'UTC', cameras: [yard] });
    patchCameras(client, { type: 'camera', at, camera: shed });
    arrive();
    expect(await list).toEqual([yard, shed]);
  });

  it('is not undone by a list of recordings', async () => {
    server.recordings = [makeRecording({ end: null, duration_s: null, state: 'recording' })];
    const list = client.query(recordingsQuery(1, span));
    const closed = makeRecording();
    const opened = makeRecording({ id: 11, start: '2026-11-23T01:15:00Z', end: null });
    patchRecordings(client, closed);
    patchRecordings(client, opened);
    patchRecordings(client, makeRecording({ id: 12, camera_id: 2 }));
    arrive();
    expect(await list).toEqual([closed, opened]);
  });
});
