// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { volumesQuery } from '../../api/storage';
import { SelectField } from '../../components/form-field';
import type { CameraForm } from './camera-fields';

/** Where it is recorded to; only where there is a choice. */
export function VolumeField({ form }: { form: CameraForm }): ReactNode {
  const { data: volumes = [] } = useQuery({ ...volumesQuery(), retryOnMount: false });
  // One that was never there has no id yet.
  const known = volumes.filter(({ id }) => id !== null);
  if (known.length < 2) return null;
  return (
    <SelectField
      label="Volume"
      hint="Automatic goes by the weights of the volumes. While the chosen one is full or away, another takes over."
      error={form.formState.errors.volume_id?.message}
      {...form.register('volume_id')}
    >
      <option value="">Automatic</option>
      {known.map(({ id, path, role }) => (
        <option key={id} value={String(id)}>
          {role === 'archive' ? `${path} (archive)` : path}
        </option>
      ))}
    </SelectField>
  );
}
