// SPDX-License-Identifier: MIT
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { Camera } from '../api/types';
import { renderApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';

const last_error = { code: 'storage', message: 'Disk full', at: '2026-11-23T00:58:00Z' };
const offline = makeCamera({ id: 1, status: 'offline' });
const failed = makeCamera({ id: 2, name: 'Yard', status: 'online', last_error });

function badge(cameras: Camera[], name: string): HTMLElement {
  const { socket } = renderApp(App, '/recordings');
  socket((given) => given.receiveState(cameras));
  return screen.getByRole('button', { name });
}

describe('The badge', () => {
  it('has the number of all alarms for a phone, where not all words have room', () => {
    const button = badge([offline, failed], '1 offline, 1 not recording');
    expect(within(button).getByText('2').getAttribute('aria-hidden')).toBe('true');
  });

  it('keeps its words where they are few', () => {
    expect(badge([offline], '1 offline').textContent).toBe('1 offline');
  });
});
