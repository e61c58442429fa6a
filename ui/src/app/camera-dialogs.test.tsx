// SPDX-License-Identifier: MIT
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { Camera } from '../api/types';
import { FakeServer, type Answer } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import { type RenderedApp } from '../test/render-app';
import { makeCamera, makeVideo, makeVolume } from '../test/samples';
import { dialogCloses, discoveringServer, field, found, lastSent, noteAt, open, openAdd, problem, row, save, shed, takingServer } from './cameras-fixture';

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
    await focusIsOn(() => screen.getByRole('link', { name: 'Add camera' }));
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
    await focusIsOn(() => screen.getByRole('link', { name: 'Add camera' }));
  });

  it('asks nobody before the fields are good', async () => {
    const app = await openAdd();
    await app.user.type(field('Address'), 'http://192.0.2.10/');
    await save(app);
    await waitFor(() => expect(noteAt('Name')).toBe('Give the camera a name, such as Front door.'));
    expect(noteAt('Address')).toBe('Write the address as rtsp://192.0.2.10:554/stream1.');
    await focusIsOn(() => field('Address'));
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
    await focusIsOn(() => field('Address'));
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
    await focusIsOn(() => field('Name'));
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
    await focusIsOn(() => field('Password'));
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
    await focusIsOn(() => screen.getByRole('link', { name: 'Add camera' }));
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
    await focusIsOn(() => edit);
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
    await focusIsOn(() => name);
  });
});

const volume = makeVolume();
const twoVolumes = [volume, makeVolume({ id: 2, path: '/mnt/b', role: 'archive', move_after_days: 7 })];

function volumesServer(items: unknown[]): FakeServer {
  const server = takingServer();
  server.handlers.set('GET /api/storage/volumes', () => ({ status: 200, body: { items, next: null } }));
  return server;
}

describe('The volume of a camera', () => {
  it('is chosen where there are several, and sent alone', async () => {
    const server = volumesServer(twoVolumes);
    const answer: Answer = { status: 200, body: makeCamera({ volume_id: 2 }) };
    server.handlers.set('PATCH /api/cameras/1', () => answer);
    const app = open([makeCamera()], '/cameras/1', server);
    const choice = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'Volume' });
    expect([...choice.options].map(({ text }) => text)).toEqual(['Automatic', '/srv/recordings', '/mnt/b (archive)']);
    expect(choice.value).toBe('');
    await app.user.selectOptions(choice, '/mnt/b (archive)');
    await save(app);
    await dialogCloses();
    expect(lastSent(app.server)).toEqual(['PATCH /api/cameras/1', { volume_id: 2 }]);
  });

  it('is given back to the recorder, which says where it is wrong', async () => {
    const server = volumesServer(twoVolumes);
    server.handlers.set('PATCH /api/cameras/1', () =>
      problem(422, 'Some fields of the camera are not valid.', [
        { field: 'volume_id', message: 'is no volume of this recorder' },
      ]),
    );
    const app = open([makeCamera({ volume_id: 2 })], '/cameras/1', server);
    const choice = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'Volume' });
    expect(choice.selectedOptions[0]?.text).toBe('/mnt/b (archive)');
    await app.user.selectOptions(choice, 'Automatic');
    await save(app);
    await waitFor(() => expect(noteAt('Volume')).toBe('The volume is no volume of this recorder.'));
    expect(lastSent(app.server)).toEqual(['PATCH /api/cameras/1', { volume_id: null }]);
  });

  it.each([
    ['there is only one', [volume]],
    ['the others were never there', [volume, makeVolume({ id: null, path: '/mnt/b' })]],
  ])('is no question where %s', async (_, items) => {
    open([makeCamera()], '/cameras/1', volumesServer(items));
    await screen.findByRole('dialog', { name: 'Edit Front door' });
    expect(screen.queryByRole('combobox', { name: 'Volume' })).toBeNull();
  });
});
