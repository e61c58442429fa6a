// SPDX-License-Identifier: MIT
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeRecording } from '../test/samples';
import { App } from './app';

const cameras = [makeCamera(), makeCamera({ id: 2, name: 'Yard' })];
const day = '/recordings?camera=1&day=2026-11-23';

function open(path: string, recordings = [makeRecording()]): RenderedApp {
  const server = new FakeServer();
  server.cameras = cameras;
  server.recordings = recordings;
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(cameras));
  return app;
}

function focused(): Element | null {
  return document.activeElement;
}

/** As a keyboard does: jsdom gives a click no focus. */
async function press({ user }: RenderedApp, element: HTMLElement): Promise<void> {
  act(() => element.focus());
  await user.keyboard('{Enter}');
}

describe('The focus', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z'), toFake: ['Date'] });
    vi.stubGlobal('MediaSource', { isTypeSupported: () => true });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('stays on the way to the next day when there is none after it', async () => {
    const app = open('/recordings?camera=1&day=2026-11-22');
    const next = await screen.findByRole('button', { name: 'Next day' });
    await press(app, next);
    expect(app.address()).toBe(day);
    expect(focused()).toBe(next);
    expect(next.matches(':disabled')).toBe(false);
    await app.user.keyboard('{Enter}');
    expect(app.address()).toBe(day);
  });

  it('is nowhere yet on the first page, which the bare address leads to', async () => {
    const app = open('/');
    await waitFor(() => {
      expect(app.address()).toBe('/live');
    });
    expect(focused()).toBe(document.body);
  });

  it('goes to the page when the button to today was the last of its kind', async () => {
    const app = open('/recordings?camera=1&day=2026-11-22', []);
    await app.user.click(await screen.findByRole('button', { name: 'Today' }));
    await screen.findByRole('heading', { name: 'Monday 23 November 2026' });
    await app.user.click(screen.getByRole('button', { name: 'Previous day' }));
    await press(app, await screen.findByRole('button', { name: 'Go to today' }));
    expect(focused()).toBe(screen.getByRole('main'));
  });

  it('goes to the page when what failed is loaded again', async () => {
    const app = open(day);
    await screen.findByRole('list');
    app.server.failure = { status: 503, body: { detail: 'The storage is away.' } };
    await app.user.click(screen.getByRole('button', { name: 'Previous day' }));
    app.server.failure = null;
    await press(app, await screen.findByRole('button', { name: 'Try again' }));
    expect(focused()).toBe(screen.getByRole('main'));
  });

  it('is on Play after a choice, also of what plays already, and is not taken later', async () => {
    const next = makeRecording({
      id: 11,
      start: '2026-11-23T01:15:00Z',
      end: '2026-11-23T01:30:00Z',
    });
    const app = open(`${day}&rec=10`, [makeRecording(), next]);
    await press(app, await screen.findByRole('button', { name: /^02:00:00/ }));
    expect(focused()).toBe(screen.getByRole('button', { name: 'Play' }));

    const today = screen.getByRole('button', { name: 'Today' });
    act(() => today.focus());
    fireEvent.ended(screen.getByLabelText('Recording of Front door'));
    expect(app.address()).toBe(`${day}&rec=11`);
    expect(focused()).toBe(today);
  });

  it('stays in a player that cannot play', async () => {
    const video = { codec: 'h265', width: 1, height: 1 };
    const app = open(day, [makeRecording({ video })]);
    await press(app, await screen.findByRole('button', { name: /^02:00:00/ }));
    fireEvent.error(screen.getByLabelText('Recording of Front door'));
    const play = screen.getByRole('button', { name: 'Play' });
    expect(play.getAttribute('aria-disabled')).toBe('true');
    expect(play.matches(':disabled')).toBe(false);
    expect(focused()).toBe(play);
    expect(screen.getByRole('slider').matches(':disabled')).toBe(false);
    fireEvent.change(screen.getByRole('slider'), { target: { value: '5' } });
    expect(screen.getByRole('alert').textContent).toContain('cannot play H.265');
  });

  it('goes to the page when the player is left by the back button', async () => {
    const app = open(day);
    await press(app, await screen.findByRole('button', { name: /^02:00:00/ }));
    app.back();
    expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
    expect(focused()).toBe(screen.getByRole('main'));
  });

  it('goes to the page when a link in it led away', async () => {
    const app = open('/live/cam/99');
    await press(app, await screen.findByRole('link', { name: 'Show all cameras' }));
    expect(app.address()).toBe('/live');
    expect(focused()).toBe(screen.getByRole('main'));
  });

  it('stays on the link that leads to a page', async () => {
    const app = open('/live');
    const link = screen.getByRole('link', { name: 'Recordings' });
    await press(app, link);
    await screen.findByRole('heading', { level: 1, name: 'Recordings' });
    expect(focused()).toBe(link);
  });

  it('goes along to the enlarged camera and back, however it is left', async () => {
    const app = open('/live');
    await press(app, await screen.findByRole('button', { name: 'Enlarge Yard' }));
    await app.user.dblClick(screen.getByLabelText('Live picture of Yard'));
    act(() => screen.getByRole('button', { name: 'Enlarge Front door' }).focus());
    app.back();
    expect(app.address()).toBe('/live/cam/2');
    expect(focused()).toBe(screen.getByRole('article', { name: 'Yard' }));
    await app.user.keyboard('{Enter}');
    expect(focused()).toBe(screen.getByRole('article', { name: 'Yard' }));
    expect(app.address()).toBe('/live');
  });

  it('goes to the page when the connection is back and "Try now" has gone', async () => {
    const app = open('/live');
    app.socket((socket) => socket.breakOff());
    act(() => screen.getByRole('button', { name: 'Try now' }).focus());
    await app.user.keyboard('{Enter}');
    app.socket((socket) => socket.receiveState(cameras));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(focused()).toBe(screen.getByRole('main'));
  });
});
