// SPDX-License-Identifier: MIT
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import { FakeServer } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeVideo } from '../test/samples';
import { App } from './app';
import { cells, dialogCloses, lastSent, open, problem, row, shed, takingServer } from './cameras-fixture';
import * as words from '../features/cameras/camera-words';

describe('The cameras page', () => {
  it('lists each camera by name with its figures', async () => {
    const gate = makeCamera({ id: 3, name: 'Gate 10' });
    open([gate, makeCamera({ id: 4, name: 'Gate 2', stream: { video: makeVideo({ codec: 'h265', fps: 12.5, bitrate_bps: null }), audio: null } }), shed]);
    expect(cells(await row('Gate 10')).slice(0, 6)).toEqual([
      'Recording',
      'H.264',
      '1920 × 1080',
      '25 fps',
      'every 2 s',
      '4.0 Mbit/s',
    ]);
    expect(cells(await row('Gate 2'))[3]).toBe('12.5 fps');
    expect(cells(await row('Gate 2'))[5]).toBe('–not known');
    const names = screen.getAllByRole('rowheader').map(({ textContent }) => textContent);
    expect(names).toEqual(['Gate 2', 'Gate 10', 'ShedYard · night']);
    expect(screen.getByText('3 cameras')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Cameras' }).getAttribute('aria-current')).toBe('page');
  });

  it('says in a sentence what is wrong, and since when', async () => {
    open([shed]);
    const words = cells(await row('Shed'));
    expect(words[0]).toBe('Offline');
    expect(words[6]).toBe(
      'The camera refused the user name or password (401); check both.Offline since 23 Jan, 01:58.',
    );
  });

  it('says when the sub stream is lost, and when one that is switched off does not answer', async () => {
    const last_error = { code: 'refused', message: 'Nothing listens there.', at: '2026-11-23T01:00:00.000Z' };
    open([
      makeCamera({ id: 3, name: 'Gate', sub: { status: 'offline', last_error } }),
      makeCamera({ id: 4, name: 'Hall', sub: { status: 'recording', last_error } }),
      makeCamera({ id: 5, name: 'Yard', enabled: false, status: 'disabled', reachable: false }),
      makeCamera({ id: 6, name: 'Roof', enabled: false, status: 'disabled', reachable: true }),
    ]);
    const trouble = async (name: string): Promise<string | undefined> => cells(await row(name))[6];
    expect(await trouble('Gate')).toBe('Sub stream: Nothing listens there.');
    expect(await trouble('Hall')).toBe('');
    expect(await trouble('Yard')).toBe('It does not answer.');
    expect(await trouble('Roof')).toBe('');
  });

  it('follows the recorder', async () => {
    const { socket } = open([makeCamera()]);
    await row('Front door');
    const at = new Date(Date.now()).toISOString();
    socket((given) =>
      given.receive({ type: 'camera', at, camera: makeCamera({ status: 'connecting' }) }),
    );
    expect(cells(await row('Front door'))[0]).toBe('Connecting');
    socket((given) => given.breakOff());
    expect(cells(await row('Front door'))[0]).toBe('Not known');
  });

  it('is a list of cards on a phone', async () => {
    vi.spyOn(window, 'matchMedia').mockReturnValue({
      matches: true,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    } as unknown as MediaQueryList);
    open([makeCamera()]);
    const list = await screen.findByRole('list', { name: 'Cameras' });
    const card = within(list).getByRole('listitem');
    expect(card.textContent).toContain(
      'H.264 · 1920 × 1080 · 25 fps · 4.0 Mbit/s · keyframe every 2 s',
    );
    expect(within(card).getByRole('link', { name: 'Edit Front door' })).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('filters by name, group and tag, in its address', async () => {
    const { user, address } = open([makeCamera(), shed]);
    await row('Shed');
    await user.type(screen.getByRole('searchbox', { name: 'Filter by name or address' }), 'FRO');
    expect(address()).toBe('/cameras?name=FRO');
    expect(screen.getAllByRole('rowheader')).toHaveLength(1);
    expect(screen.getByText('1 of 2 cameras')).toBeTruthy();

    await user.selectOptions(screen.getByRole('combobox', { name: 'Group' }), 'Yard');
    expect(screen.getByRole('heading', { name: 'No camera matches' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all cameras' }));
    expect(address()).toBe('/cameras');

    await user.selectOptions(screen.getByRole('combobox', { name: 'Tag' }), 'night');
    expect(address()).toBe('/cameras?tag=night');
    expect(screen.getAllByRole('rowheader')).toHaveLength(1);
  });

  it('offers no group and no tag where cameras have none', async () => {
    open([makeCamera()]);
    await row('Front door');
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('filters by state, and sorts by any column, in its address', async () => {
    const slow = makeCamera({ id: 3, name: 'Slow', stream: { video: makeVideo({ fps: 5 }), audio: null } });
    const { user, address } = open([makeCamera(), shed, slow]);
    await row('Shed');
    const names = (): (string | null)[] =>
      screen.getAllByRole('rowheader').map((one) => within(one).getByRole('link').textContent);
    await user.click(screen.getByRole('button', { name: 'Frame rate' }));
    expect([names(), address()]).toEqual([['Slow', 'Front door', 'Shed'], '/cameras?sort=fps']);
    await user.click(screen.getByRole('button', { name: 'Frame rate' }));
    expect(names()).toEqual(['Front door', 'Slow', 'Shed']);
    const heading = screen.getByRole('columnheader', { name: 'Frame rate' });
    expect(heading.getAttribute('aria-sort')).toBe('descending');

    await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'Recording');
    expect([names(), address()]).toEqual([['Front door', 'Slow'], '/cameras?state=recording&sort=-fps']);
  });

  it('draws one row anew for an event, not all of them', async () => {
    const many = Array.from({ length: 64 }, (_, at) => makeCamera({ id: at + 1, name: `Camera ${String(at)}` }));
    const figures = vi.spyOn(words, 'figuresOf');
    const { socket } = open(many);
    await screen.findByText('Camera 63');
    figures.mockClear();
    const at = new Date(Date.now()).toISOString();
    socket((given) =>
      given.receive({ type: 'camera', at, camera: { ...many[7]!, status: 'connecting' } }),
    );
    expect(screen.getByText('Connecting').closest('tr')?.textContent).toMatch(/^Camera 7C/);
    expect(figures).toHaveBeenCalledTimes(1);
  });

  it('shows what a camera sees, and the last of it when it is away', async () => {
    const server = new FakeServer();
    server.snapshots.set(1, 'first');
    const { socket } = open([makeCamera(), shed], '/cameras', server);
    const picture = await screen.findByRole('img', { name: 'Picture of Front door' });
    const source = picture.getAttribute('src');
    expect(source).toMatch(/^data:image\/jpeg;base64,/);
    // Of a camera that is away there is nothing to ask for.
    expect(server.requests.map(({ pathname }) => pathname)).not.toContain('/api/cameras/2/snapshot.jpg');
    expect(screen.getAllByRole('img')).toHaveLength(1);

    server.snapshots.delete(1);
    const at = new Date(Date.now()).toISOString();
    socket((given) => given.receive({ type: 'camera', at, camera: makeCamera({ status: 'offline' }) }));
    const last = screen.getByRole('img', { name: 'Last picture of Front door' });
    expect(last.getAttribute('src')).toBe(source);
    fireEvent.error(last);
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('says what failed, and loads again on request', async () => {
    const server = new FakeServer();
    server.failure = problem(503, 'The recorder is starting.');
    const { user } = renderApp(App, '/cameras', server);
    expect((await screen.findByRole('alert')).textContent).toContain('The recorder is starting.');
    server.failure = null;
    server.cameras = [shed];
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await row('Shed')).toBeTruthy();
  });

  it('leads from nothing to adding', async () => {
    const app = open([], '/cameras', takingServer());
    expect(await screen.findByRole('heading', { name: 'No cameras yet' })).toBeTruthy();
    expect(screen.getByText('./run --demo')).toBeTruthy();
    await app.user.click(screen.getByRole('link', { name: 'Add camera' }));
    expect(await screen.findByRole('dialog', { name: 'Add camera' })).toBeTruthy();
    expect(app.address()).toBe('/cameras/new');
  });

  it('says so when the camera in its address does not exist', async () => {
    const { user, address } = open([shed], '/cameras/99');
    expect((await screen.findByRole('alert')).textContent).toContain('does not exist');
    await user.click(screen.getByRole('link', { name: 'Show all cameras' }));
    expect(address()).toBe('/cameras');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('Removing a camera', () => {
  function removingServer(): FakeServer {
    const server = new FakeServer();
    server.handlers.set('DELETE /api/cameras/2', () => ({ status: 204, body: null }));
    server.handlers.set('POST /api/cameras/2/restore', () => ({ status: 200, body: shed }));
    return server;
  }

  async function ask(server = removingServer()): Promise<RenderedApp> {
    const app = open([makeCamera(), shed], '/cameras', server);
    await app.user.click(await screen.findByRole('button', { name: 'Remove Shed' }));
    await screen.findByRole('alertdialog', { name: 'Remove Shed?' });
    return app;
  }

  it('keeps the recordings unless told otherwise, and can be undone', async () => {
    const app = await ask();
    await app.user.click(screen.getByRole('button', { name: 'Remove camera' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(lastSent(app.server)).toEqual(['DELETE /api/cameras/2', undefined]);
    expect(screen.queryByRole('row', { name: /^Shed/ })).toBeNull();
    expect(screen.getByText('Shed was removed; its recordings are kept.')).toBeTruthy();
    await focusIsOn(() => screen.getByRole('main'));

    await app.user.click(screen.getByRole('button', { name: 'Undo the removal of Shed' }));
    expect(await row('Shed')).toBeTruthy();
    expect(lastSent(app.server)).toEqual(['POST /api/cameras/2/restore', undefined]);
    expect(screen.queryByText(/^Shed was removed/)).toBeNull();
  });

  it('deletes the recordings when that was chosen', async () => {
    const app = await ask();
    await app.user.click(screen.getByRole('radio', { name: 'Delete the recordings' }));
    await app.user.click(screen.getByRole('button', { name: 'Remove camera and recordings' }));
    expect(await screen.findByText('Shed was removed; its recordings will be deleted.')).toBeTruthy();
    expect(lastSent(app.server)).toEqual(['DELETE /api/cameras/2?footage=delete', undefined]);
  });

  it('can be undone from another page', async () => {
    const app = await ask();
    await app.user.click(screen.getByRole('button', { name: 'Remove camera' }));
    await screen.findByText(/^Shed was removed/);
    await app.user.click(screen.getByRole('link', { name: 'Recordings' }));
    await app.user.click(screen.getByRole('button', { name: 'Undo the removal of Shed' }));
    await waitFor(() => expect(screen.queryByText(/^Shed was removed/)).toBeNull());
  });

  it('says why it did not come back', async () => {
    const server = removingServer();
    server.handlers.set('POST /api/cameras/2/restore', () => problem(404, 'There is no such camera.'));
    const app = await ask(server);
    await app.user.click(screen.getByRole('button', { name: 'Remove camera' }));
    await app.user.click(await screen.findByRole('button', { name: 'Undo the removal of Shed' }));
    expect(
      await screen.findByText('Shed could not be brought back: There is no such camera.'),
    ).toBeTruthy();
    await app.user.click(screen.getByRole('button', { name: 'Put away' }));
    expect(screen.queryByText(/could not be brought back/)).toBeNull();
  });

  it('is not done when it is refused or left, and gives the focus back', async () => {
    const server = removingServer();
    server.handlers.set('DELETE /api/cameras/2', () => problem(503, 'The recorder is stopping.'));
    const app = await ask(server);
    await app.user.click(screen.getByRole('button', { name: 'Remove camera' }));
    expect(await screen.findByText('The recorder is stopping.')).toBeTruthy();
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(await row('Shed')).toBeTruthy();
    await focusIsOn(() => screen.getByRole('button', { name: 'Remove Shed' }));
  });

  it('is also begun from its settings, which it closes', async () => {
    const app = open([makeCamera(), shed], '/cameras/2', removingServer());
    await app.user.click(await screen.findByRole('button', { name: 'Remove' }));
    await app.user.click(await screen.findByRole('button', { name: 'Remove camera' }));
    await dialogCloses();
    expect(app.address()).toBe('/cameras');
    expect(screen.queryByRole('row', { name: /^Shed/ })).toBeNull();
  });
});
