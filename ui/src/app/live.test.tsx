// SPDX-License-Identifier: MIT
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import { FakeServer } from '../test/fake-server';
import { FakeSession } from '../test/fake-session';
import { FakeSocket } from '../test/fake-socket';
import { focusIsOn } from '../test/focus';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeVideo } from '../test/samples';
import { App } from './app';

const yard = makeCamera({ id: 2, name: 'Yard' });

function open(cameras: Camera[], path = '/live'): RenderedApp {
  const server = new FakeServer();
  server.cameras = cameras;
  return renderApp(App, path, server);
}

function tile(name: string): HTMLElement {
  return screen.getByRole('article', { name });
}

function streamOf(video: HTMLElement): FakeSession | undefined {
  return FakeSession.running.find(({ source }) => source.video === video);
}

/** jsdom decodes nothing: the frame is told, not shown. */
async function showFrame(name: string): Promise<void> {
  const video = within(tile(name)).getByLabelText(`Live picture of ${name}`);
  await waitFor(() => expect(streamOf(video)).toBeTruthy());
  act(() => streamOf(video)?.frame());
}

describe('Live', () => {
  beforeEach(() => {
    FakeSession.all = [];
    vi.stubGlobal('MediaSource', { isTypeSupported: (mime: string) => mime.includes('avc1') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is the first page, and shows a line while it loads', () => {
    const server = new FakeServer();
    server.failure = 'never';
    const { address } = renderApp(App, '/', server);
    expect(address()).toBe('/live');
    expect(screen.getByRole('heading', { level: 1, name: 'Live' })).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Loading the cameras' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Live' }).getAttribute('aria-current')).toBe('page');
  });

  it('says what is wrong and loads again on request', async () => {
    const server = new FakeServer();
    server.failure = { status: 409, body: { detail: 'The catalog is being rebuilt.' } };
    const { user } = renderApp(App, '/live', server);
    expect((await screen.findByRole('alert')).textContent).toContain('catalog is being rebuilt');

    server.failure = null;
    server.cameras = [yard];
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('article', { name: 'Yard' })).toBeTruthy();
  });

  it('tells a new user what to do', async () => {
    open([]);
    expect(await screen.findByRole('heading', { name: 'No cameras yet' })).toBeTruthy();
    expect(screen.getByText('./run --demo')).toBeTruthy();
    const add = screen.getByRole('link', { name: 'Add camera' });
    expect(add.getAttribute('href')).toBe('/cameras/new');
  });

  it('shows each enabled camera, and LIVE once its picture moves', async () => {
    open([makeCamera(), yard, makeCamera({ id: 3, name: 'Old', enabled: false })]);
    await screen.findByRole('article', { name: 'Front door' });
    expect(screen.getAllByRole('article')).toHaveLength(2);
    await showFrame('Yard');
    expect(within(tile('Yard')).getByText('LIVE')).toBeTruthy();
    expect(within(tile('Front door')).queryByText('LIVE')).toBeNull();
    expect(FakeSession.all.map(({ transport }) => transport)).toEqual(['websocket', 'websocket']);
  });

  it('follows the recorder: a camera goes offline, with reason, badge and announcement', async () => {
    const { socket } = open([yard]);
    await screen.findByRole('article', { name: 'Yard' });
    socket((given) => given.receiveState([yard]));
    await showFrame('Yard');
    expect(within(tile('Yard')).getByText('REC')).toBeTruthy();

    socket((given) =>
      given.receive({
        type: 'camera',
        at: new Date(Date.now()).toISOString(),
        camera: makeCamera({
          ...yard,
          status: 'offline',
          status_since: '2026-01-23T00:58:00.000Z',
          last_error: {
            code: 'unauthorized',
            message: 'Password refused by the camera (401)',
            at: '2026-01-23T00:58:00.000Z',
          },
        }),
      }),
    );

    const words = tile('Yard').textContent;
    expect(words).toContain('Offline since 23 Jan, 01:58');
    expect(words).toContain('Password refused by the camera (401)');
    expect(words).toContain('REC off');
    expect(FakeSession.newest.isStopped).toBe(true);
    expect(screen.getByRole('button', { name: '1 offline' })).toBeTruthy();
    expect(screen.getByText(/^Yard is offline: Password refused/)).toBeTruthy();
  });

  it('shows cameras that are added and removed', async () => {
    const { socket } = open([yard]);
    socket((given) => given.receiveState([yard]));
    const at = '2026-11-23T02:00:00Z';
    socket((given) => given.receive({ type: 'camera', at, camera: makeCamera() }));
    expect(tile('Front door')).toBeTruthy();
    socket((given) => given.receive({ type: 'camera_removed', at, camera_id: 2 }));
    expect(screen.queryByRole('article', { name: 'Yard' })).toBeNull();
    await act(() => Promise.resolve());
  });

  it('has a Play button where the browser does not play by itself', async () => {
    const { user } = open([yard, makeCamera()]);
    await screen.findByRole('article', { name: 'Yard' });
    await waitFor(() => expect(FakeSession.all).toHaveLength(2));
    act(() => {
      for (const { events } of FakeSession.all) events.onRefused();
    });
    const button = await screen.findByRole('button', { name: 'Play Yard' });
    expect(within(tile('Yard')).queryByText('LIVE')).toBeNull();

    act(() => button.focus());
    await user.keyboard('{Enter}');
    await showFrame('Yard');
    expect(within(tile('Yard')).getByText('LIVE')).toBeTruthy();
    // One word is enough for all of them.
    expect(screen.queryByRole('button', { name: /^Play / })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Enlarge Yard' }));
  });

  it('can be told to try a failed tile again without waiting', async () => {
    const { user } = open([yard]);
    await screen.findByRole('article', { name: 'Yard' });
    await waitFor(() => expect(FakeSession.all).toHaveLength(1));
    // By each way in turn.
    for (let i = 0; i < 4; i += 1) {
      act(() => FakeSession.newest.fail({ why: 'network', retryAfterMs: 10_000 }));
    }
    expect(tile('Yard').textContent).toContain('try 1 in 10 s');

    act(() => screen.getByRole('button', { name: 'Retry Yard' }).focus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(FakeSession.all).toHaveLength(5));
    expect(tile('Yard').textContent).toContain('Reconnecting, try 1');
    expect(tile('Yard').textContent).not.toContain('10 s');
    await showFrame('Yard');
    expect(screen.queryByRole('button', { name: 'Retry Yard' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Enlarge Yard' }));
  });

  it('never shows a black tile for H.265', async () => {
    open([
      makeCamera({ stream: { video: makeVideo({ codec: 'h265' }), audio: null } }),
    ]);
    expect(
      await screen.findByText('This browser cannot play H.265 from this camera.'),
    ).toBeTruthy();
    expect(FakeSession.all.map(({ transport }) => transport)).toEqual(['jpeg']);
  });

  it('says when recording fails for want of space', async () => {
    const last_error = { code: 'storage', message: 'Disk full', at: '2026-11-23T00:58:00Z' };
    open([makeCamera({ status: 'online', last_error })]);
    expect(await screen.findByText('REC failed')).toBeTruthy();
    expect(screen.getByRole('button', { name: '1 not recording' })).toBeTruthy();
  });

  it('enlarges with the keyboard, keeps the stream, and comes back with Escape', async () => {
    const { user, address } = open([makeCamera(), yard]);
    await screen.findByRole('article', { name: 'Yard' });
    await showFrame('Yard');
    const stream = streamOf(within(tile('Yard')).getByLabelText(/^Live picture/));

    act(() => screen.getByRole('button', { name: 'Enlarge Front door' }).focus());
    await user.keyboard('{ArrowRight}{Enter}');
    expect(address()).toBe('/live/cam/2');
    expect(screen.getAllByRole('article')).toHaveLength(1);
    expect(stream?.isStopped).toBe(false);

    await user.keyboard('{Escape}');
    expect(address()).toBe('/live');
    expect(screen.getAllByRole('article')).toHaveLength(2);
    await focusIsOn(() => tile('Yard'));
    expect(stream?.isStopped).toBe(false);
  });

  it('enlarges on a double-click', async () => {
    const { user, address } = open([makeCamera(), yard]);
    await screen.findByRole('article', { name: 'Yard' });
    await user.dblClick(screen.getByLabelText('Live picture of Yard'));
    expect(address()).toBe('/live/cam/2');
  });

  it('offers a way out of an address without a camera', async () => {
    const { user, address } = open([yard], '/live/cam/99');
    await user.click(await screen.findByRole('link', { name: 'Show all cameras' }));
    expect(address()).toBe('/live');
  });

  it('lets one camera be heard at a time', async () => {
    const stream = { ...yard.stream, audio: { codec: 'aac', sample_rate_hz: 16_000, channels: 1 } };
    const { user } = open([makeCamera({ stream }), makeCamera({ ...yard, stream })]);
    const muted = (name: string): boolean =>
      screen.getByLabelText<HTMLVideoElement>(`Live picture of ${name}`).muted;
    await user.click(await screen.findByRole('button', { name: 'Listen to Yard' }));
    expect([muted('Front door'), muted('Yard')]).toEqual([true, false]);
    await user.click(screen.getByRole('button', { name: 'Listen to Front door' }));
    expect([muted('Front door'), muted('Yard')]).toEqual([false, true]);
  });

  it('counts down to the next try when the recorder is gone, and recovers', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T02:00:00Z') });
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { socket } = open([yard]);
    socket((given) => given.receiveState([yard]));
    expect(screen.getByText('03:00:00', { exact: false }).textContent).toContain('CET');

    for (const wait of [500, 1000, 2000]) {
      socket((given) => given.breakOff());
      if (wait < 2000) await act(() => vi.advanceTimersByTimeAsync(wait));
    }
    expect(screen.getByRole('alert').textContent).toBe('Connection to the recorder lost');
    expect(screen.getByText(', trying again in 2 s')).toBeTruthy();
    expect(within(tile('Yard')).getByText('REC unknown')).toBeTruthy();
    // Where it takes no room from the pictures and covers none of them.
    expect(screen.getByRole('alert').closest('header')).toBeTruthy();
    expect(within(screen.getByRole('main')).queryByRole('alert')).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(1100));
    expect(screen.getByText(', trying again in 1 s')).toBeTruthy();
    expect(tile('Yard')).toBeTruthy();

    await act(() => vi.advanceTimersByTimeAsync(900));
    socket((given) => given.receiveState([yard]));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(within(tile('Yard')).getByText('REC')).toBeTruthy();
    expect(FakeSocket.all).toHaveLength(4);
  });

  it('leaves no stream running when the page is left', async () => {
    const { user } = open([makeCamera(), yard]);
    await screen.findByRole('article', { name: 'Yard' });
    await showFrame('Yard');
    await user.click(screen.getByRole('link', { name: 'Recordings' }));
    await screen.findByRole('heading', { level: 1, name: 'Recordings' });
    expect(FakeSession.all.length).toBeGreaterThan(0);
    expect(FakeSession.running).toEqual([]);
  });
});

describe('an unknown address', () => {
  it('leads back to the live pictures', async () => {
    const { user, address } = open([yard], '/nowhere');
    await user.click(screen.getByRole('link', { name: 'Go to the live pictures' }));
    expect(address()).toBe('/live');
  });
});
