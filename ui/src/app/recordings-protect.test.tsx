// SPDX-License-Identifier: MIT
import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { day, morning, open } from './recordings-fixture';

describe('The lock of a recording', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z'), toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('protects a recording, says so in words, and lets it go again', async () => {
    const server = new FakeServer();
    const wanted: unknown[] = [];
    server.handlers.set('PATCH /api/recordings/1', ({ body }) => {
      wanted.push(body);
      const change = body as { protected: boolean };
      return { status: 200, body: { ...morning[0], ...change } };
    });
    const { user } = await open(morning, day, server);
    const button = await screen.findByRole('button', { name: 'Protect 02:00:00' });
    expect(button.getAttribute('aria-pressed')).toBe('false');

    await user.click(button);
    expect(await screen.findByText('15 min · 450 MB · protected')).toBeTruthy();
    expect(button.getAttribute('aria-pressed')).toBe('true');
    expect(button.title).toContain('Unprotect');

    await user.click(button);
    await waitFor(() => expect(button.getAttribute('aria-pressed')).toBe('false'));
    expect(wanted).toEqual([{ protected: true }, { protected: false }]);
    expect(screen.queryByText(/protected/)).toBeNull();
  });

  it('shows what somebody else protects', async () => {
    const { socket } = await open(morning);
    const button = await screen.findByRole('button', { name: 'Protect 02:00:00' });
    const recording = { ...morning[0], protected: true };
    socket((given) => given.receive({ type: 'recording', at: '2026-11-23T12:00:00Z', recording }));
    await waitFor(() => expect(button.getAttribute('aria-pressed')).toBe('true'));
  });

  it('says calmly that it was too late, until that is dismissed', async () => {
    const server = new FakeServer();
    const detail = 'recording 2 is being deleted already';
    server.handlers.set('PATCH /api/recordings/2', () => ({ status: 409, body: { detail } }));
    const { user } = await open(morning, day, server);
    expect(await screen.findAllByRole('button', { name: /^Protect/ })).toHaveLength(3);
    server.recordings = morning.filter(({ id }) => id !== 2);

    await user.click(screen.getByRole('button', { name: 'Protect 02:15:00' }));
    const said = await screen.findByRole('alert');
    expect(said.textContent).toBe(`The recording is not protected: ${detail}`);
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Protect 02:15:00' })).toBeNull(),
    );

    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
