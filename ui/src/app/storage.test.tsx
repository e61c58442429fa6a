// SPDX-License-Identifier: MIT
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { expectAccessible } from '../test/accessible';
import { FakeUplot } from '../test/fake-uplot';
import { makeCamera, makeRecording } from '../test/samples';
import { cells, problem } from './cameras-fixture';
import { door, garden, now, ok, openStorage, policy, stats, storageServer, volume } from './storage-fixture';

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function section(name: string): Promise<HTMLElement> {
  return screen.findByRole('region', { name });
}

async function row(name: string): Promise<string[]> {
  return cells(await screen.findByRole('row', { name: new RegExp(`^${name}`) }));
}

describe('The storage page', () => {
  it('begins with what people come for', async () => {
    openStorage();
    await section('Volumes');
    await screen.findByText('About 10 Dec');
    const figures = screen.getAllByRole('definition').slice(0, 6).map(({ textContent }) => textContent);
    expect(figures.slice(0, 4)).toEqual(['2.3 TB', '45,321 recordings', '3 May', 'The oldest recording']);
    expect(screen.getByRole('link', { name: 'Storage' }).getAttribute('aria-current')).toBe('page');
    expect(document.title).toBe('Storage - RoninNVR');
  });

  it('holds the place of what is on its way', async () => {
    const server = storageServer();
    server.holds = ({ pathname }) => pathname.startsWith('/api/storage');
    openStorage('/storage', server);
    expect(await screen.findByRole('progressbar', { name: 'Loading the storage' })).toBeTruthy();
    expect(screen.queryByRole('region')).toBeNull();
    await expectAccessible();
  });

  it('says why it has no figures, and asks again', async () => {
    const server = storageServer();
    server.handlers.set('GET /api/storage/stats', () => problem(503, 'The catalog is being rebuilt.'));
    const { user } = openStorage('/storage', server);
    expect((await screen.findByRole('alert')).textContent).toContain('The catalog is being rebuilt.');
    server.handlers.set('GET /api/storage/stats', () => ok(stats));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await section('Volumes')).toBeTruthy();
  });

  it('shows the rest when a part of it fails', async () => {
    const server = storageServer();
    server.handlers.set('GET /api/storage/volumes', () => problem(503, 'The disk does not answer.'));
    const { user } = openStorage('/storage', server);
    const volumes = await section('Volumes');
    expect(within(volumes).getByRole('alert').textContent).toContain(
      'The volumes could not be loaded: The disk does not answer.',
    );
    expect(within(await section('Limits of all cameras')).getByText('30 days')).toBeTruthy();
    server.handlers.set('GET /api/storage/volumes', () => ok({ items: [volume], next: null }));
    await user.click(within(volumes).getByRole('button', { name: 'Try again' }));
    expect(await within(volumes).findByRole('heading', { name: '/srv/recordings' })).toBeTruthy();
  });

  it('is of use before there is anything', async () => {
    const server = storageServer();
    server.cameras = [];
    server.handlers.set('GET /api/storage/stats', () =>
      ok({ size_bytes: 0, file_count: 0, oldest: null, newest: null, volumes: [], cameras: [], forecast_days: null }),
    );
    openStorage('/storage', server);
    expect(within(await section('Use per day')).getByText('Nothing was recorded yet.')).toBeTruthy();
    expect(screen.getByText('Nothing yet')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Add a camera' }).getAttribute('href')).toBe('/cameras/new');
    await expectAccessible();
  });

  it('has nothing that axe finds', async () => {
    openStorage();
    await section('Gaps');
    await screen.findByText('Nothing is missing. Hours in which nothing was to be recorded do not count.');
    await expectAccessible();
  });

  it('says of an address of what is gone that it is, once that is known', async () => {
    openStorage('/storage/volumes/99');
    expect((await screen.findByRole('alert')).textContent).toContain('it may have been removed');
    expect(screen.getByRole('link', { name: 'Show the storage' })).toBeTruthy();
  });
});

describe('A volume', () => {
  async function cards(change: Partial<typeof volume>[]): Promise<HTMLElement[]> {
    const server = storageServer();
    server.handlers.set('GET /api/storage/volumes', () =>
      ok({ items: change.map((one, at) => ({ ...volume, id: at + 1, ...one })), next: null }),
    );
    openStorage('/storage', server);
    await screen.findByText('Full in about 12 days');
    return within(await screen.findByRole('list', { name: 'Volumes' })).getAllByRole('listitem');
  }

  it('says its state, its part, its space and the days left', async () => {
    const [card] = await cards([{}]);
    for (const words of ['Works', 'Recording, weight 1', '2.3 TB of recordings', '1.1 TB of 4.0 TB free', 'Writes 8.0 Mbit/s']) {
      expect(within(card!).getByText(words)).toBeTruthy();
    }
    expect(within(card!).queryByRole('button')).toBeNull();
  });

  it('that is missing says so in a sentence, and can be removed', async () => {
    const sentence = 'The disk is not mounted.';
    const [, card, unknown, archive, unused] = await cards([
      {},
      { state: 'missing', sentence, path: '/mnt/b', write_bps: null, configured: false },
      { path: '/mnt/e', capacity_bytes: null, free_bytes: null },
      { role: 'archive', move_after_days: 14, state: 'full', path: '/mnt/c' },
      { weight: 0, path: '/mnt/d', state: 'melting' },
    ]);
    expect(within(card!).getByText('Missing')).toBeTruthy();
    expect(within(card!).getByText(sentence)).toBeTruthy();
    for (const one of [card!, unknown!]) expect(within(one).getByText('Free space not known')).toBeTruthy();
    expect(within(card!).getByRole('button', { name: 'Remove /mnt/b' })).toBeTruthy();
    expect(within(archive!).getByText('Archive, after 14 days')).toBeTruthy();
    expect(within(archive!).queryByText(/^Full in/)).toBeNull();
    expect(within(unused!).getByText('Nothing new is recorded to it')).toBeTruthy();
    expect(within(unused!).getByText('melting')).toBeTruthy();
    await expectAccessible();
  });

  it('is missed when there is none', async () => {
    const server = storageServer();
    server.handlers.set('GET /api/storage/volumes', () => ok({ items: [], next: null }));
    openStorage('/storage', server);
    const alert = within(await section('Volumes')).getByRole('alert');
    expect(alert.textContent).toBe('There is no volume, so nothing is recorded. Add the folder of a disk.');
    await expectAccessible();
  });
});

describe('The use per day', () => {
  it('is a chart in which each camera has a colour, on the last 30 days', async () => {
    const { server } = openStorage();
    await section('Use per day');
    await screen.findByRole('img', { name: /^Chart of the last 30 days: 65 GB in all/ });
    const request = server.requests.find(({ pathname }) => pathname === '/api/storage/days');
    expect(request?.search).toBe('?start=2026-10-30&end=2026-11-28');
    const { data } = FakeUplot.newest!;
    // The whole first, then without what stands on top of it.
    expect(data.map((series) => Array.from(series).slice(-2))).toEqual([[28, 29], [40e9, 25e9], [40e9, 20e9]]);
  });

  it('shows one camera alone, and what a day had', async () => {
    const { user } = openStorage();
    const legend = await screen.findByRole('list', { name: 'Cameras in the chart' });
    const garden = within(legend).getByRole('button', { name: 'Garden 5.0 GB' });
    await user.click(garden);
    expect(garden.getAttribute('aria-pressed')).toBe('true');
    expect(Array.from(FakeUplot.newest!.data.at(-1)!).slice(-2)).toEqual([0, 5e9]);

    act(() => FakeUplot.newest!.point(29));
    expect(within(legend).getByRole('button', { name: 'Front door 20 GB' })).toBeTruthy();
    expect(screen.getByText('28 Nov')).toBeTruthy();
    act(() => FakeUplot.newest!.point(null));
    expect(screen.getByText('All these days')).toBeTruthy();
    await user.click(garden);
    expect(garden.getAttribute('aria-pressed')).toBe('false');
  });

  it('is a table as well, of all cameras or of one', async () => {
    const { user } = openStorage('/storage?days=7');
    await user.click(await screen.findByRole('button', { name: 'Show as table' }));
    expect(await row('Saturday 28 November 2026')).toEqual(['25 GB', '96 files']);
    expect(await row('Thursday 26 November 2026')).toEqual(['0 B', 'none']);
    await user.click(screen.getByRole('button', { name: /^Garden/ }));
    expect(await row('Saturday 28 November 2026')).toEqual(['5.0 GB', '48 files']);
    expect(screen.getByRole('table', { name: 'Garden' })).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Show as chart' }));
    expect(screen.queryByRole('table', { name: 'Garden' })).toBeNull();
  });

  it('can be of other days, in its address', async () => {
    const { user, address, server } = openStorage('/storage?days=bad');
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Days that are shown' }), '7 days');
    expect(address()).toBe('/storage?days=7');
    await waitFor(() => {
      const asked = server.requests.filter(({ pathname }) => pathname === '/api/storage/days');
      expect(asked.at(-1)?.search).toBe('?start=2026-11-22&end=2026-11-28');
    });
  });

  it('says so when nothing was recorded in these days', async () => {
    const server = storageServer();
    server.handlers.set('GET /api/storage/days', () => ok({ days: [] }));
    openStorage('/storage', server);
    expect(await screen.findByText('Nothing was recorded in these days.')).toBeTruthy();
  });
});

describe('The use of each camera', () => {
  it('is said with how long its recordings are kept, and its own limits', async () => {
    openStorage();
    await screen.findByText('About 10 Dec');
    expect((await row('Front door')).slice(0, 5)).toEqual([
      '2.0 TB sub stream 100 GB protected 12 GB',
      '3 May',
      '4.0 Mbit/s',
      '30 days',
      'as for all',
    ]);
    expect((await row('Garden')).slice(0, 5)).toEqual(['0 B', 'no recording', 'none', 'not known', '60 days, at least 7 days']);
    expect((await row('Removed camera 7')).slice(0, 3)).toEqual(['300 GB', '3 Dec 2025', 'none']);
    expect(screen.queryByRole('link', { name: 'Change the limits of Removed camera 7' })).toBeNull();
  });

  it('is a list of cards on a phone', async () => {
    vi.spyOn(window, 'matchMedia').mockReturnValue({
      matches: true,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    } as unknown as MediaQueryList);
    openStorage();
    const list = await screen.findByRole('list', { name: 'Use and limits of each camera' });
    expect(within(list).getAllByRole('heading').map(({ textContent }) => textContent)).toEqual([
      'Front door',
      'Garden',
      'Removed camera 7',
    ]);
    await expectAccessible();
  });
});

describe('What is missing', () => {
  const spans = [{ start: '2026-11-27T12:00:00Z', end: '2026-11-28T12:00:00Z' }];
  const network = { start: '2026-11-28T01:10:00Z', end: '2026-11-28T01:10:12Z', reason: 'network', detail: '' };
  const restart = { start: '2026-11-28T08:00:00Z', end: '2026-11-28T08:12:00Z', reason: 'restart', detail: '' };
  const wanted = { start: '2026-11-28T09:00:00Z', end: '2026-11-28T10:00:00Z', reason: 'schedule', detail: '' };

  function missingServer(): ReturnType<typeof storageServer> {
    const server = storageServer();
    server.handlers.set('GET /api/timeline', () =>
      ok({
        items: [
          { camera_id: 1, resolution_s: 0, spans, gaps: [network, wanted], activity: [] },
          { camera_id: 2, resolution_s: 0, spans: [], gaps: [restart], activity: [] },
        ],
        next: null,
      }),
    );
    return server;
  }

  it('is a strip of the last 24 hours for each camera, with the share that was recorded', async () => {
    const { server } = openStorage('/storage', missingServer());
    expect(await screen.findByRole('img', { name: 'Front door: 99.98 % recorded, 1 gap' })).toBeTruthy();
    expect(screen.getByRole('img', { name: 'Garden: nothing was to be recorded, 1 gap' })).toBeTruthy();
    const request = server.requests.find(({ pathname }) => pathname === '/api/timeline');
    expect(request?.searchParams.getAll('camera_id')).toEqual(['1', '2']);
    expect(request?.searchParams.get('start')).toBe('2026-11-27T12:00:00.000Z');
  });

  it('is listed with the reason, the newest first', async () => {
    openStorage('/storage', missingServer());
    const list = await screen.findByRole('list', { name: 'Gaps, the newest first' });
    expect(within(list).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Garden, 28 Nov, 09:00 to 09:1212 min: the recorder was restarted',
      'Front door, 28 Nov, 02:10:00 to 02:10:1212 s: the network was away',
    ]);
    await expectAccessible();
  });

  it('has no end while it goes on', async () => {
    const server = missingServer();
    const gap = { ...network, end: '2026-11-28T12:00:00Z' };
    const item = { camera_id: 1, resolution_s: 0, spans: [], gaps: [gap], activity: [] };
    server.handlers.set('GET /api/timeline', () => ok({ items: [item], next: null }));
    openStorage('/storage', server);
    expect(await screen.findByRole('link', { name: 'Front door, 28 Nov, 02:10 until now' })).toBeTruthy();
  });

  it('leads to the recording that it broke off', async () => {
    const server = missingServer();
    server.recordings = [
      makeRecording({ start: '2026-11-28T01:00:00Z', end: '2026-11-28T01:10:00Z', duration_s: 600 }),
      makeRecording({ id: 11, start: '2026-11-28T01:10:12Z', end: '2026-11-28T01:15:00Z', duration_s: 288 }),
    ];
    const { user, address } = openStorage('/storage', server);
    await user.click(await screen.findByRole('link', { name: 'Front door, 28 Nov, 02:10:00 to 02:10:12' }));
    await waitFor(() => expect(address()).toBe('/recordings?camera=1&day=2026-11-28&rec=10&t=595.0'));
  });

  it('can be looked for over a longer time', async () => {
    const { user, server } = openStorage('/storage', missingServer());
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Time that is looked at' }), '30 days');
    await waitFor(() => {
      const asked = server.requests.filter(({ pathname }) => pathname === '/api/timeline');
      expect(asked.at(-1)?.searchParams.get('start')).toBe('2026-10-29T12:00:00.000Z');
    });
  });

  it('is shown twenty at a time', async () => {
    const server = storageServer();
    server.cameras = [door];
    const gaps = Array.from({ length: 30 }, (_, at) => ({
      ...network,
      start: `2026-11-28T02:${String(at + 10)}:00Z`,
      end: `2026-11-28T02:${String(at + 10)}:09Z`,
    }));
    server.handlers.set('GET /api/timeline', () =>
      ok({ items: [{ camera_id: 1, resolution_s: 0, spans, gaps, activity: [] }], next: null }),
    );
    const { user } = openStorage('/storage', server);
    const list = await screen.findByRole('list', { name: 'Gaps, the newest first' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(20);
    await user.click(screen.getByRole('button', { name: 'Show more of 30 gaps' }));
    expect(within(list).getAllByRole('listitem')).toHaveLength(30);
  });

  it('is asked for 64 cameras at a time', async () => {
    const server = storageServer();
    server.cameras = Array.from({ length: 70 }, (_, at) => makeCamera({ id: at + 1, name: `Camera ${String(at)}` }));
    openStorage('/storage', server);
    await waitFor(() => {
      const counts = server.requests
        .filter(({ pathname }) => pathname === '/api/timeline')
        .map(({ searchParams }) => searchParams.getAll('camera_id').length);
      expect(counts.slice(0, 2)).toEqual([64, 6]);
    });
  });
});

describe('Long work', () => {
  const at = '2026-11-28T12:00:00Z';

  it('shows how far the deletion is, and then what it came to', async () => {
    const server = storageServer();
    const { socket } = openStorage('/storage', server);
    await screen.findByText('Last run 12:30: 12 recordings deleted, 3.1 GB.');
    const work = { type: 'retention', at, file_count: 120, size_bytes: 31e9, left_file_count: 1084 };
    socket((given) => given.receive({ ...work, running: true }));
    const bar = screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Deleting what exceeds the limits' });
    expect([bar.value, bar.max]).toEqual([120, 1204]);
    expect(screen.getByText('120 recordings deleted, 31 GB; 1,084 recordings left')).toBeTruthy();
    await expectAccessible();

    const last_run = { at, file_count: 1204, size_bytes: 310e9 };
    server.handlers.set('GET /api/storage/policy', () => ok({ ...policy, last_run }));
    socket((given) => given.receive({ ...work, running: false }));
    expect(await screen.findByText('Last run 13:00: 1,204 recordings deleted, 310 GB.')).toBeTruthy();
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('shows what is being moved to the archive, until it is, or the connection is new', async () => {
    const { socket } = openStorage();
    await section('Volumes');
    const work = { type: 'moving', at, running: true, file_count: 0, left_file_count: 0 };
    socket((given) => given.receive(work));
    const name = 'Moving older recordings to the archive';
    expect(screen.getByRole('progressbar', { name }).hasAttribute('value')).toBe(false);
    socket((given) => given.receive({ ...work, file_count: 4, left_file_count: 40 }));
    expect(screen.getByText('4 recordings moved, 40 recordings left')).toBeTruthy();
    socket((given) => given.receiveState([door, garden]));
    expect(screen.queryByRole('progressbar', { name })).toBeNull();
  });
});
