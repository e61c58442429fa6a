// SPDX-License-Identifier: MIT
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useForm, useWatch, type Resolver } from 'react-hook-form';
import * as z from 'zod/mini';

import { exportPath, exportWithSecrets } from '../../api/camera-transfer';
import { PasswordField, TickField } from '../../components/form-field';
import { FormDialog } from '../../components/form-dialog';
import { saveAsFile, saveFrom } from '../../lib/download';
import { resolverOf } from '../../components/resolver';

const fileName = 'cameras.json';

const schema = z
  .object({ withSecrets: z.boolean(), passphrase: z.string(), again: z.string() })
  .check(({ value: { withSecrets, passphrase, again }, issues }) => {
    if (!withSecrets) return;
    const bytes = new TextEncoder().encode(passphrase).length;
    const bad = (path: string, message: string): void => {
      issues.push({ code: 'custom', message, input: passphrase, path: [path] });
    };
    if (bytes < 8) bad('passphrase', 'This must have at least 8 characters.');
    else if (bytes > 256) bad('passphrase', 'This must not be longer than 256 bytes.');
    else if (passphrase !== again) bad('again', 'The two are not the same.');
  });

type ExportValues = z.infer<typeof schema>;

const resolver: Resolver<ExportValues> = resolverOf(schema);

/** All cameras as a file: to keep, to compare, to move to another recorder. */
export function ExportCamerasDialog({ onClose }: { onClose: () => void }): ReactNode {
  const form = useForm<ExportValues>({
    defaultValues: { withSecrets: false, passphrase: '', again: '' },
    resolver,
    mode: 'onTouched',
  });
  const { errors } = form.formState;
  const withSecrets = useWatch({ control: form.control, name: 'withSecrets' });
  const save = useMutation({
    mutationFn: exportWithSecrets,
    onSuccess: (text) => {
      saveAsFile(fileName, text);
      onClose();
    },
  });
  const onSubmit = form.handleSubmit((valid) => {
    if (valid.withSecrets) {
      save.mutate(valid.passphrase);
    } else {
      saveFrom(exportPath, fileName);
      onClose();
    }
  });
  return (
    <FormDialog
      title="Export cameras"
      work={save.isPending ? 'Sealing the secrets' : null}
      problem={save.error?.message ?? null}
      isDirty={false}
      onSubmit={() => void onSubmit()}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={save.isPending}>
            Download
          </button>
        </>
      }
    >
      <p>
        The file has the settings of all cameras. Without secrets it can be kept anywhere, and
        two of them can be compared line by line.
      </p>
      <TickField
        label="With passwords and the secrets inside addresses"
        hint="Sealed with a passphrase, for moving to another recorder."
        {...form.register('withSecrets')}
      />
      {withSecrets && (
        <>
          <PasswordField
            label="Passphrase"
            hint="Nobody can open the secrets without it, and it is stored nowhere."
            error={errors.passphrase?.message}
            {...form.register('passphrase')}
          />
          <PasswordField
            label="Passphrase again"
            error={errors.again?.message}
            {...form.register('again')}
          />
        </>
      )}
    </FormDialog>
  );
}
