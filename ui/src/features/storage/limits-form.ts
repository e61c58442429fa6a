// SPDX-License-Identifier: MIT
import type { Resolver } from 'react-hook-form';
import * as z from 'zod/mini';

import type { CameraLimits, PolicySettings } from '../../api/storage-types';
import { resolverOf } from '../../components/resolver';

const dayNames = ['retention_days', 'retention_min_days', 'sub_retention_days'] as const;
const byteNames = ['retention_bytes', 'sub_retention_bytes', 'min_free_bytes'] as const;

export type LimitName = (typeof dayNames)[number] | (typeof byteNames)[number];
export const limitNames: readonly LimitName[] = [...dayNames, ...byteNames];

/** What is in the fields: whole days and GB; empty where there is no limit. */
export type LimitValues = Record<LimitName, string>;

const bytesInGb = 1_000_000_000;
const maxDays = 36_500;
const maxGb = 1_000_000;

function isDays(text: string): boolean {
  return text === '' || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= maxDays);
}

function gbOf(text: string): number {
  return Number(text.replace(',', '.'));
}

function isGb(text: string): boolean {
  if (text === '') return true;
  return /^\d{1,7}(?:[.,]\d{1,9})?$/.test(text) && gbOf(text) > 0 && gbOf(text) <= maxGb;
}

const days = z
  .string()
  .check(z.trim(), z.refine(isDays, 'Give a number of whole days, such as 30, or nothing.'));
const gigabytes = z
  .string()
  .check(z.trim(), z.refine(isGb, 'Give a number of GB, such as 500, or nothing.'));

const schema = z.object({
  retention_days: days,
  retention_min_days: days,
  sub_retention_days: days,
  retention_bytes: gigabytes,
  sub_retention_bytes: gigabytes,
  min_free_bytes: gigabytes,
});

export const limitsResolver: Resolver<LimitValues> = resolverOf(schema);

function dayText(value: number | null): string {
  return value === null ? '' : String(value);
}

function gbText(value: number | null): string {
  return value === null ? '' : String(value / bytesInGb);
}

export function valuesOf(limits: CameraLimits & { min_free_bytes?: number | null }): LimitValues {
  return {
    retention_days: dayText(limits.retention_days),
    retention_min_days: dayText(limits.retention_min_days),
    sub_retention_days: dayText(limits.sub_retention_days),
    retention_bytes: gbText(limits.retention_bytes),
    sub_retention_bytes: gbText(limits.sub_retention_bytes),
    min_free_bytes: gbText(limits.min_free_bytes ?? null),
  };
}

/** Null while a field is not valid. */
export function settingsOf(values: LimitValues): PolicySettings | null {
  const read = schema.safeParse(values);
  if (!read.success) return null;
  const daysOf = (name: (typeof dayNames)[number]): number | null =>
    read.data[name] === '' ? null : Number(read.data[name]);
  const bytesOf = (name: (typeof byteNames)[number]): number | null =>
    read.data[name] === '' ? null : Math.round(gbOf(read.data[name]) * bytesInGb);
  return {
    retention_days: daysOf('retention_days'),
    retention_min_days: daysOf('retention_min_days'),
    sub_retention_days: daysOf('sub_retention_days'),
    retention_bytes: bytesOf('retention_bytes'),
    sub_retention_bytes: bytesOf('sub_retention_bytes'),
    min_free_bytes: bytesOf('min_free_bytes'),
  };
}

/** Those of a camera: what is kept free is a matter of the volumes. */
export function cameraLimitsOf(settings: PolicySettings): CameraLimits {
  const { retention_days, retention_bytes, retention_min_days } = settings;
  const { sub_retention_days, sub_retention_bytes } = settings;
  return {
    retention_days,
    retention_bytes,
    retention_min_days,
    sub_retention_days,
    sub_retention_bytes,
  };
}
