// SPDX-License-Identifier: MIT
import { screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';

import { renderApp } from '../test/render-app';
import { App } from './app';

/** What throws at the moment. */
const broken = vi.hoisted(() => new Set<'live' | 'recordings' | 'recordings file' | 'clock'>());

function draw(part: 'live' | 'recordings' | 'clock', text: string): ReactNode {
  if (broken.has(part)) throw new Error(`the ${part} part is broken`);
  return <p>{text}</p>;
}

vi.mock('../features/live/live-page', () => ({ LivePage: () => draw('live', 'Live pictures') }));
vi.mock('../features/recordings/recordings-page', () => ({
  get RecordingsPage() {
    if (broken.has('recordings file')) throw new Error('the file did not arrive');
    return () => draw('recordings', 'Recorded pictures');
  },
}));
vi.mock('./site-clock', () => ({ SiteClock: () => draw('clock', '12:00') }));

const sentence = 'Recording goes on: it happens in the recorder and does not need this page.';

describe('An error in a page', () => {
  let logged: MockInstance<typeof console.error>;
  beforeEach(() => {
    broken.clear();
    logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  });

  it('leaves the navigation in place, says what goes on, and is logged', () => {
    broken.add('live');
    renderApp(App, '/live');
    expect(screen.getByRole('alert').textContent).toContain(sentence);
    expect(screen.getByRole('button', { name: 'Reload page' })).toBeTruthy();
    expect(screen.getByRole('navigation', { name: 'Main' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Live' }).getAttribute('aria-current')).toBe('page');
    const words = logged.mock.calls.flat().map(String).join(' ');
    expect(words).toContain('the live part is broken');
  });

  it('is over when trying again works, and stays when it does not', async () => {
    broken.add('live');
    const { user } = renderApp(App, '/live');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText(sentence)).toBeTruthy();

    broken.clear();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('Live pictures')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  it('does not follow to another page, nor wait there on the way back', async () => {
    broken.add('live');
    const { user } = renderApp(App, '/live');
    await user.click(screen.getByRole('link', { name: 'Recordings' }));
    expect(await screen.findByText('Recorded pictures')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();

    broken.clear();
    await user.click(screen.getByRole('link', { name: 'Live' }));
    expect(screen.getByText('Live pictures')).toBeTruthy();
  });

  it('is shown for the page that throws when it is opened', async () => {
    broken.add('recordings');
    const { user } = renderApp(App, '/live');
    await user.click(screen.getByRole('link', { name: 'Recordings' }));
    expect(await screen.findByText(sentence)).toBeTruthy();
  });

  it('that comes from a file which did not arrive is over once it does', async () => {
    vi.resetModules();
    const { App: FreshApp } = await import('./app');
    broken.add('recordings file');
    const { user } = renderApp(FreshApp, '/recordings');
    expect(await screen.findByText(sentence)).toBeTruthy();
    broken.clear();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Recorded pictures')).toBeTruthy();
  });

  it('outside every page is caught as well', async () => {
    broken.add('clock');
    const { user } = renderApp(App, '/live');
    expect(screen.getByText(sentence)).toBeTruthy();
    broken.clear();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('Live pictures')).toBeTruthy();
    expect(screen.getByText('12:00')).toBeTruthy();
  });
});
