// SPDX-License-Identifier: MIT
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import { FakeServer, type Answer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';

const gate = makeCamera({ name: 'Gate', onvif_url: 'http://192.0.2.10/onvif', group: 'Yard', tags: ['night'] });
const hall = makeCamera({ id: 2, name: 'Hall', group: 'House', tags: ['night'] });
const shed = makeCamera({ id: 3, name: 'Shed' });
const presets: Answer = { status: 200, body: { ok: true, presets: [{ token: '1', name: 'Street' }, { token: '2', name: '' }] } };

function open(path: string, cameras: Camera[], answer: Answer = presets): RenderedApp {
  const server = new FakeServer();
  server.cameras = cameras;
  server.handlers.set('GET /api/cameras/1/ptz', () => answer);
  server.handlers.set('POST /api/cameras/1/ptz', () => ({ status: 200, body: { ok: true } }));
  return renderApp(App, path, server);
}

function told({ server }: RenderedApp): unknown[] {
  return server.sent.map(({ body }) => body);
}

function press({ user }: RenderedApp, target: Element): Promise<unknown> {
  return user.pointer({ keys: '[MouseLeft>]', target });
}

beforeEach(() => {
  vi.stubGlobal('MediaSource', { isTypeSupported: () => true });
  Element.prototype.setPointerCapture = () => undefined;
});

describe('The controls of a camera that turns', () => {
  it('move it while a button is held, and stop it on release', async () => {
    const app = open('/live/cam/1', [gate]);
    const up = await screen.findByRole('button', { name: 'Up' });
    await press(app, up);
    await waitFor(() => expect(told(app)).toEqual([{ move: { tilt: 1, timeout_s: 1 } }]));
    await app.user.pointer({ keys: '[/MouseLeft]', target: up });
    await waitFor(() => expect(told(app).at(-1)).toEqual({ stop: true }));
  });

  it.each(['lostPointerCapture', 'pointerCancel'] as const)('stop it on %s', async (end) => {
    const app = open('/live/cam/1', [gate]);
    const left = await screen.findByRole('button', { name: 'Left' });
    await press(app, left);
    await waitFor(() => expect(told(app)).toHaveLength(1));
    fireEvent[end](left);
    await waitFor(() => expect(told(app)).toEqual([{ move: { pan: -1, timeout_s: 1 } }, { stop: true }]));
  });

  it('stop it when the window or the page is left', async () => {
    const app = open('/live/cam/1', [gate]);
    await press(app, await screen.findByRole('button', { name: 'Zoom in' }));
    await waitFor(() => expect(told(app)).toHaveLength(1));
    fireEvent.blur(window);
    await waitFor(() => expect(told(app).at(-1)).toEqual({ stop: true }));
    await app.user.pointer('[/MouseLeft]');
    await press(app, screen.getByRole('button', { name: 'Zoom in' }));
    await waitFor(() => expect(told(app)).toHaveLength(3));
    await app.user.keyboard('{Escape}');
    expect(app.address()).toBe('/live');
    await waitFor(() => expect(told(app).at(-1)).toEqual({ stop: true }));
  });

  it('work by keyboard: a held key on a button, and the arrow keys', async () => {
    const app = open('/live/cam/1', [gate]);
    const button = await screen.findByRole('button', { name: 'Down and left' });
    button.focus();
    await app.user.keyboard('[Space>]');
    await waitFor(() => expect(told(app)).toEqual([{ move: { pan: -1, tilt: -1, timeout_s: 1 } }]));
    await app.user.keyboard('[/Space]');
    await waitFor(() => expect(told(app)).toHaveLength(2));
    await app.user.keyboard('[ArrowRight>]');
    await waitFor(() => expect(told(app).at(-1)).toEqual({ move: { pan: 1, timeout_s: 1 } }));
    await app.user.tab();
    await app.user.keyboard('[/ArrowRight]');
    await waitFor(() => expect(told(app)).toHaveLength(4));
    expect(told(app).filter((one) => JSON.stringify(one) === '{"stop":true}')).toHaveLength(2);
  });

  it('nudge it for a click without a press, as of a screen reader', async () => {
    const app = open('/live/cam/1', [gate]);
    fireEvent.click(await screen.findByRole('button', { name: 'Right' }));
    await waitFor(() => expect(told(app)).toEqual([{ move: { pan: 1, timeout_s: 0.3 } }]));
  });

  it('send it to a preset, and say why it did not go', async () => {
    const app = open('/live/cam/1', [gate]);
    const list = await screen.findByRole('list', { name: 'Presets' });
    expect(within(list).getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Street', 'Preset 2']);
    app.server.handlers.set('POST /api/cameras/1/ptz', () => ({
      status: 200,
      body: { ok: false, error: { code: 'busy', message: 'The camera is busy.' } },
    }));
    await app.user.click(within(list).getByRole('button', { name: 'Street' }));
    expect(told(app)).toEqual([{ preset: '1' }]);
    expect(await screen.findByText('The camera is busy.')).toBeTruthy();
  });

  it('are not there in the grid, nor for a camera that does not turn', async () => {
    const refused = { ok: false, error: { code: 'not_supported', message: 'This camera does not turn.' } };
    const app = open('/live', [gate, shed], { status: 200, body: refused });
    await app.user.click(await screen.findByRole('button', { name: 'Enlarge Gate' }));
    await waitFor(() => expect(app.server.requests.some(({ pathname }) => pathname.endsWith('/ptz'))).toBe(true));
    expect(screen.queryByRole('group', { name: 'Turn Gate' })).toBeNull();
    await app.user.keyboard('{Escape}');
    await app.user.click(screen.getByRole('button', { name: 'Enlarge Shed' }));
    expect(app.server.requests.filter(({ pathname }) => pathname.endsWith('/ptz'))).toHaveLength(1);
  });
});

describe('The live grid', () => {
  it('is filtered by group and tag, in its address, also on the way back', async () => {
    const app = open('/live', [gate, hall, shed]);
    await app.user.selectOptions(await screen.findByRole('combobox', { name: 'Tag' }), 'night');
    expect(app.address()).toBe('/live?tag=night');
    expect(screen.getAllByRole('article').map((one) => one.getAttribute('aria-label'))).toEqual(['Gate', 'Hall']);
    await app.user.selectOptions(screen.getByRole('combobox', { name: 'Group' }), 'House');
    expect(screen.getAllByRole('article')).toHaveLength(1);

    await app.user.click(screen.getByRole('button', { name: 'Enlarge Hall' }));
    expect(app.address()).toBe('/live/cam/2?group=House&tag=night');
    expect(screen.queryByRole('combobox')).toBeNull();
    await app.user.keyboard('{Escape}');
    expect(app.address()).toBe('/live?group=House&tag=night');
  });

  it('says so when no camera matches, and shows all again', async () => {
    const app = open('/live?group=Attic', [gate, hall]);
    expect(await screen.findByRole('heading', { name: 'No camera matches' })).toBeTruthy();
    await app.user.click(screen.getByRole('button', { name: 'Show all cameras' }));
    expect(app.address()).toBe('/live');
    expect(screen.getAllByRole('article')).toHaveLength(2);
  });

  it('has no filter where cameras have neither', async () => {
    open('/live', [shed]);
    await screen.findByRole('article', { name: 'Shed' });
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('shows an enlarged camera that the filter would hide', async () => {
    open('/live/cam/3?tag=night', [gate, shed]);
    expect(await screen.findByRole('article', { name: 'Shed' })).toBeTruthy();
  });
});
