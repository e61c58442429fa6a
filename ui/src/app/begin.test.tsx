// SPDX-License-Identifier: MIT
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import { earlyStream } from '../features/live/early-streams';
import { forgetEarlyAnswers } from '../lib/early-answers';
import { dropFirstPage } from '../lib/first-page';
import { LiveSocket } from '../lib/live/live-socket';
import { forgetLiveSocket } from '../lib/live/page-socket';
import { FakeServer } from '../test/fake-server';
import { FakeSession } from '../test/fake-session';
import { FakeSocket } from '../test/fake-socket';
import { renderApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';
import { beginPage } from './begin';

const longMs = 60_000;
const yard = makeCamera({ id: 2, name: 'Yard' });
const gate = makeCamera({ id: 3, name: 'Gate', sub_url: 'rtsp://192.0.2.11/sub' });

describe('A page that begins', () => {
  let server: FakeServer;

  beforeEach(() => {
    vi.stubGlobal('MediaSource', { isTypeSupported: (mime: string) => mime.includes('avc1') });
    FakeSession.all = [];
    forgetLiveSocket(new LiveSocket({ url: '', createSocket: FakeSocket.createSilent }));
    server = new FakeServer();
    server.cameras = [yard, gate];
    server.install();
  });
  afterEach(() => {
    dropFirstPage();
    forgetEarlyAnswers();
    for (const id of [2, 3]) earlyStream(id)?.drop();
    history.replaceState(null, '', '/');
  });

  function go(path: string): void {
    history.replaceState(null, '', path);
  }

  const videoOf = (name: string): HTMLVideoElement =>
    within(screen.getByRole('article', { name })).getByLabelText(`Live picture of ${name}`);

  async function untilBegun(count: number): Promise<void> {
    await waitFor(() => expect(FakeSession.running).toHaveLength(count));
  }

  it('has pictures move before it is there, and is drawn when all do', async () => {
    go('/live');
    let isDone = false;
    const begun = beginPage(longMs).then((cameras) => {
      isDone = true;
      return cameras;
    });
    await untilBegun(2);
    expect(FakeSession.all.map(({ source, plan }) => [source.cameraId, plan.stream])).toEqual([
      [2, 'main'],
      [3, 'sub'],
    ]);
    expect(screen.getByRole('heading', { name: 'Yard' })).toBeTruthy();
    FakeSession.all[0]?.frame();
    expect(screen.getByRole('article', { name: 'Yard' }).dataset['state']).toBe('live');
    expect(screen.getByRole('article', { name: 'Gate' }).dataset['state']).toBe('connecting');
    expect(isDone).toBe(false);
    FakeSession.all[1]?.frame();
    expect(await begun).toEqual([yard, gate]);
  });

  it('calls nothing live that moves no more, however long the page is in coming', async () => {
    go('/live');
    const begun = beginPage(longMs);
    await untilBegun(2);
    for (const session of FakeSession.all) session.frame();
    await begun;
    const state = (): string | undefined => screen.getByRole('article', { name: 'Yard' }).dataset['state'];
    expect(state()).toBe('live');
    await waitFor(() => expect(state()).toBe('delayed'), { timeout: 8000 });
  });

  it('gives its streams to the tiles, which go on with what they show', async () => {
    go('/live');
    void beginPage(longMs);
    await untilBegun(2);
    FakeSession.all[0]?.frame();
    const early = videoOf('Yard');

    renderApp(App, '/live', server);
    await waitFor(() => expect(document.getElementById('first-page')).toBeNull());
    expect(videoOf('Yard')).toBe(early);
    expect(early.className).toBe('');
    expect(within(screen.getByRole('article', { name: 'Yard' })).getByText('LIVE')).toBeTruthy();
    expect(screen.getByRole('article', { name: 'Gate' }).dataset['state']).toBe('connecting');
    // What comes from now on is told to the tile.
    act(() => FakeSession.all[1]?.frame());
    await waitFor(() => expect(screen.getByRole('article', { name: 'Gate' }).dataset['state']).toBe('live'));
    expect(FakeSession.all).toHaveLength(2);
    expect([earlyStream(2), earlyStream(3)]).toEqual([null, null]);
  });

  it('does not wait for a picture that does not come', async () => {
    go('/live');
    expect(await beginPage(200)).toEqual([yard, gate]);
    expect(FakeSession.running).toHaveLength(2);
    server.holds = () => true;
    expect(await beginPage(200)).toBeNull();
  });

  it('begins with the camera that its address names, enlarged', async () => {
    go('/live/cam/3');
    void beginPage(longMs);
    await untilBegun(1);
    expect(FakeSession.newest.plan.stream).toBe('main');
    expect(screen.getAllByRole('article')).toHaveLength(1);
  });

  it('begins as the viewer set it up', async () => {
    const live = { layout: '1', order: [3, 2] };
    server.handlers.set('GET /api/me/preferences', () => ({ status: 200, body: { version: 1, live } }));
    go('/live');
    void beginPage(longMs);
    await untilBegun(1);
    expect(screen.getByRole('article', { name: 'Gate' })).toBeTruthy();
  });

  it.each(['/recordings', '/live/cam/99', '/cameras/new'])('has nothing to begin with at %s', async (path) => {
    go(path);
    expect(await beginPage(longMs)).toEqual([yard, gate]);
    expect(document.getElementById('first-page')).toBeNull();
    expect(FakeSession.all).toHaveLength(0);
  });

  it('draws the last picture of a camera whose sub stream is still to be connected, of four at most', async () => {
    const asked: string[] = [];
    class FakeImage {
      naturalWidth = 640;
      naturalHeight = 360;
      set src(url: string) {
        asked.push(url);
      }
      decode = (): Promise<void> => Promise.resolve();
    }
    const RealImage = globalThis.Image;
    vi.stubGlobal('Image', FakeImage);
    const sub = (id: number, status: 'idle' | 'online'): Camera =>
      makeCamera({ id, name: String(id), sub_url: 'rtsp://192.0.2.11/sub', sub: { status, last_error: null } });
    server.cameras = [yard, sub(11, 'online'), ...[12, 13, 14, 15, 16].map((id) => sub(id, 'idle'))];
    go('/live');
    void beginPage(longMs);
    await waitFor(() => expect(asked).toHaveLength(4));
    expect(asked).toEqual([12, 13, 14, 15].map((id) => `/api/cameras/${String(id)}/snapshot.jpg?width=640&last=true`));
    const still = videoOf('12').parentElement?.querySelector('canvas');
    expect([still?.width, still?.height]).toEqual([640, 360]);
    for (const { id } of server.cameras) earlyStream(id)?.drop();
    vi.stubGlobal('Image', RealImage);
  });

  it('begins nothing in a page that nobody sees', async () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    go('/live');
    expect(await beginPage(longMs)).toEqual([yard, gate]);
    expect(FakeSession.all).toHaveLength(0);
  });

  it.each([
    ['is away', 'unreachable' as const],
    ['is starting', { status: 503, body: { detail: 'Starting.' } }],
    ['says what cannot be read', { status: 200, body: { items: 'none' } }],
  ])('leaves it to the page to say that the recorder %s', async (_, failure) => {
    server.failure = failure;
    go('/live');
    expect(await beginPage(longMs)).toBeNull();
    expect(document.getElementById('first-page')).toBeNull();
  });

  it('leaves a camera without pictures to its tile', async () => {
    server.cameras = [yard, { ...gate, status: 'offline' }];
    go('/live');
    void beginPage(longMs);
    await untilBegun(1);
    expect(screen.getAllByRole('article')).toHaveLength(2);
    expect(FakeSession.newest.source.cameraId).toBe(2);
  });
});
