// SPDX-License-Identifier: MIT
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { expectAccessible } from '../test/accessible';
import type { Answer, FakeServer, Sent } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import type { RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { dialogCloses, field, lastSent, noteAt, problem, save } from './cameras-fixture';
import { much, nothing, now, ok, openStorage, policy, storageServer, volume } from './storage-fixture';

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const names = {
  days: 'Keep for, in days',
  bytes: 'All together at most, in GB',
  least: 'Each camera keeps at least, in days',
  free: 'Keep free on each volume, in GB',
};

/** Fewer than 30 days delete much. */
function preview({ body }: Sent): Answer {
  const { retention_days: days, cameras } = body as {
    retention_days?: number | null;
    cameras?: { retention_days: number | null }[];
  };
  const wanted = cameras?.[0]?.retention_days ?? days ?? 30;
  return ok(wanted < 30 ? much : nothing);
}

function limitsServer(): FakeServer {
  const server = storageServer();
  server.handlers.set('POST /api/storage/policy/preview', preview);
  server.handlers.set('PUT /api/storage/policy', ({ body }) => ok({ ...policy, ...(body as object) }));
  server.handlers.set('PATCH /api/cameras/1', ({ body }) => ok(makeCamera(body as object)));
  return server;
}

async function openPolicy(server = limitsServer()): Promise<RenderedApp> {
  const app = openStorage('/storage', server);
  await app.user.click(await screen.findByRole('link', { name: 'Change limits' }));
  await screen.findByRole('dialog', { name: 'Limits of all cameras' });
  return app;
}

function comesOfIt(): HTMLElement {
  return screen.getByRole('region', { name: 'What comes of it' });
}

function saved(server: FakeServer): unknown[] {
  return server.sent.filter(({ method }) => method === 'PUT' || method === 'PATCH').map(({ body }) => body);
}

describe('The limits of all cameras', () => {
  it('are said in words', async () => {
    const server = storageServer();
    server.handlers.set('GET /api/storage/policy', () =>
      ok({ ...policy, retention_days: null, retention_bytes: 2e12, retention_min_days: 7, min_free_bytes: 5e9, last_run: null }),
    );
    openStorage('/storage', server);
    const section = await screen.findByRole('region', { name: 'Limits of all cameras' });
    for (const words of ['until the space is needed', 'at most 2.0 TB', '7 days', '5.0 GB', 'as long as the others']) {
      expect(within(section).getByText(words)).toBeTruthy();
    }
    expect(within(section).getByText('Nothing was deleted since the recorder was started.')).toBeTruthy();
  });

  it('show what they would delete while they are typed, without saving them', async () => {
    const { user, server } = await openPolicy();
    await within(comesOfIt()).findByText('Deletes nothing.');
    await user.clear(field(names.days));
    await user.type(field(names.days), '7');
    await within(comesOfIt()).findByText('Deletes 1,204 recordings, 310 GB, the oldest of 3 May.');
    expect(within(comesOfIt()).getByText('Full in about 12 days.')).toBeTruthy();
    expect(within(comesOfIt()).getByText('Garden asks for more than the disks hold.')).toBeTruthy();
    const row = within(comesOfIt()).getByRole('row', { name: /^Front door/ });
    expect(row.textContent).toBe('Front door1,204 recordings, 310 GB7 days');
    expect(lastSent(server)).toEqual([
      'POST /api/storage/policy/preview',
      {
        retention_days: 7,
        retention_bytes: null,
        retention_min_days: null,
        sub_retention_days: null,
        sub_retention_bytes: null,
        min_free_bytes: null,
      },
    ]);
    expect(saved(server)).toEqual([]);
    await expectAccessible();
  });

  it('are saved at once when they delete no more than before', async () => {
    const app = await openPolicy();
    await app.user.clear(field(names.days));
    await app.user.type(field(names.bytes), '1500,5');
    await app.user.type(field(names.least), '3');
    await app.user.type(field(names.free), '10');
    await save(app);
    await dialogCloses();
    expect(saved(app.server)).toEqual([
      {
        retention_days: null,
        retention_bytes: 1_500_500_000_000,
        retention_min_days: 3,
        sub_retention_days: null,
        sub_retention_bytes: null,
        min_free_bytes: 10_000_000_000,
      },
    ]);
    expect(app.address()).toBe('/storage');
    await focusIsOn(() => screen.getByRole('link', { name: 'Change limits' }));
  });

  it('ask before they delete more, and name what', async () => {
    const app = await openPolicy();
    await app.user.clear(field(names.days));
    await app.user.type(field(names.days), '7');
    await save(app);
    const words = 'Deletes 1,204 recordings, 310 GB, the oldest of 3 May. Nothing brings them back.';
    expect((await screen.findByText(words)).getAttribute('role')).toBe('alert');
    expect(saved(app.server)).toEqual([]);
    await app.user.click(screen.getByRole('button', { name: 'Keep editing' }));
    expect(screen.queryByText(words)).toBeNull();

    await save(app);
    await screen.findByText(words);
    // Another number is another question.
    await app.user.clear(field(names.days));
    await app.user.type(field(names.days), '8');
    expect(screen.queryByText(words)).toBeNull();
    await save(app);
    await app.user.click(await screen.findByRole('button', { name: 'Save and delete' }));
    await dialogCloses();
    expect(saved(app.server)).toHaveLength(1);
  });

  it('are not saved when nobody knows what they delete', async () => {
    const app = await openPolicy();
    app.server.handlers.set('POST /api/storage/policy/preview', () => problem(503, 'The catalog is being rebuilt.'));
    await app.user.clear(field(names.days));
    await app.user.type(field(names.days), '7');
    await save(app);
    expect((await screen.findByText('The catalog is being rebuilt.')).getAttribute('role')).toBe('alert');
    expect(saved(app.server)).toEqual([]);
  });

  it('say at the field what is wrong, before anybody is asked', async () => {
    const app = await openPolicy();
    await within(comesOfIt()).findByText('Deletes nothing.');
    const before = app.server.sent.length;
    await app.user.clear(field(names.days));
    await app.user.type(field(names.days), '1.5');
    await app.user.type(field(names.bytes), 'much');
    await save(app);
    await waitFor(() => expect(noteAt(names.days)).toBe('Give a number of whole days, such as 30, or nothing.'));
    expect(noteAt(names.bytes)).toBe('Give a number of GB, such as 500, or nothing.');
    await focusIsOn(() => field(names.days));
    expect(app.server.sent).toHaveLength(before);
    await expectAccessible();
  });

  it('say at the field what the recorder refuses', async () => {
    const app = await openPolicy();
    app.server.handlers.set('PUT /api/storage/policy', () =>
      problem(422, 'Some fields are not valid.', [
        { field: 'min_free_bytes', message: 'must not be more than the smallest volume has' },
      ]),
    );
    await app.user.type(field(names.free), '900000');
    await save(app);
    await waitFor(() => expect(noteAt(names.free)).toBe('This must not be more than the smallest volume has.'));
  });

  it('are not lost by a slip', async () => {
    const app = await openPolicy();
    await app.user.type(field(names.free), '9');
    await app.user.keyboard('{Escape}');
    expect(await screen.findByText('Discard what was entered?')).toBeTruthy();
    await app.user.click(screen.getByRole('button', { name: 'Keep editing' }));
    expect(field(names.free).value).toBe('9');
    await app.user.keyboard('{Escape}');
    await app.user.click(await screen.findByRole('button', { name: 'Discard' }));
    await dialogCloses();
    expect(saved(app.server)).toEqual([]);
  });

  it('are changed by keyboard alone', async () => {
    const app = openStorage('/storage', limitsServer());
    (await screen.findByRole('link', { name: 'Change limits' })).focus();
    await app.user.keyboard('{Enter}');
    await screen.findByRole('dialog', { name: 'Limits of all cameras' });
    for (let i = 0; document.activeElement !== field(names.days) && i < 9; i += 1) await app.user.tab();
    await app.user.keyboard('60{Enter}');
    await dialogCloses();
    expect(saved(app.server)).toHaveLength(1);
    await focusIsOn(() => screen.getByRole('link', { name: 'Change limits' }));
  });
});

describe('The limits of a camera', () => {
  it('are previewed and saved for it alone', async () => {
    const app = openStorage('/storage', limitsServer());
    await app.user.click(await screen.findByRole('link', { name: 'Change the limits of Front door' }));
    await screen.findByRole('dialog', { name: 'Limits of Front door' });
    await app.user.type(field(names.days), '60');
    await waitFor(() => {
      const [, body] = lastSent(app.server) as [string, { cameras: unknown[] }];
      expect(body.cameras).toEqual([
        {
          id: 1,
          retention_days: 60,
          retention_bytes: null,
          retention_min_days: null,
          sub_retention_days: null,
          sub_retention_bytes: null,
        },
      ]);
    });
    await save(app);
    await dialogCloses();
    expect(saved(app.server)).toEqual([
      {
        retention_days: 60,
        retention_bytes: null,
        retention_min_days: null,
        sub_retention_days: null,
        sub_retention_bytes: null,
      },
    ]);
    expect(await screen.findByText('60 days')).toBeTruthy();
  });

  it('ask before they delete', async () => {
    const app = openStorage('/storage/cameras/1', limitsServer());
    await screen.findByRole('dialog', { name: 'Limits of Front door' });
    await app.user.type(field(names.days), '3');
    await save(app);
    await app.user.click(await screen.findByRole('button', { name: 'Save and delete' }));
    await dialogCloses();
    expect(saved(app.server)).toHaveLength(1);
    // The page was opened with the dialog, so the focus goes to what opens it.
    await focusIsOn(() => screen.getByRole('link', { name: 'Change the limits of Front door' }));
  });
});

describe('Deleting now', () => {
  it('names what goes, and does it', async () => {
    const server = storageServer();
    server.handlers.set('POST /api/storage/policy/preview', () => ok(much));
    server.handlers.set('POST /api/storage/enforce', () => ({ status: 202, body: { running: true } }));
    const app = openStorage('/storage', server);
    await app.user.click(await screen.findByRole('link', { name: 'Delete now' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete now?' });
    await within(dialog).findByText('Deletes 1,204 recordings, 310 GB, the oldest of 3 May. Nothing brings them back.');
    await expectAccessible();
    await app.user.click(within(dialog).getByRole('button', { name: 'Delete now' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(server.sent.some(({ url }) => url.pathname === '/api/storage/enforce')).toBe(true);
  });

  it('does nothing when nothing exceeds the limits, and says what fails', async () => {
    const server = storageServer();
    const app = openStorage('/storage/delete', server);
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete now?' });
    await within(dialog).findByText('Nothing exceeds the limits.');
    const button = within(dialog).getByRole('button', { name: 'Delete now' });
    await app.user.click(button);
    expect(server.sent.some(({ url }) => url.pathname === '/api/storage/enforce')).toBe(false);
    await app.user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    server.handlers.set('POST /api/storage/policy/preview', () => ok(much));
    server.handlers.set('POST /api/storage/enforce', () => problem(503, 'The disk is away.'));
    await app.user.click(screen.getByRole('link', { name: 'Delete now' }));
    const again = await screen.findByRole('alertdialog');
    await within(again).findByText(/^Deletes 1,204/);
    await app.user.click(within(again).getByRole('button', { name: 'Delete now' }));
    expect((await within(again).findByRole('alert')).textContent).toBe('The disk is away.');
  });
});

describe('A clock that jumped', () => {
  it('is confirmed by who looks at it', async () => {
    const server = storageServer();
    const held = { since: '2026-11-28T10:00:00Z', sentence: 'The clock jumped by 400 days, so nothing is deleted for its age.' };
    server.handlers.set('GET /api/storage/policy', () => ok({ ...policy, held }));
    server.handlers.set('POST /api/storage/clock/confirm', () => problem(503, 'The recorder is stopping.'));
    const { user } = openStorage('/storage', server);
    const words = await screen.findByText(/^The clock jumped by 400 days.*Since 11:00\.$/);
    expect(words.parentElement?.textContent).toContain(
      'The recorder’s clock says Saturday 28 November 2026, 13:00:0',
    );
    await expectAccessible();
    const button = screen.getByRole('button', { name: 'The clock is right' });
    await user.click(button);
    expect((await screen.findByText('The recorder is stopping.')).getAttribute('role')).toBe('alert');
    server.handlers.set('POST /api/storage/clock/confirm', () => ({ status: 204, body: null }));
    server.handlers.set('GET /api/storage/policy', () => ok(policy));
    await user.click(button);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'The clock is right' })).toBeNull());
    await focusIsOn(() => screen.getByRole('main'));
  });
});

describe('A volume', () => {
  it('is added with what was entered', async () => {
    const server = storageServer();
    server.handlers.set('POST /api/storage/volumes', ({ body }) => ({ status: 201, body: { ...volume, id: 2, ...(body as object) } }));
    const app = openStorage('/storage', server);
    await app.user.click(await screen.findByRole('link', { name: 'Add volume' }));
    await screen.findByRole('dialog', { name: 'Add volume' });
    await app.user.type(field('Folder'), 'mnt');
    await app.user.clear(field('Weight'));
    await app.user.click(screen.getByRole('button', { name: 'Add volume' }));
    await waitFor(() => expect(noteAt('Folder')).toMatch(/^Give the whole path of a folder/));
    expect(noteAt('Weight')).toBe('Give a whole number from 0 to 100.');
    await expectAccessible();
    await app.user.clear(field('Folder'));
    await app.user.type(field('Folder'), '/mnt/b');
    await app.user.type(field('Weight'), '2');
    await app.user.click(screen.getByRole('button', { name: 'Add volume' }));
    await dialogCloses();
    const sent = server.sent.find(({ url, method }) => method === 'POST' && url.pathname === '/api/storage/volumes');
    expect(sent?.body).toEqual({ path: '/mnt/b', weight: 2, role: 'recording', move_after_days: null });
  });

  it('becomes an archive, with the age of what it takes', async () => {
    const server = storageServer();
    server.handlers.set('PATCH /api/storage/volumes/1', ({ body }) => ok({ ...volume, ...(body as object) }));
    const app = openStorage('/storage', server);
    await app.user.click(await screen.findByRole('link', { name: 'Change /srv/recordings' }));
    await screen.findByRole('dialog', { name: 'Change /srv/recordings' });
    expect(screen.queryByLabelText('Folder')).toBeNull();
    await app.user.selectOptions(field('Is for'), 'Older recordings (archive)');
    await save(app);
    await waitFor(() => expect(noteAt('Takes recordings after, in days')).toBe('Give a number of whole days, such as 7.'));
    await app.user.type(field('Takes recordings after, in days'), '14');
    await save(app);
    await dialogCloses();
    expect(saved(server)).toEqual([{ weight: 1, role: 'archive', move_after_days: 14 }]);
    await focusIsOn(() => screen.getByRole('link', { name: 'Change /srv/recordings' }));
  });

  it('shows what the recorder refuses, at its field or below', async () => {
    const server = storageServer();
    const app = openStorage('/storage/volumes/new', server);
    await screen.findByRole('dialog', { name: 'Add volume' });
    await app.user.type(field('Folder'), '/proc');
    server.handlers.set('POST /api/storage/volumes', () =>
      problem(422, 'Some fields are not valid.', [{ field: 'path', message: 'is not writable by the recorder' }]),
    );
    await app.user.click(screen.getByRole('button', { name: 'Add volume' }));
    await waitFor(() => expect(noteAt('Folder')).toBe('This is not writable by the recorder.'));
    server.handlers.set('POST /api/storage/volumes', () => problem(409, 'This volume is there already.'));
    await app.user.click(screen.getByRole('button', { name: 'Add volume' }));
    expect((await screen.findByText('This volume is there already.')).getAttribute('role')).toBe('alert');
  });

  it('is removed after a question, or it is said why not', async () => {
    const server = storageServer();
    server.handlers.set('GET /api/storage/volumes', () => ok({ items: [{ ...volume, configured: false }], next: null }));
    server.handlers.set('DELETE /api/storage/volumes/1', () => problem(409, 'It is the only volume.'));
    const app = openStorage('/storage', server);
    await app.user.click(await screen.findByRole('button', { name: 'Remove /srv/recordings' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Remove this volume?' });
    expect(dialog.textContent).toContain('Its 45,321 recordings stay on the disk as files.');
    await expectAccessible();
    await app.user.click(within(dialog).getByRole('button', { name: 'Remove volume' }));
    expect((await within(dialog).findByRole('alert')).textContent).toBe('It is the only volume.');
    server.handlers.set('DELETE /api/storage/volumes/1', () => ({ status: 204, body: null }));
    await app.user.click(within(dialog).getByRole('button', { name: 'Remove volume' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  });
});
