// SPDX-License-Identifier: MIT
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import { expectAccessible } from '../test/accessible';
import { FakeHls } from '../test/fake-hls';
import { FakeServer } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';

vi.mock('../lib/hls-loader', () => ({ loadHls: () => Promise.resolve(new FakeHls()) }));

const cameras = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((name, i) =>
  makeCamera({ id: i + 1, name }),
);
// Whole pages, drawn many times over.
vi.setConfig({ testTimeout: 20_000 });

let stored: unknown;
let version: number;

function open(path = '/live', shown: Camera[] = cameras): RenderedApp {
  const server = new FakeServer();
  server.cameras = shown;
  const answer = (): { status: number; body: unknown; headers: Record<string, string> } => ({
    status: 200,
    body: stored,
    headers: { etag: `"${String(version)}"` },
  });
  server.handlers.set('GET /api/me/preferences', answer);
  server.handlers.set('PUT /api/me/preferences', ({ body }) => {
    stored = body;
    version += 1;
    return answer();
  });
  return renderApp(App, path, server);
}

function names(): (string | null)[] {
  return screen.getAllByRole('article').map((one) => one.getAttribute('aria-label'));
}

function live(): unknown {
  return (stored as { live?: unknown }).live;
}

describe('The layout of the live page', () => {
  beforeEach(() => {
    FakeHls.all = [];
    stored = {};
    version = 0;
    localStorage.clear();
    vi.stubGlobal('MediaSource', { isTypeSupported: () => true });
  });
  afterEach(() => {
    localStorage.clear();
    vi.useRealTimers();
  });

  it('is chosen, is in the address, and is kept', async () => {
    const { user, address } = open();
    await user.click(await screen.findByRole('button', { name: '2×2: Two by two' }));
    expect(address()).toBe('/live/2x2');
    expect(names()).toEqual(['One', 'Two', 'Three', 'Four']);
    expect(screen.getByRole('button', { name: '2×2: Two by two' }).getAttribute('aria-pressed')).toBe('true');
    await waitFor(() => expect(live()).toMatchObject({ layout: '2x2' }));
    await expectAccessible();
  });

  it('is the one that was left, from the first moment on', async () => {
    stored = { version: 1, live: { layout: '1', order: [3] } };
    open();
    await screen.findByText('page 1 of 6');
    expect(names()).toEqual(['Three']);
  });

  it('is turned page by page, by buttons and keys, and stays in its bounds', async () => {
    const { user, address } = open('/live/2x2?page=9');
    await screen.findByText('page 2 of 2');
    expect(names()).toEqual(['Five', 'Six']);
    expect(screen.getByRole('link', { name: 'Add camera' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Next page' }).getAttribute('aria-disabled')).toBe('true');
    await user.keyboard('{PageUp}');
    expect(address()).toBe('/live/2x2');
    await user.keyboard('{PageUp}{PageDown}');
    expect(address()).toBe('/live/2x2?page=2');
  });

  it('is turned by itself while patrol is on, and not behind a dialog', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T02:00:00Z'), shouldAdvanceTime: true });
    const { address } = open('/live/2x2?patrol=1');
    await screen.findByText('page 1 of 2');
    await act(() => vi.advanceTimersByTimeAsync(10_100));
    expect(address()).toBe('/live/2x2?patrol=1&page=2');
    await act(() => vi.advanceTimersByTimeAsync(10_100));
    expect(address()).toBe('/live/2x2?patrol=1');
    fireEvent.keyDown(window, { key: '?' });
    await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    await act(() => vi.advanceTimersByTimeAsync(10_100));
    expect(address()).toBe('/live/2x2?patrol=1');
  });

  it('is come back to from an enlarged camera', async () => {
    const { user, address } = open('/live/2x2?page=2');
    await user.click(await screen.findByRole('button', { name: 'Enlarge Six' }));
    expect(address()).toBe('/live/cam/6?page=2');
    await user.keyboard('{ArrowLeft}');
    expect(address()).toBe('/live/cam/5?page=2');
    await user.keyboard('{Escape}');
    expect(address()).toBe('/live/2x2?page=2');
    await focusIsOn(() => screen.getByRole('article', { name: 'Five' }));
  });

  it('is changed by keyboard: picked up, moved, put back or dropped', async () => {
    const { user } = open('/live/3x3');
    const tile = await screen.findByRole('article', { name: 'One' });
    act(() => tile.focus());
    await user.keyboard('g{Shift>}{ArrowRight}{ArrowDown}{/Shift}');
    expect(names()).toEqual(['Five', 'Two', 'Three', 'Four', 'One', 'Six']);
    expect(screen.getByText('One: place 5 of 9')).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(names()).toEqual(['One', 'Two', 'Three', 'Four', 'Five', 'Six']);
    await user.keyboard('g{Shift>}{ArrowRight}{/Shift}{Enter}');
    expect(names()).toEqual(['Two', 'One', 'Three', 'Four', 'Five', 'Six']);
    await waitFor(() => expect(live()).toMatchObject({ order: [2, 1, 3, 4, 5, 6] }));
  });

  it('is changed by the menu of a tile', async () => {
    const { user } = open('/live/2x2');
    await user.click(await screen.findByRole('button', { name: 'More for One' }));
    await user.click(screen.getByRole('button', { name: 'Move to…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Move One' });
    await user.selectOptions(within(dialog).getByLabelText('To'), 'Place 6: Six');
    await user.click(within(dialog).getByRole('button', { name: 'Move' }));
    await waitFor(() => expect(names()).toEqual(['Six', 'Two', 'Three', 'Four']));
  });

  it('has a name and cameras of its own', async () => {
    const { user, address } = open('/live/2x2');
    await user.click(await screen.findByRole('button', { name: 'Named layouts' }));
    await user.click(screen.getByRole('button', { name: 'New named layout' }));
    await user.type(await screen.findByLabelText('Name'), 'Back yard');
    await user.selectOptions(screen.getByLabelText('Place 1'), 'Four');
    await user.selectOptions(screen.getByLabelText('Place 5'), 'Empty');
    await user.selectOptions(screen.getByLabelText('Place 6'), 'Empty');
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(address()).toBe('/live/back-yard');
    expect(names()).toEqual(['Four', 'Two', 'Three']);
    await waitFor(() =>
      expect(live()).toMatchObject({
        layout: 'back-yard',
        layouts: [{ id: 'back-yard', name: 'Back yard', grid: '2x2', cells: [4, 2, 3] }],
      }),
    );
    await user.click(screen.getByRole('button', { name: 'Named layouts' }));
    await user.click(screen.getByRole('button', { name: 'Remove Back yard' }));
    expect(address()).toBe('/live/2x2');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(address()).toBe('/live/back-yard');
  });

  it('lets single keys be switched off', async () => {
    stored = { version: 1, live: { single_keys: false } };
    const { user, address } = open();
    await screen.findByRole('article', { name: 'One' });
    await user.keyboard('2?');
    expect(address()).toBe('/live');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Keyboard shortcuts' }));
    await user.click(await screen.findByLabelText('Letters, digits and signs work as shortcuts'));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await user.keyboard('2');
    expect(address()).toBe('/live/2x2');
  });

  it('has no rail and no header in a kiosk', async () => {
    const { user, address } = open('/live/2x2?kiosk=1');
    await screen.findByRole('article', { name: 'One' });
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(screen.queryByText('Live', { selector: 'header *' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'More for One' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Leave kiosk' }));
    expect(address()).toBe('/live/2x2');
    expect(screen.getByRole('navigation', { name: 'Main' })).toBeTruthy();
  });
});
