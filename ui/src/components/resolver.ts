// SPDX-License-Identifier: MIT
import { set, type FieldErrors, type FieldValues, type Resolver } from 'react-hook-form';
import * as z from 'zod/mini';

// It would try whether `eval` works, and the recorder's content security policy would complain.
z.config({ jitless: true });

/** Checks the fields of a form by a schema that changes no types. */
export function resolverOf<Values extends FieldValues>(
  schema: z.ZodMiniType<Values>,
): Resolver<Values> {
  return (values) => {
    const read = schema.safeParse(values);
    if (read.success) return { values: read.data, errors: {} };
    const errors: FieldErrors<Values> = {};
    // The first of a field is the one to show.
    for (const { path, message } of [...read.error.issues].reverse()) {
      set(errors, path.join('.'), { type: 'invalid', message });
    }
    return { values: {}, errors };
  };
}
