// SPDX-License-Identifier: MIT
import { parseInstant } from '../lib/time';

/** Every answer passes through here: what is not as agreed becomes an error, not a broken page. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
}

export type Fields = Record<string, unknown>;

export function object(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParseError(`${what} is not an object`);
  }
  return value as Fields;
}

export function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw new ParseError(`${key} is not a text`);
  return value;
}

export function number(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ParseError(`${key} is not a number`);
  }
  return value;
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

export function instant(fields: Fields, key: string): string {
  const value = text(fields, key);
  if (parseInstant(value) === null) throw new ParseError(`${key} is not a time`);
  return value;
}

export function oneOf<T extends string>(fields: Fields, key: string, values: readonly T[]): T {
  const value = text(fields, key);
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new ParseError(`${key} is an unknown "${value}"`);
  return found;
}

export function list<T>(value: unknown, what: string, parse: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new ParseError(`${what} is not a list`);
  return value.map(parse);
}

export function optional<T>(value: unknown, parse: (value: unknown) => T): T | null {
  return isAbsent(value) ? null : parse(value);
}

export function optionalNumber(fields: Fields, key: string): number | null {
  return isAbsent(fields[key]) ? null : number(fields, key);
}

export function optionalText(fields: Fields, key: string): string | null {
  return isAbsent(fields[key]) ? null : text(fields, key);
}

/** Null for 0 as well: that is not a measure, but none yet. */
export function measure(fields: Fields, key: string): number | null {
  const value = optionalNumber(fields, key);
  return value === 0 ? null : value;
}

export function optionalInstant(fields: Fields, key: string): string | null {
  return isAbsent(fields[key]) ? null : instant(fields, key);
}

export function parseText(value: unknown): string {
  if (typeof value !== 'string') throw new ParseError('a part of a list is not a text');
  return value;
}
