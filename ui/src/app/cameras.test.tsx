// SPDX-License-Identifier: MIT
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import { FakeServer, type Answer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeVideo } from '../test/samples';
import { App } from './app';
// Loaded here once, for no test is to wait for a large file.
import '../features/cameras/cameras-page';
import * as words from '../features/cameras/camera-words';

const shed = makeCamera({
  id: 2,
  name: 'Shed',
  status: 'offline',
  status_since: '2026-01-23T00:58:00.000Z',
  last_error: {
    code: 'unauthorized',
    message: 'The camera refused the user name or password (401); check both.',
    at: '2026-01-23T00:58:00.000Z',
  },
  stream: { video: null, audio: null },
  group: 'Yard',
  tags: ['night'],
});

function open(cameras: Camera[], path = '/cameras', server = new FakeServer()): RenderedApp {
  server.cameras = cameras;
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(cameras));
  return app;
}

function row(name: string): Promise<HTMLElement> {
  return screen.findByRole('row', { name: new RegExp(`^${name}`) });
}

function cells(element: HTMLElement): string[] {
  return within(element)
    .getAllByRole('cell')
    .map((cell) => cell.textContent);
}

function field(name: string): HTMLInputElement {
  return within(screen.getByRole('dialog')).getByLabelText<HTMLInputElement>(name);
}

/** What is said at a field. */
function noteAt(name: string): string {
  const ids = field(name).getAttribute('aria-describedby') ?? '';
  return document.getElementById(ids)?.textContent ?? '';
}

function problem(status: number, detail: string, errors?: unknown): Answer {
  return { status, body: { title: 'Problem', status, detail, errors } };
}

/** A daemon that takes cameras: it answers with what was sent, as far as it is asked to. */
function takingServer(): FakeServer {
  const server = new FakeServer();
  server.handlers.set('POST /api/cameras', ({ body }) => ({
    status: 201,
    body: makeCamera({ id: 9, stream: { video: null, audio: null }, ...(body as Partial<Camera>) }),
  }));
  server.handlers.set('POST /api/discovery', () => ({ status: 200, body: { items: [], next: null } }));
  return server;
}

const found = {
  name: 'RLC-810A',
  manufacturer: 'Reolink',
  model: 'RLC-810A',
  location: null,
  address: '192.0.2.40',
  xaddrs: ['http://192.0.2.40/onvif/device_service'],
  known_camera_id: null,
};

function discoveringServer(): FakeServer {
  const server = takingServer();
  const known = { ...found, name: 'Old', address: '192.0.2.41', xaddrs: ['http://192.0.2.41/'], known_camera_id: 1 };
  server.handlers.set('POST /api/discovery', () => ({
    status: 200,
    body: { items: [found, known], next: null },
  }));
  server.handlers.set('POST /api/discovery/device', ({ body }) =>
    (body as { password: string }).password === 'secret'
      ? {
          status: 200,
          body: {
            ok: true,
            onvif_url: 'http://192.0.2.40/onvif/device_service',
            manufacturer: 'Reolink',
            ptz: false,
            profiles: [
              { token: 'p2', name: 'sub', codec: 'h264', width: 640, height: 360, fps: 10, url: 'rtsp://192.0.2.40/sub' },
              { token: 'p1', name: 'main', codec: 'h265', width: 2560, height: 1440, fps: 15, url: 'rtsp://192.0.2.40/main' },
              { token: 'p3', name: 'broken', codec: null, width: null, height: null, fps: null, url: null },
            ],
          },
        }
      : {
          status: 200,
          body: {
            ok: false,
            error: { code: 'unauthorized', message: 'The camera refused the user name or password.' },
          },
        },
  );
  return server;
}

async function openAdd(server = takingServer(), cameras = [makeCamera()]): Promise<RenderedApp> {
  const app = open(cameras, '/cameras', server);
  await app.user.click(await screen.findByRole('link', { name: 'Add camera' }));
  await screen.findByRole('dialog', { name: 'Add camera' });
  return app;
}

async function save({ user }: RenderedApp): Promise<void> {
  await user.click(screen.getByRole('button', { name: 'Save' }));
}

function lastSent(server: FakeServer): unknown {
  const { method, url, body } = server.sent.at(-1)!;
  return [`${method} ${url.pathname}${url.search}`, body];
}

async function dialogCloses(): Promise<void> {
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

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

describe('Adding a camera', () => {
  it('by its address sends what was entered, and nothing else', async () => {
    const app = await openAdd();
    await app.user.type(field('Address'), 'rtsp://192.0.2.10/stream1');
    await app.user.type(field('Name'), 'Gate');
    await app.user.type(field('User name'), 'admin');
    await app.user.type(field('Password'), 'secret');
    await save(app);
    await dialogCloses();
    expect(lastSent(app.server)).toEqual([
      'POST /api/cameras',
      { name: 'Gate', url: 'rtsp://192.0.2.10/stream1', username: 'admin', password: 'secret' },
    ]);
    expect(app.address()).toBe('/cameras');
    expect(await row('Gate')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Add camera' }));
  });

  it('is done by keyboard alone', async () => {
    const app = open([makeCamera()], '/cameras', takingServer());
    (await screen.findByRole('link', { name: 'Add camera' })).focus();
    await app.user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', { name: 'Add camera' });
    expect(dialog.contains(document.activeElement)).toBe(true);
    for (let i = 0; document.activeElement !== field('Address') && i < 9; i += 1) await app.user.tab();
    await app.user.keyboard('rtsp://192.0.2.10/stream1');
    await app.user.tab();
    await app.user.keyboard('Gate{Enter}');
    await dialogCloses();
    expect(lastSent(app.server)).toEqual([
      'POST /api/cameras',
      { name: 'Gate', url: 'rtsp://192.0.2.10/stream1' },
    ]);
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Add camera' }));
  });

  it('asks nobody before the fields are good', async () => {
    const app = await openAdd();
    await app.user.type(field('Address'), 'http://192.0.2.10/');
    await save(app);
    await waitFor(() => expect(noteAt('Name')).toBe('Give the camera a name, such as Front door.'));
    expect(noteAt('Address')).toBe('Write the address as rtsp://192.0.2.10:554/stream1.');
    expect(document.activeElement).toBe(field('Address'));
    expect(app.server.sent.map(({ url }) => url.pathname)).toEqual(['/api/discovery']);
  });

  it('shows what the recorder refuses at its field, and loses nothing', async () => {
    const app = await openAdd();
    app.server.handlers.set('POST /api/cameras', () =>
      problem(422, 'Some fields of the camera are not valid.', [
        { field: 'url', message: 'must not be an address of the recorder itself' },
        { field: 'password', message: 'must not be longer than 256 bytes' },
      ]),
    );
    await app.user.type(field('Address'), 'rtsp://127.0.0.1/');
    await app.user.type(field('Name'), 'Gate');
    await save(app);
    await waitFor(() =>
      expect(noteAt('Address')).toBe('The address must not be an address of the recorder itself.'),
    );
    expect(noteAt('Password')).toBe('The password must not be longer than 256 bytes.');
    expect(document.activeElement).toBe(field('Address'));
    expect(field('Name').value).toBe('Gate');
  });

  it('says at the name that it is taken', async () => {
    const app = await openAdd();
    app.server.handlers.set('POST /api/cameras', () =>
      problem(409, 'a camera named "Gate" exists already; choose another name'),
    );
    await app.user.type(field('Address'), 'rtsp://192.0.2.10/');
    await app.user.type(field('Name'), 'Gate');
    await save(app);
    await waitFor(() => expect(noteAt('Name')).toMatch(/exists already; choose another name\.$/));
    expect(document.activeElement).toBe(field('Name'));
  });

  it('can be tried again when the recorder was away', async () => {
    const app = await openAdd();
    await app.user.type(field('Address'), 'rtsp://192.0.2.10/');
    await app.user.type(field('Name'), 'Gate');
    app.server.failure = 'unreachable';
    await save(app);
    expect(await screen.findByText('The recorder cannot be reached.')).toBeTruthy();
    expect(field('Name').value).toBe('Gate');
    app.server.failure = null;
    await save(app);
    await dialogCloses();
    expect(await row('Gate')).toBeTruthy();
  });

  it('that was found takes three clicks and a password', async () => {
    const app = open([makeCamera()], '/cameras', discoveringServer());
    await app.user.click(await screen.findByRole('link', { name: 'Add camera' }));
    await app.user.click(await screen.findByRole('radio', { name: 'RLC-810A 192.0.2.40' }));
    // Typing is no click: the fields are one Tab from each other.
    await app.user.type(field('User name'), 'admin');
    await app.user.type(field('Password'), 'secret');
    await save(app);
    await dialogCloses();
    expect(lastSent(app.server)).toEqual([
      'POST /api/cameras',
      {
        name: 'RLC-810A',
        url: 'rtsp://192.0.2.40/main',
        sub_url: 'rtsp://192.0.2.40/sub',
        username: 'admin',
        password: 'secret',
        onvif_url: 'http://192.0.2.40/onvif/device_service',
      },
    ]);
    expect(await row('RLC-810A')).toBeTruthy();
  });

  it('says at the password that the device refused it', async () => {
    const app = await openAdd(discoveringServer());
    await app.user.click(await screen.findByRole('radio', { name: /RLC-810A/ }));
    await app.user.type(field('Password'), 'wrong');
    await save(app);
    await waitFor(() =>
      expect(noteAt('Password')).toBe('The camera refused the user name or password.'),
    );
    expect(document.activeElement).toBe(field('Password'));
    expect(app.server.sent.some(({ url }) => url.pathname === '/api/cameras')).toBe(false);
  });

  it('lets the streams of a device be chosen once they are known', async () => {
    const server = discoveringServer();
    server.handlers.set('POST /api/cameras/test', () => ({
      status: 200,
      body: { ok: false, error: { code: 'timeout', message: 'The camera does not answer.' } },
    }));
    const app = await openAdd(server);
    await app.user.click(await screen.findByRole('radio', { name: /RLC-810A/ }));
    await app.user.type(field('Password'), 'secret');
    await app.user.click(screen.getByRole('button', { name: 'Test connection' }));
    const main = await screen.findByRole('combobox', { name: 'Main stream, recorded' });
    expect(within(main).getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
      'sub: H.264, 640 × 360, 10 fps',
      'main: H.265, 2560 × 1440, 15 fps',
    ]);
    await app.user.selectOptions(main, 'rtsp://192.0.2.40/sub');
    await app.user.selectOptions(screen.getByRole('combobox', { name: /^Sub stream/ }), 'None');
    await save(app);
    await dialogCloses();
    const reads = app.server.sent.filter(({ url }) => url.pathname === '/api/discovery/device');
    expect(reads).toHaveLength(1);
    expect(app.server.sent.at(-1)?.body).toMatchObject({ url: 'rtsp://192.0.2.40/sub', sub_url: null });
  });

  it('offers no device twice', async () => {
    await openAdd(discoveringServer());
    const known = await screen.findByRole<HTMLInputElement>('radio', { name: 'Old 192.0.2.41' });
    expect(known.disabled).toBe(true);
    expect(screen.getByText('Added already, as Front door.')).toBeTruthy();
  });

  it('works by hand when the network cannot be searched', async () => {
    const server = takingServer();
    server.handlers.set('POST /api/discovery', () => problem(503, 'No network is up.'));
    const app = await openAdd(server);
    expect(
      await screen.findByText('The network could not be searched: No network is up.'),
    ).toBeTruthy();
    server.handlers.set('POST /api/discovery', () => ({ status: 200, body: { items: [found], next: null } }));
    await app.user.click(screen.getByRole('button', { name: 'Search again' }));
    expect(await screen.findByRole('radio', { name: /RLC-810A/ })).toBeTruthy();
    expect(field('Address')).toBeTruthy();
  });

  it('asks before it throws away what was entered', async () => {
    const app = await openAdd();
    await app.user.type(field('Name'), 'Gate');
    await app.user.keyboard('{Escape}');
    expect(await screen.findByText('Discard what was entered?')).toBeTruthy();
    await app.user.click(screen.getByRole('button', { name: 'Keep editing' }));
    expect(field('Name').value).toBe('Gate');
    await app.user.click(screen.getByRole('button', { name: 'Close' }));
    await app.user.click(screen.getByRole('button', { name: 'Discard' }));
    await dialogCloses();
    expect(app.address()).toBe('/cameras');
  });

  it('is left at once when nothing was entered, and gives the focus back', async () => {
    const app = await openAdd();
    await app.user.keyboard('{Escape}');
    await dialogCloses();
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Add camera' }));
  });
});

const picture = 'data:image/jpeg;base64,/9j/4AAQ';
const good = {
  ok: true,
  stream: {
    video: makeVideo({ codec: 'h265', width: 2560, height: 1440, fps: 15, keyframe_interval_s: 4 }),
    audio: { codec: 'aac', sample_rate_hz: 16_000, channels: 1 },
  },
  time_to_first_frame_s: 0.9,
  advice: ['Keyframe every 4 s: live view starts faster with 1 s.'],
  snapshot: picture,
};

describe('Testing a connection', () => {
  async function testing(answer: Answer): Promise<RenderedApp> {
    const server = takingServer();
    server.handlers.set('POST /api/cameras/test', () => answer);
    const app = await openAdd(server);
    await app.user.type(field('Address'), 'rtsp://192.0.2.10/');
    await app.user.click(screen.getByRole('button', { name: 'Test connection' }));
    return app;
  }

  it('shows the picture, what was measured, and the advice', async () => {
    const app = await testing({ status: 200, body: good });
    const result = await screen.findByRole('region', { name: 'Test of the connection' });
    await within(result).findByText('The camera answers');
    const image = within(result).getByRole('img', { name: 'What the camera sees' });
    expect(image.getAttribute('src')).toBe(picture);
    expect(result.textContent).toContain('H.265, 2560 × 1440, 15 fps');
    expect(result.textContent).toContain('every 4 s');
    expect(result.textContent).toContain('AAC, 16 kHz, mono');
    expect(result.textContent).toContain('after 0.9 s');
    expect(within(result).getByRole('listitem').textContent).toBe(good.advice[0]);
    expect(lastSent(app.server)).toEqual([
      'POST /api/cameras/test',
      { url: 'rtsp://192.0.2.10/' },
    ]);
  });

  it('does not show what is no JPEG', async () => {
    await testing({ status: 200, body: { ...good, snapshot: 'https://example.com/track.jpg' } });
    await screen.findByText('The camera answers');
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('says when it is about what was entered before', async () => {
    const app = await testing({ status: 200, body: good });
    await screen.findByText('The camera answers');
    await app.user.type(field('Name'), 'Gate');
    expect(screen.queryByText('The fields have changed since this test.')).toBeNull();
    await app.user.type(field('Password'), 'x');
    expect(screen.getByText('The fields have changed since this test.')).toBeTruthy();
  });

  it('says in a sentence why it failed, and lets the camera be saved all the same', async () => {
    const message = 'Nothing listens at 192.0.2.10:554; check the port.';
    const app = await testing({ status: 200, body: { ok: false, error: { code: 'refused', message } } });
    expect(await screen.findByText(message)).toBeTruthy();
    await app.user.type(field('Name'), 'Gate');
    await save(app);
    await dialogCloses();
    expect(await row('Gate')).toBeTruthy();
  });

  it('says so when the recorder cannot try it', async () => {
    await testing(problem(429, 'Too many cameras are tested at once; try again in a moment.'));
    expect(await screen.findByText(/^Too many cameras are tested/)).toBeTruthy();
  });

  it('shows at its field what the recorder refuses', async () => {
    await testing(
      problem(422, 'Some fields of the camera are not valid.', [
        { field: 'url', message: 'The port must be between 1 and 65535.' },
      ]),
    );
    await waitFor(() => expect(noteAt('Address')).toBe('The port must be between 1 and 65535.'));
    expect(screen.queryByRole('region', { name: 'Test of the connection' })).toBeNull();
  });

  it('of a camera that is there tries what was changed', async () => {
    const server = new FakeServer();
    server.handlers.set('POST /api/cameras/2/test', () => ({ status: 200, body: good }));
    const app = open([shed], '/cameras/2', server);
    await screen.findByRole('dialog', { name: 'Edit Shed' });
    await app.user.type(field('Password'), 'secret');
    await app.user.click(screen.getByRole('button', { name: 'Test connection' }));
    expect(await screen.findByText('The camera answers')).toBeTruthy();
    expect(lastSent(app.server)).toEqual(['POST /api/cameras/2/test', { password: 'secret' }]);
  });
});

describe('Editing a camera', () => {
  function changingServer(camera: Camera): FakeServer {
    const server = new FakeServer();
    server.handlers.set(`PATCH /api/cameras/${String(camera.id)}`, ({ body }) => ({
      status: 200,
      body: { ...camera, ...(body as Partial<Camera>) },
    }));
    return server;
  }

  it('shows what is set, but no password, and sends only what is changed', async () => {
    const app = open([makeCamera(), shed], '/cameras', changingServer(shed));
    await row('Shed');
    const edit = screen.getByRole('link', { name: 'Edit Shed' });
    await app.user.click(edit);
    await screen.findByRole('dialog', { name: 'Edit Shed' });
    expect(app.address()).toBe('/cameras/2');
    expect(field('Address').value).toBe(shed.url);
    expect([field('Password').value, field('Password').placeholder]).toEqual(['', 'unchanged']);
    expect(field('Group').value).toBe('Yard');

    await app.user.clear(field('Name'));
    await app.user.type(field('Name'), 'Barn');
    await app.user.click(field('Record its sound'));
    await app.user.selectOptions(field('Transport'), 'udp');
    await save(app);
    await dialogCloses();
    expect(lastSent(app.server)).toEqual([
      'PATCH /api/cameras/2',
      { name: 'Barn', record_audio: false, transport: 'udp' },
    ]);
    expect(await row('Barn')).toBeTruthy();
    expect(document.activeElement).toBe(edit);
  });

  it('says before it is saved that recording is interrupted', async () => {
    const app = open([shed], '/cameras/2');
    await screen.findByRole('dialog');
    const warning = /^Saving this connects to the camera anew/;
    await app.user.type(field('Name'), 's');
    expect(screen.queryByText(warning)).toBeNull();
    await app.user.type(field('Password'), 'x');
    expect(screen.getByText(warning)).toBeTruthy();
  });

  it('sets the hours of a week', async () => {
    const app = open([shed], '/cameras/2', changingServer(shed));
    await screen.findByRole('dialog');
    await app.user.click(field('Record at certain hours only'));
    await app.user.type(field('Monday'), '22-6');
    await save(app);
    await waitFor(() => expect(noteAt('Monday')).toMatch(/^These hours end before they begin/));
    await app.user.clear(field('Monday'));
    await app.user.type(field('Monday'), '8-18');
    await app.user.click(screen.getByRole('button', { name: /hours of Monday/ }));
    await app.user.clear(field('Sunday'));
    await save(app);
    await dialogCloses();
    const hours = [['08:00', '18:00']];
    expect(app.server.sent.at(-1)?.body).toEqual({
      schedule: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours },
    });
  });

  it('keeps what is typed while the camera changes, and when it is gone', async () => {
    const app = open([shed], '/cameras/2');
    await screen.findByRole('dialog');
    await app.user.type(field('Name'), ' left');
    const at = new Date(Date.now()).toISOString();
    app.socket((given) => given.receive({ type: 'camera', at, camera: { ...shed, group: 'Barn' } }));
    app.socket((given) => given.receive({ type: 'camera_removed', at, camera_id: 2 }));
    expect(field('Name').value).toBe('Shed left');
    app.server.handlers.set('PATCH /api/cameras/2', () => problem(404, 'There is no such camera.'));
    await save(app);
    expect(await screen.findByText('There is no such camera.')).toBeTruthy();
    expect(field('Name').value).toBe('Shed left');
  });

  it('sends nothing when nothing was changed, and goes back to the row it began in', async () => {
    const app = open([shed], '/cameras/2');
    await screen.findByRole('dialog');
    await save(app);
    await dialogCloses();
    expect(app.server.sent).toEqual([]);
    const name = within(await row('Shed')).getByRole('link', { name: 'Shed' });
    expect(document.activeElement).toBe(name);
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
    expect(document.activeElement).toBe(screen.getByRole('main'));

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
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove Shed' }));
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
