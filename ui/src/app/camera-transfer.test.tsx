// SPDX-License-Identifier: MIT
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import * as download from '../lib/download';
import { FakeServer, type Answer } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';
// Loaded here once, for no test is to wait for a large file.
import '../features/cameras/cameras-page';

function open(path: string, server = new FakeServer(), cameras: Camera[] = [makeCamera()]): RenderedApp {
  server.cameras = cameras;
  const app = renderApp(App, path, server);
  app.socket((socket) => socket.receiveState(cameras));
  return app;
}

function problem(status: number, errors: unknown, detail = 'Some fields are not valid; nothing was imported.'): Answer {
  return { status, body: { title: 'Problem', status, detail, errors } };
}

function field(name: string): HTMLInputElement {
  return within(screen.getByRole('dialog')).getByLabelText<HTMLInputElement>(name);
}

async function noteAt(name: string): Promise<string> {
  await waitFor(() => expect(field(name).getAttribute('aria-invalid')).toBe('true'));
  return document.getElementById(field(name).getAttribute('aria-describedby') ?? '')?.textContent ?? '';
}

afterEach(() => vi.restoreAllMocks());

describe('The menu of the cameras page', () => {
  it('leads to both ways, and gets the focus back', async () => {
    const app = open('/cameras');
    const more = await screen.findByRole('button', { name: 'More' });
    await app.user.click(more);
    expect(more.getAttribute('aria-expanded')).toBe('true');
    await app.user.keyboard('{Escape}');
    expect(screen.queryByRole('link', { name: 'Export cameras' })).toBeNull();
    expect(document.activeElement).toBe(more);

    await app.user.keyboard('{Enter}{Tab}{Tab}{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Export cameras' })).toBeTruthy();
    expect(app.address()).toBe('/cameras/export');
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.address()).toBe('/cameras');
    await focusIsOn(() => screen.getByRole('button', { name: 'More' }));
  });

  it('closes when something else is touched', async () => {
    const app = open('/cameras');
    await app.user.click(await screen.findByRole('button', { name: 'More' }));
    expect(screen.getByRole('link', { name: 'Import cameras' })).toBeTruthy();
    await app.user.click(screen.getByRole('searchbox'));
    expect(screen.queryByRole('link', { name: 'Import cameras' })).toBeNull();
  });
});

describe('Exporting cameras', () => {
  it('downloads the file without secrets', async () => {
    const save = vi.spyOn(download, 'saveFrom').mockReturnValue();
    const app = open('/cameras/export');
    await app.user.click(await screen.findByRole('button', { name: 'Download' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(save).toHaveBeenCalledWith('/api/cameras/export', 'cameras.json');
    expect(app.server.sent).toEqual([]);
  });

  it('with secrets asks for a passphrase twice', async () => {
    const save = vi.spyOn(download, 'saveAsFile').mockReturnValue();
    const server = new FakeServer();
    const file = { format: 'ronin-nvr-cameras-1', cameras: [], secrets: 'c2VhbGVk' };
    server.handlers.set('POST /api/cameras/export', () => ({ status: 200, body: file }));
    const app = open('/cameras/export', server);
    await screen.findByRole('dialog');
    await app.user.click(field('With passwords and the secrets inside addresses'));
    await app.user.type(field('Passphrase'), 'short');
    await app.user.click(screen.getByRole('button', { name: 'Download' }));
    expect(await noteAt('Passphrase')).toBe('This must have at least 8 characters.');
    await app.user.type(field('Passphrase'), ' no more');
    await app.user.type(field('Passphrase again'), 'another one');
    await app.user.click(screen.getByRole('button', { name: 'Download' }));
    expect(await noteAt('Passphrase again')).toBe('The two are not the same.');
    expect(server.sent).toEqual([]);

    await app.user.clear(field('Passphrase again'));
    await app.user.type(field('Passphrase again'), 'short no more');
    await app.user.click(screen.getByRole('button', { name: 'Download' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(server.sent.at(-1)?.body).toEqual({ passphrase: 'short no more' });
    expect(JSON.parse(save.mock.calls[0]![1])).toEqual(file);
  });

  it('says why the secrets were not sealed, and stays', async () => {
    const server = new FakeServer();
    server.handlers.set('POST /api/cameras/export', () => problem(503, undefined, 'Others are exporting.'));
    const app = open('/cameras/export', server);
    await screen.findByRole('dialog');
    await app.user.click(field('With passwords and the secrets inside addresses'));
    await app.user.type(field('Passphrase'), 'correct horse');
    await app.user.type(field('Passphrase again'), 'correct horse{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('Others are exporting.');
    expect(field('Passphrase').value).toBe('correct horse');
  });
});

describe('Importing cameras', () => {
  const two = { cameras: [{ name: 'Gate', url: 'rtsp://192.0.2.1/' }, { name: 'Front door', url: 'rtsp://192.0.2.2/' }] };

  async function choose(app: RenderedApp, content: unknown): Promise<void> {
    await screen.findByRole('dialog', { name: 'Import cameras' });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await app.user.upload(field('File'), new File([text], 'cameras.json', { type: 'application/json' }));
  }

  function importing(answer: (dryRun: boolean, body: Record<string, unknown>, onConflict: string) => Answer): FakeServer {
    const server = new FakeServer();
    server.handlers.set('POST /api/cameras/import', ({ url, body }) =>
      answer(
        url.searchParams.get('dry_run') === 'true',
        body as Record<string, unknown>,
        url.searchParams.get('on_conflict') ?? '',
      ),
    );
    return server;
  }

  const planned = { status: 200, body: { items: [{ id: null, name: 'Gate', result: 'added' }, { id: 1, name: 'Front door', result: 'updated' }] } };

  function fates(): string[] {
    return screen.getAllByRole('row').slice(1).map(({ textContent }) => textContent);
  }

  it('shows what it does before it does it, and does what was chosen', async () => {
    const server = importing((dryRun, _, onConflict) =>
      dryRun || onConflict === 'update' ? planned : problem(500, undefined, 'not asked like this'),
    );
    const app = open('/cameras/import', server);
    await choose(app, two);
    await screen.findByText('Already here by that name: 1');
    expect(server.sent.map(({ url }) => url.search)).toEqual(['?dry_run=true&on_conflict=update']);
    expect(fates()).toEqual(['GateNew', 'Front doorStays as it is']);
    expect(screen.getByRole('button', { name: 'Import 1 camera' })).toBeTruthy();
    await app.user.click(field('Change them to what the file says'));
    expect(fates()).toEqual(['GateNew', 'Front doorIs changed']);

    await app.user.click(screen.getByRole('button', { name: 'Import 2 cameras' }));
    expect((await screen.findByRole('status', { name: '' }).catch(() => screen.findByText(/added/))).textContent).toBeTruthy();
    expect(await screen.findByText('1 camera added, 1 changed, 0 left as they were.')).toBeTruthy();
    expect(server.sent.at(-1)?.url.search).toBe('?on_conflict=update');
    expect(server.sent.at(-1)?.body).toEqual(two);
    await app.user.click(within(screen.getByRole('alertdialog')).getAllByRole('button', { name: 'Close' }).at(-1)!);
    expect(app.address()).toBe('/cameras');
  });

  it('says at each camera what is wrong with it', async () => {
    const server = importing(() =>
      problem(422, [
        { field: 'cameras[0].url', message: 'must begin with rtsp://' },
        { field: 'cameras[0].colour', message: 'is not a field of a camera' },
        { field: 'cameras[1]', message: 'must be an object' },
      ]),
    );
    const app = open('/cameras/import', server);
    await choose(app, { cameras: [{ name: 'Gate', url: 'x' }, 7] });
    await screen.findByText(/2 of them not valid/);
    expect(fates()).toEqual([
      'GateUrl: must begin with rtsp://. Colour: is not a field of a camera.',
      'Camera 2 of the fileMust be an object.',
    ]);
    expect(screen.getByRole('alert').textContent).toMatch(/^Mend what is marked in the file/);
  });

  it('asks for the passphrase of a file with secrets, and says so when it is wrong', async () => {
    const server = importing((_, { passphrase, secrets }) =>
      passphrase === 'correct horse' && secrets === 'sealed'
        ? planned
        : problem(422, [{ field: 'passphrase', message: 'The passphrase does not fit.' }]),
    );
    const app = open('/cameras/import', server);
    await choose(app, { ...two, secrets: 'sealed' });
    await app.user.type(await screen.findByLabelText('Passphrase'), 'wrong{Enter}');
    expect(await noteAt('Passphrase')).toBe('The passphrase does not fit.');
    await app.user.clear(field('Passphrase'));
    await app.user.type(field('Passphrase'), 'correct horse{Enter}');
    expect(await screen.findByRole('button', { name: 'Import 1 camera' })).toBeTruthy();
  });

  it('can leave the secrets away', async () => {
    const server = importing(() => planned);
    const app = open('/cameras/import', server);
    await choose(app, { ...two, secrets: 'sealed' });
    await app.user.click(await screen.findByLabelText('Leave them away, and enter passwords later'));
    await app.user.click(screen.getByRole('button', { name: 'Check the file' }));
    await screen.findByRole('button', { name: 'Import 1 camera' });
    expect(server.sent.at(-1)?.body).toEqual(two);
  });

  it('refuses what is no file of cameras, and asks nobody', async () => {
    const app = open('/cameras/import');
    await choose(app, 'hello');
    expect(await noteAt('File')).toMatch(/^This is no file of cameras/);
    await choose(app, { items: [] });
    expect(await noteAt('File')).toMatch(/^This is no file of cameras/);
    expect(app.server.sent).toEqual([]);
  });
});
