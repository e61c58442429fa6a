// SPDX-License-Identifier: MIT
import type { Resolver } from 'react-hook-form';
import * as z from 'zod/mini';

import type { Volume, VolumeSettings } from '../../api/storage-types';
import { resolverOf } from '../../components/resolver';

/** What is in the fields. */
export type VolumeValues = {
  path: string;
  weight: string;
  role: 'recording' | 'archive';
  move_after_days: string;
};

function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

const schema = z
  .object({
    path: z.string().check(
      z.trim(),
      z.refine(
        (path) => path.startsWith('/'),
        'Give the whole path of a folder, such as /mnt/disk2/recordings.',
      ),
    ),
    weight: z
      .string()
      .check(
        z.trim(),
        z.refine((text) => isWhole(text, 0, 100), 'Give a whole number from 0 to 100.'),
      ),
    role: z.enum(['recording', 'archive']),
    move_after_days: z.string().check(z.trim()),
  })
  .check(({ value, issues }) => {
    if (value.role !== 'archive' || isWhole(value.move_after_days, 1, 36_500)) return;
    const message = 'Give a number of whole days, such as 7.';
    issues.push({ code: 'custom', message, input: value, path: ['move_after_days'] });
  });

export const volumeResolver: Resolver<VolumeValues> = resolverOf(schema);

export const newVolumeValues: VolumeValues = {
  path: '',
  weight: '1',
  role: 'recording',
  move_after_days: '',
};

export function volumeValuesOf({ path, weight, role, move_after_days: days }: Volume): VolumeValues {
  return { path, weight: String(weight), role, move_after_days: days === null ? '' : String(days) };
}

/** Of values that are valid. */
export function volumeSettingsOf({ weight, role, move_after_days: days }: VolumeValues): VolumeSettings {
  return {
    weight: Number(weight),
    role,
    move_after_days: role === 'archive' ? Number(days) : null,
  };
}
