// SPDX-License-Identifier: MIT
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { makeCamera, makeRecording } from '../test/samples';
import { fetchCameras } from './cameras';
import { fetchRecordings, recordingsQuery } from './recordings';
import { patchRecordings } from './recordings-cache';

const day = { start: Date.parse('2026-11-22T23:00:00Z'), end: Date.parse('2026-11-23T23:00:00Z') };
let server: FakeServer;

describe('requests', () => {
  beforeEach(() => {
    server = new FakeServer();
    server.install();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('returns the cameras', async () => {
    server.cameras = [makeCamera()];
    expect(await fetchCameras()).toEqual({ status: 'success', data: [makeCamera()] });
  });

  it('takes a camera that never connected', async () => {
    server.failure = {
      status: 200,
      body: {
        items: [{ id: 4, name: 'New', status: 'offline', last_error: null, stream: null }],
        next: null,
      },
    };
    const result = await fetchCameras();
    expect(result).toMatchObject({ status: 'success', data: [{ stream: { video: null } }] });
  });

  it('shows what the recorder says is wrong', async () => {
    server.failure = {
      status: 503,
      body: { title: 'Starting', status: 503, detail: 'The recorder is starting.' },
    };
    expect(await fetchCameras()).toEqual({
      status: 'error',
      message: 'The recorder is starting.',
      httpStatus: 503,
    });
  });

  it('says so when nobody answers', async () => {
    server.failure = 'unreachable';
    expect(await fetchCameras()).toEqual({
      status: 'error',
      message: 'The recorder cannot be reached.',
      httpStatus: null,
    });
  });

  it('does not take just anything for an answer', async () => {
    server.failure = { status: 200, body: { items: [{ id: 1, name: 'A', status: 'dancing' }] } };
    const result = await fetchCameras();
    expect(result).toMatchObject({ status: 'error' });
    expect(result.status === 'error' && result.message).toContain('dancing');
  });

  it('tells an abort from an error', async () => {
    server.failure = 'never';
    const controller = new AbortController();
    const pending = fetchCameras(controller.signal);
    controller.abort();
    expect(await pending).toEqual({ status: 'aborted' });
  });

  it('follows the cursor to the last page, and leaves substreams out', async () => {
    server.pageSize = 2;
    server.recordings = [1, 2, 3, 4, 5].map((id) =>
      makeRecording({ id, stream: id === 3 ? 'sub' : 'main' }),
    );
    const result = await fetchRecordings(1, day);
    expect(result.status === 'success' && result.data.map(({ id }) => id)).toEqual([1, 2, 4, 5]);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[0]?.searchParams.get('start')).toBe('2026-11-22T23:00:00.000Z');
  });
});

describe('patchRecordings', () => {
  it('changes only the lists the recording belongs to', () => {
    const client = new QueryClient();
    const tomorrow = { start: day.end, end: day.end + 86_400_000 };
    const keys = [
      recordingsQuery(1, day).queryKey,
      recordingsQuery(2, day).queryKey,
      recordingsQuery(1, tomorrow).queryKey,
    ];
    for (const key of keys) client.setQueryData(key, []);

    const opened = makeRecording({ end: null, duration_s: null, state: 'recording' });
    patchRecordings(client, opened);
    patchRecordings(client, makeRecording({ size_bytes: 5 }));
    patchRecordings(client, makeRecording({ id: 11, stream: 'sub' }));

    const sizes = keys.map((key) => client.getQueryData(key)?.map((one) => one.size_bytes));
    expect(sizes[0]).toEqual([5]);
    expect(sizes[1]).toEqual([]);
    // While it was open it reached into tomorrow, for all anyone knew: no harm, but not there here.
    expect(sizes[2]).toEqual([450_000_000]);
  });
});
