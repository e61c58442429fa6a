// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { TextField } from '../../components/form-field';
import type { LimitsForm } from './limits-dialog';
import type { LimitName } from './limits-form';

type LimitFieldProps = { form: LimitsForm; name: LimitName; label: string; hint: string };

/** A number of days or of GB; may stay empty. */
export function LimitField({ form, name, label, hint }: LimitFieldProps): ReactNode {
  return (
    <TextField
      label={label}
      hint={hint}
      inputMode="decimal"
      error={form.formState.errors[name]?.message}
      {...form.register(name)}
    />
  );
}
