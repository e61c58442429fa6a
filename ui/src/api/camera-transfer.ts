// SPDX-License-Identifier: MIT
import type { QueryClient } from '@tanstack/react-query';

import { camerasQuery } from './cameras';
import { sendJson } from './http';
import { parseImport } from './parse';
import { unwrap } from './result';
import type { ImportedCamera } from './types';

/** Where the file without secrets is. */
export const exportPath = '/api/cameras/export';

/** Sealing takes the recorder a moment, and 1000 cameras some more. */
const timeout = 30_000;

/** The file with secrets, as a text. Fails with an ApiError. */
export async function exportWithSecrets(passphrase: string): Promise<string> {
  const file = unwrap(
    await sendJson({ method: 'POST', path: exportPath, body: { passphrase }, timeout }, (body) => body),
  );
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** An exported file, with the passphrase that opens its secrets. */
export type ImportBody = Record<string, unknown>;

export type OnConflict = 'skip' | 'update';

async function sendImport(query: Record<string, string>, body: ImportBody): Promise<ImportedCamera[]> {
  const path = '/api/cameras/import';
  return unwrap(await sendJson({ method: 'POST', path, query, body, timeout }, parseImport));
}

/** What an import would do, without doing it. Fails with an ApiError that names what is wrong. */
export async function planImport(body: ImportBody): Promise<ImportedCamera[]> {
  return sendImport({ dry_run: 'true', on_conflict: 'update' }, body);
}

export async function importCameras(
  client: QueryClient,
  body: ImportBody,
  onConflict: OnConflict,
): Promise<ImportedCamera[]> {
  const imported = await sendImport({ on_conflict: onConflict }, body);
  // The events socket tells of each camera, but not before this answer.
  await client.invalidateQueries(camerasQuery());
  return imported;
}
