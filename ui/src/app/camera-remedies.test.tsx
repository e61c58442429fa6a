// SPDX-License-Identifier: MIT
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { Camera } from '../api/types';
import { FakeServer, type Answer } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera, makeVideo } from '../test/samples';
import { App } from './app';
// Loaded here once, for no test is to wait for a large file.
import '../features/cameras/cameras-page';

const gate = makeCamera({
  name: 'Gate',
  sub_url: 'rtsp://192.0.2.10/sub',
  onvif_url: 'http://192.0.2.10/onvif/device_service',
});

function open(camera: Camera, server = new FakeServer()): RenderedApp {
  server.cameras = [camera];
  const app = renderApp(App, '/cameras/1', server);
  app.socket((socket) => socket.receiveState([camera]));
  return app;
}

function field(name: string): HTMLInputElement {
  return within(screen.getByRole('dialog')).getByLabelText<HTMLInputElement>(name);
}

function tested(change: object = {}): Answer {
  return {
    status: 200,
    body: {
      ok: true,
      stream: { video: makeVideo({ keyframe_interval_s: 4, bitrate_bps: 16_000_000 }), audio: null },
      time_to_first_frame_s: 0.9,
      camera_clock_offset_us: 5_000_000,
      advice: ['Keyframe every 4 s: live view starts faster with 1 s.'],
      fix: { keyframe_interval_s: 1, bitrate_bps: 5_200_000, set_clock: true },
      snapshot: null,
      ...change,
    },
  };
}

function server(apply: Answer, test = tested()): FakeServer {
  const made = new FakeServer();
  made.handlers.set('POST /api/cameras/1/test', () => test);
  made.handlers.set('POST /api/cameras/1/onvif/apply', () => apply);
  return made;
}

async function openPlan(made: FakeServer, camera = gate, button = 'Test connection'): Promise<RenderedApp> {
  const app = open(camera, made);
  await screen.findByRole('dialog');
  await app.user.click(screen.getByRole('button', { name: button }));
  await app.user.click(await screen.findByRole('button', { name: 'Fix it' }));
  return app;
}

const applied: Answer = {
  status: 200,
  body: {
    ok: true,
    before: { codec: 'h264', width: 1920, height: 1080, fps: 25, keyframe_interval_s: 4, bitrate_bps: 16_000_000 },
    after: { codec: 'h264', width: 1920, height: 1080, fps: 25, keyframe_interval_s: 2, bitrate_bps: 16_000_000 },
    changed: ['keyframe_interval_s'],
    notes: ['The camera cannot have a keyframe every 1 s; the nearest is 2 s.'],
    clock_was_ahead_s: 5,
  },
};

describe('Fix it', () => {
  it('shows what will be changed, does it, tests again and says what the camera accepted', async () => {
    const made = server(applied);
    const app = await openPlan(made);
    const plan = screen.getByRole('group', { name: 'What is set in the camera' });
    expect(within(plan).getAllByRole('checkbox').map((box) => (box as HTMLInputElement).labels![0]!.textContent)).toEqual([
      'Keyframe: every 4 s → every 1 s',
      'Bitrate: 16.0 Mbit/s → 5.2 Mbit/s',
      "Clock: 5 s ahead → the recorder's time",
    ]);
    await app.user.click(within(plan).getByLabelText(/^Bitrate/));
    await app.user.click(screen.getByRole('button', { name: 'Set the camera' }));

    const outcome = await screen.findByRole('region', { name: 'What the camera accepted' });
    expect(made.sent.map(({ url, body }) => [url.pathname, body])).toEqual([
      ['/api/cameras/1/test', {}],
      ['/api/cameras/1/onvif/apply', { stream: 'main', keyframe_interval_s: 1, set_clock: true }],
      ['/api/cameras/1/test', {}],
    ]);
    expect(within(outcome).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Keyframe: every 2 s, before every 4 s',
      "Clock: the recorder's time, before 5 s ahead",
      'The camera cannot have a keyframe every 1 s; the nearest is 2 s.',
    ]);
    await focusIsOn(() => outcome);
    expect(await screen.findByText('The camera answers')).toBeTruthy();
  });

  it('says why the camera was not set, and lets it be tried again', async () => {
    const error = { code: 'unauthorized', message: 'The camera refused the user name or password.' };
    const app = await openPlan(server({ status: 200, body: { ok: false, error } }));
    await app.user.click(screen.getByRole('button', { name: 'Set the camera' }));
    expect(await screen.findByText(`The camera was not set: ${error.message}`)).toBeTruthy();
    expect(await screen.findByRole('button', { name: 'Fix it' })).toBeTruthy();
  });

  it('leaves another codec of the main stream to people', async () => {
    const fix = { codec: 'h265', keyframe_interval_s: 1 };
    const app = await openPlan(server(applied, tested({ fix })));
    expect(screen.getByLabelText<HTMLInputElement>(/^Codec/).checked).toBe(false);
    await app.user.click(screen.getByLabelText(/^Keyframe/));
    expect(screen.getByRole('button', { name: 'Set the camera' }).getAttribute('aria-disabled')).toBe('true');
    await app.user.keyboard('{Escape}');
  });

  it('is about the sub stream when that was tested', async () => {
    const made = server(applied, tested({ fix: { codec: 'h265', width: 640, height: 360 } }));
    const app = await openPlan(made, gate, 'Test the sub stream');
    expect(await screen.findByText('The sub stream answers')).toBeTruthy();
    expect(screen.getByLabelText('Size: 1920 × 1080 → 640 × 360')).toBeTruthy();
    await app.user.click(screen.getByRole('button', { name: 'Set the camera' }));
    await screen.findByRole('region', { name: 'What the camera accepted' });
    expect(made.sent.map(({ url }) => url.search)).toEqual(['?stream=sub', '', '?stream=sub']);
    expect(made.sent[1]!.body).toEqual({ stream: 'sub', codec: 'h265', width: 640, height: 360 });
  });

  it('is not offered for a camera without ONVIF', async () => {
    const made = server(applied);
    const app = open({ ...gate, onvif_url: null }, made);
    await screen.findByRole('dialog');
    await app.user.click(screen.getByRole('button', { name: 'Test connection' }));
    expect(await screen.findByText(/^Set this on the camera’s own page/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Fix it' })).toBeNull();
  });

  it('waits until what was changed is saved', async () => {
    const app = open(gate, server(applied));
    await screen.findByRole('dialog');
    await app.user.type(field('Password'), 'new');
    await app.user.click(screen.getByRole('button', { name: 'Test connection' }));
    expect(await screen.findByText('Save, and the recorder can set this in the camera.')).toBeTruthy();
  });
});

describe('A certificate that is not trusted', () => {
  const sha256 = 'AA:BB:CC';
  const error = {
    code: 'tls',
    message: 'The certificate of the camera is not one that this machine trusts.',
    certificate: { sha256, subject: 'CN=ipcam', issuer: 'CN=ipcam', not_after: '2036-01-01T12:00:00.000Z', reason: 'its issuer is not known here' },
  };

  it('is shown, and once it is trusted the test is made again and it can be saved', async () => {
    const made = new FakeServer();
    made.handlers.set('POST /api/cameras/1/test', ({ body }) =>
      (body as { tls_fingerprint?: string }).tls_fingerprint === sha256
        ? tested({ fix: null })
        : { status: 200, body: { ok: false, error } },
    );
    made.handlers.set('PATCH /api/cameras/1', () => ({ status: 200, body: gate }));
    const app = open(gate, made);
    await screen.findByRole('dialog');
    await app.user.click(screen.getByRole('button', { name: 'Test connection' }));
    const shown = await screen.findByRole('group', { name: 'Certificate of the camera' });
    for (const part of [sha256, 'CN=ipcam', 'its issuer is not known here', '1 January 2036']) {
      expect(shown.textContent).toContain(part);
    }
    await app.user.click(screen.getByRole('button', { name: 'Trust this certificate' }));
    expect(await screen.findByText('The camera answers')).toBeTruthy();
    expect(screen.getByRole('group', { name: 'Trusted certificate' }).textContent).toContain(sha256);
    await app.user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(made.sent.at(-1)?.body).toEqual({ tls_fingerprint: sha256 }));
  });

  it('can be trusted no longer', async () => {
    const made = new FakeServer();
    made.handlers.set('PATCH /api/cameras/1', () => ({ status: 200, body: gate }));
    const app = open({ ...gate, tls_fingerprint: sha256 }, made);
    await app.user.click(await screen.findByRole('button', { name: 'Trust it no longer' }));
    await app.user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(made.sent.at(-1)?.body).toEqual({ tls_fingerprint: null }));
  });
});

describe('Secrets of a camera', () => {
  it('that cannot be read are asked for again', async () => {
    const message = 'What is stored of this camera is damaged and cannot be decrypted; enter it again: password.';
    open({ ...gate, status: 'offline', last_error: { code: 'credentials', message, at: '2026-11-23T01:00:00.000Z' } });
    expect((await screen.findByRole('alert')).textContent).toContain(message);
  });

  it('that are hidden in an address are explained there', async () => {
    open({ ...gate, url: 'rtsp://192.0.2.10/?token=***' });
    await screen.findByRole('dialog');
    const note = document.getElementById(field('Address').getAttribute('aria-describedby')!);
    expect(note?.textContent).toMatch(/^\*\*\* is a secret that is stored and never shown/);
  });
});

describe('Replacing a camera', () => {
  const device = { name: 'New cam', manufacturer: null, model: null, location: null, address: '192.0.2.10', xaddrs: ['http://192.0.2.10/onvif/device_service'], known_camera_id: 1 };

  async function openReplace(): Promise<RenderedApp> {
    const made = new FakeServer();
    made.cameras = [gate];
    made.handlers.set('POST /api/discovery', () => ({ status: 200, body: { items: [device], next: null } }));
    made.handlers.set('POST /api/discovery/device', () => ({
      status: 200,
      body: { ok: true, onvif_url: device.xaddrs[0], profiles: [{ token: 'p', name: 'main', url: 'rtsp://192.0.2.10/new' }] },
    }));
    made.handlers.set('POST /api/cameras/1/replace', ({ body }) => ({ status: 200, body: { ...gate, ...(body as object) } }));
    const app = renderApp(App, '/cameras', made);
    app.socket((socket) => socket.receiveState([gate]));
    await app.user.click(await screen.findByRole('button', { name: 'Replace Gate' }));
    await screen.findByRole('dialog', { name: 'Replace Gate' });
    return app;
  }

  it('by its address sends what is of the new device only, and gives the focus back', async () => {
    const app = await openReplace();
    expect(screen.getByRole('dialog').textContent).toContain('all recordings and their history');
    expect(field('Address').value).toBe('');
    expect(field('Password').placeholder).toBe('');
    await app.user.type(field('Address'), 'rtsp://192.0.2.99/s');
    await app.user.click(screen.getByRole('button', { name: 'Replace camera' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.server.sent.at(-1)?.body).toEqual({ url: 'rtsp://192.0.2.99/s' });
    await focusIsOn(() => screen.getByRole('button', { name: 'Replace Gate' }));
  });

  it('by a found device takes its streams, also at the address of the old one', async () => {
    const app = await openReplace();
    await app.user.click(await screen.findByLabelText('New cam 192.0.2.10'));
    await app.user.type(field('User name'), 'admin');
    await app.user.type(field('Password'), 'secret');
    await app.user.click(screen.getByRole('button', { name: 'Replace camera' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.server.sent.at(-1)?.body).toEqual({
      ...{ url: 'rtsp://192.0.2.10/new', sub_url: null, onvif_url: device.xaddrs[0] },
      ...{ username: 'admin', password: 'secret' },
    });
  });

  it('asks nobody before the address is good, and shows what the recorder refuses at its field', async () => {
    const app = await openReplace();
    await app.user.click(screen.getByRole('button', { name: 'Replace camera' }));
    await waitFor(() => expect(field('Address').getAttribute('aria-invalid')).toBe('true'));
    app.server.handlers.set('POST /api/cameras/1/replace', () => ({
      status: 422,
      body: { title: 'x', status: 422, detail: 'x', errors: [{ field: 'url', message: 'must not be an address of the recorder itself' }] },
    }));
    await app.user.type(field('Address'), 'rtsp://127.0.0.1/');
    await app.user.click(screen.getByRole('button', { name: 'Replace camera' }));
    expect(await screen.findByText('The address must not be an address of the recorder itself.')).toBeTruthy();
  });
});
