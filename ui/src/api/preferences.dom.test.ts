// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { defaultPreferences, type Preferences } from '../lib/preferences';
import { FakeServer } from '../test/fake-server';
import { PreferencesStore } from './preferences';

const path = '/api/me/preferences';
let server: FakeServer;
let version: number;
let stored: unknown;
let stores: PreferencesStore[];

/** As the recorder has it, for every browser. */
function keep(): void {
  const etag = (): Record<string, string> => ({ etag: `"${String(version)}"` });
  server.handlers.set(`GET ${path}`, () => ({ status: 200, body: stored, headers: etag() }));
  server.handlers.set(`PUT ${path}`, ({ body, headers }) => {
    const seen = headers['if-match'];
    if (seen !== undefined && seen !== `"${String(version)}"`) {
      return { status: 412, body: { title: 'Changed', status: 412, detail: 'Changed.' } };
    }
    version += 1;
    stored = body;
    return { status: 200, body, headers: etag() };
  });
}

function open(): PreferencesStore {
  const store = new PreferencesStore();
  stores.push(store);
  store.start();
  return store;
}

const choose =
  (layout: string) =>
  (now: Preferences): Preferences => ({ ...now, layout });

beforeEach(() => {
  localStorage.clear();
  server = new FakeServer();
  server.install();
  version = 0;
  stored = {};
  stores = [];
  keep();
});
afterEach(() => {
  for (const store of stores) store.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe('PreferencesStore', () => {
  it('is changed at once, and on the recorder a moment later', async () => {
    const store = open();
    store.change(choose('3x3'));
    expect(store.get().layout).toBe('3x3');
    await vi.waitFor(() => expect(stored).toMatchObject({ version: 1, live: { layout: '3x3' } }));
    expect(server.sent[0]?.headers['if-match']).toBe('"0"');
  });

  it('looks right from the first moment of the next page', async () => {
    const store = open();
    store.change(choose('2x2'));
    await vi.waitFor(() => expect(version).toBe(1));
    expect(new PreferencesStore().get().layout).toBe('2x2');
  });

  it('is the same in another browser', async () => {
    open().change(choose('4x4'));
    await vi.waitFor(() => expect(version).toBe(1));
    localStorage.clear();
    const other = open();
    expect(other.get()).toEqual(defaultPreferences);
    await vi.waitFor(() => expect(other.get().layout).toBe('4x4'));
  });

  it('follows a change elsewhere, and does not read its own again', async () => {
    const store = open();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    stored = { version: 1, live: { layout: '1' } };
    version = 5;
    store.onChanged(5);
    await vi.waitFor(() => expect(store.get().layout).toBe('1'));
    const asked = server.requests.length;
    store.onChanged(5);
    expect(server.requests).toHaveLength(asked);
  });

  it('makes its change again on what another browser wrote meanwhile', async () => {
    const store = open();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await Promise.resolve();
    stored = { version: 1, other: 1, live: { layout: '1', order: [2, 1] } };
    version = 9;
    store.change(choose('3x3'));
    await vi.waitFor(() => expect(version).toBe(10));
    expect(stored).toMatchObject({ other: 1, live: { layout: '3x3', order: [2, 1] } });
  });

  it('saves later what could not be saved, also from the next page', async () => {
    server.failure = 'unreachable';
    const store = open();
    store.change(choose('1+5'));
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0));
    store.stop();
    server.failure = null;
    const next = open();
    expect(next.get().layout).toBe('1+5');
    await vi.waitFor(() => expect(stored).toMatchObject({ live: { layout: '1+5' } }));
    expect(next.get().layout).toBe('1+5');
  });

  it('tries again by itself', async () => {
    vi.useFakeTimers();
    server.failure = { status: 503, body: { detail: 'Starting.' } };
    const store = open();
    store.change(choose('2x2'));
    await vi.advanceTimersByTimeAsync(100);
    server.failure = null;
    await vi.advanceTimersByTimeAsync(2000);
    expect(stored).toMatchObject({ live: { layout: '2x2' } });
  });

  it('spoils nothing that a newer page has written', async () => {
    stored = { version: 2, live: { layout: '2x2' } };
    const store = open();
    await vi.waitFor(() => expect(store.get().layout).toBe('2x2'));
    store.change(choose('1'));
    expect(store.get().layout).toBe('1');
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    expect(server.sent).toEqual([]);
  });

  it('works without a recorder that keeps them', async () => {
    server.handlers.clear();
    const store = open();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    store.change(choose('2x2'));
    store.change((now) => ({ ...now, patrolS: 30 }));
    await vi.waitFor(() => expect(server.requests.length).toBeLessThanOrEqual(2));
    expect(new PreferencesStore().get()).toMatchObject({ layout: '2x2', patrolS: 30 });
  });
});
