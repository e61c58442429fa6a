// SPDX-License-Identifier: MIT
import { screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import type { Alarm } from '../api/storage-types';
import { expectAccessible } from '../test/accessible';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';
import '../features/recordings/recordings-page';

const low: Alarm = {
  id: 'volume_low:1',
  kind: 'volume_low',
  severity: 'warning',
  since: '2026-11-28T11:00:00Z',
  sentence: 'The disk of /srv is nearly full.',
  volume_id: 1,
  camera_id: null,
};
const missing: Alarm = {
  ...low,
  id: 'volume_missing:2',
  kind: 'volume_missing',
  severity: 'critical',
  since: '2026-11-28T10:00:00Z',
  sentence: 'The disk of /mnt/b is missing.',
  volume_id: 2,
};
const down: Alarm = {
  ...low,
  id: 'camera_down:1',
  kind: 'camera_down',
  since: '2026-11-28T11:30:00Z',
  sentence: 'Front door is offline.',
  volume_id: null,
  camera_id: 1,
};

function raise({ socket }: RenderedApp, items: Alarm[]): void {
  socket((given) => given.receive({ type: 'alarms', at: '2026-11-28T12:00:00Z', items }));
}

function open(items: Alarm[]): RenderedApp {
  const app = renderApp(App, '/recordings');
  const status = items.includes(down) ? 'offline' : 'recording';
  app.socket((socket) => socket.receiveState([makeCamera({ status })]));
  raise(app, items);
  return app;
}

function banner(): HTMLElement | null {
  return screen.queryByRole('complementary', { name: 'Alarms' });
}

function spoken(): string {
  return screen
    .getAllByRole('status')
    .map(({ textContent }) => textContent)
    .join('');
}

describe('Alarms', () => {
  it('show the worst on every page, and all of them when they are asked for', async () => {
    open([low, missing, down]);
    expect(within(banner()!).getAllByRole('link').map(({ textContent }) => textContent)).toEqual([
      missing.sentence,
    ]);
    expect(banner()!.dataset['severity']).toBe('critical');
    const list = document.getElementById('alarms')!;
    expect(screen.getByRole('button', { name: '1 offline, 2 alarms' }).getAttribute('popovertarget')).toBe(list.id);
    for (const { sentence } of [low, missing]) expect(list.textContent).toContain(sentence);
    expect(list.textContent).toContain('Front door');
    await expectAccessible();
  });

  it.each([
    [low, '/storage'],
    [down, '/live/cam/1'],
  ])('lead to where something can be done', (alarm, target) => {
    open([alarm]);
    const link = within(banner()!).getByRole('link', { name: alarm.sentence });
    expect(link.getAttribute('href')).toBe(target);
  });

  it.each([
    ['in the header, where it moves nothing', false],
    ['on a phone below the page, which begins at its top', true],
  ])('are %s', (_, isPhone) => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (query) => Object.assign(new EventTarget(), { media: query, matches: isPhone }) as MediaQueryList,
    );
    open([low]);
    expect(banner()!.closest('header') === null).toBe(isPhone);
  });

  it('are gone when they are over', () => {
    const app = open([low]);
    expect(banner()).toBeTruthy();
    raise(app, []);
    expect(banner()).toBeNull();
    expect(screen.queryByRole('button', { name: /alarm/ })).toBeNull();
  });

  it('can be put away, until there is another or the same one comes back', async () => {
    const app = open([low]);
    await app.user.click(within(banner()!).getByRole('button', { name: 'Put the alarms away' }));
    expect(banner()).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('main'));
    raise(app, [low]);
    expect(banner()).toBeNull();
    raise(app, [low, missing]);
    expect(within(banner()!).getByText(missing.sentence)).toBeTruthy();
    await app.user.click(within(banner()!).getByRole('button', { name: 'Put the alarms away' }));
    raise(app, [{ ...low, since: '2026-11-28T11:59:00Z' }]);
    expect(banner()).toBeTruthy();
  });

  it('are said once to a screen reader, in one sentence', () => {
    const app = open([low, missing]);
    expect(spoken()).toBe('Alarm: The disk of /mnt/b is missing. And 1 more alarm.');
    raise(app, [low, missing]);
    raise(app, [missing]);
    expect(spoken()).toBe('Alarm: The disk of /mnt/b is missing. And 1 more alarm.');
  });

  it('of cameras are said as what happened to the camera, and not a second time', () => {
    const app = open([]);
    app.socket((socket) => socket.receiveState([makeCamera({ status: 'offline' })]));
    raise(app, [down]);
    expect(spoken()).toBe('Front door is offline');
  });

  it('are counted in the badge beside cameras that are offline, which are no second alarm there', async () => {
    open([low, missing, down]);
    const badge = screen.getByRole('button', { name: '1 offline, 2 alarms' });
    expect(badge.textContent).toContain('3');
    const list = document.getElementById('alarms')!;
    expect([...list.querySelectorAll('a')].map(({ textContent }) => textContent)).toEqual([
      'Front door',
      'Disk missing',
      'Disk nearly full',
    ]);
    await expectAccessible();
  });

  it('of a kind that this page does not know are shown all the same', () => {
    open([{ ...low, kind: 'volume_on_fire' }]);
    expect(within(banner()!).getByText(low.sentence)).toBeTruthy();
    expect(document.getElementById('alarms')!.querySelector('a')?.textContent).toBe('Storage');
  });

  it('that are not as agreed leave those before in place', () => {
    const app = open([low]);
    app.socket((socket) => socket.receive({ type: 'alarms', at: '2026-11-28T12:00:00Z', items: [{ id: 1 }] }));
    expect(banner()).toBeTruthy();
  });
});
