// SPDX-License-Identifier: MIT
import type { ImportBody } from '../../api/camera-transfer';
import type { FieldError } from '../../api/http';
import { asSentence } from '../../lib/sentence';

/** What the recorder takes at once. */
const largestBytes = 1024 * 1024;

/** A file of cameras that was chosen. */
export type ImportFile = { name: string; body: ImportBody; cameras: unknown[]; hasSecrets: boolean };

/** Reads a file. Fails with an Error whose sentence belongs to the field. */
export async function readImportFile(file: File): Promise<ImportFile> {
  if (file.size > largestBytes) {
    throw new Error('This file is larger than 1 MiB, so it is no export of cameras, or of too many.');
  }
  const body = objectIn(await file.text());
  const cameras = body?.['cameras'];
  if (body === null || !Array.isArray(cameras)) {
    throw new Error('This is no file of cameras. Choose one that was exported by a recorder.');
  }
  const secrets = body['secrets'];
  const hasSecrets = typeof secrets === 'string' && secrets !== '';
  return { name: file.name, body, cameras, hasSecrets };
}

function objectIn(text: string): ImportBody | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as ImportBody) : null;
  } catch {
    return null;
  }
}

/** What is sent of a file; `passphrase` null leaves its secrets away. */
export function bodyOf({ body, hasSecrets }: ImportFile, passphrase: string | null): ImportBody {
  if (!hasSecrets) return body;
  const { secrets, ...rest } = body;
  return passphrase === null ? rest : { ...rest, secrets, passphrase };
}

/** "Gate", or "Camera 3 of the file" for one that has no name. */
export function nameInFile(camera: unknown, row: number): string {
  const { name } = (typeof camera === 'object' ? (camera ?? {}) : {}) as { name?: unknown };
  return typeof name === 'string' && name.trim() !== '' ? name : `Camera ${String(row + 1)} of the file`;
}

export type ImportErrors = {
  /** By the place of the camera in the file. */
  rows: Map<number, string[]>;
  passphrase: string | null;
  /** What belongs to no place. */
  others: string[];
};

/** Sorts what the recorder finds wrong by its place. */
export function placeImportErrors(fields: readonly FieldError[]): ImportErrors {
  const errors: ImportErrors = { rows: new Map(), passphrase: null, others: [] };
  for (const { field, message } of fields) {
    const [, row, , rest] = /^cameras\[(\d+)\](\.(.*))?$/.exec(field) ?? [];
    if (row !== undefined) {
      const sentence = asSentence(rest === undefined ? message : `${rest}: ${message}`);
      errors.rows.set(Number(row), [...(errors.rows.get(Number(row)) ?? []), sentence]);
    } else if (field === 'passphrase') {
      errors.passphrase ??= asSentence(message);
    } else {
      errors.others.push(asSentence(`${field} ${message}`));
    }
  }
  return errors;
}
