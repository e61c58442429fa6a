// SPDX-License-Identifier: MIT
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useForm, useWatch, type UseFormReturn } from 'react-hook-form';

import { ApiError } from '../../api/result';
import { useSiteStore, useZone } from '../../api/site';
import { previewPolicy } from '../../api/storage';
import type { PolicySettings, Preview, PreviewRequest } from '../../api/storage-types';
import { FormDialog } from '../../components/form-dialog';
import styles from './dialogs.module.css';
import {
  limitNames,
  limitsResolver,
  settingsOf,
  type LimitName,
  type LimitValues,
} from './limits-form';
import { PreviewResult } from './preview-result';
import { useSettled } from './use-settled';
import { deletionWords, fieldSentence } from './words';

export type LimitsForm = UseFormReturn<LimitValues>;

type LimitsDialogProps = {
  title: string;
  initial: LimitValues;
  /** The fields. */
  children: (form: LimitsForm) => ReactNode;
  /** What is asked for of settings that are not saved yet. */
  requestOf: (settings: PolicySettings) => PreviewRequest;
  onSave: (settings: PolicySettings) => Promise<void>;
  onClose: () => void;
};

/** Limits, what they would delete, and Save: which asks again where more is deleted than already would be. */
export function LimitsDialog({
  title,
  initial,
  children,
  requestOf,
  onSave,
  onClose,
}: LimitsDialogProps): ReactNode {
  const form = useForm<LimitValues>({
    defaultValues: initial,
    resolver: limitsResolver,
    mode: 'onTouched',
  });
  const values = useWatch({ control: form.control }) as LimitValues;
  const settings = settingsOf(values);
  const key = JSON.stringify(settings);
  const settled = useSettled(key);
  const shown = JSON.parse(settled) as PolicySettings | null;
  const isDirty = limitNames.some((name) => values[name] !== initial[name]);
  const [problem, setProblem] = useState<string | null>(null);
  // Of which settings, and what they delete.
  const [asked, setAsked] = useState<{ key: string; preview: Preview } | null>(null);

  const save = useMutation({
    mutationFn: async (valid: PolicySettings): Promise<'saved' | 'asks'> => {
      if (asked?.key !== JSON.stringify(valid)) {
        const [before, after] = await Promise.all([
          previewPolicy({}),
          previewPolicy(requestOf(valid)),
        ]);
        if (after.file_count > before.file_count) {
          setAsked({ key: JSON.stringify(valid), preview: after });
          return 'asks';
        }
      }
      await onSave(valid);
      return 'saved';
    },
    onSuccess: (what) => {
      if (what === 'saved') onClose();
    },
    onError: (error) => setProblem(showFailure(form, error)),
  });
  const onSubmit = form.handleSubmit((valid) => {
    const read = settingsOf(valid);
    setProblem(null);
    if (read === null) return;
    if (isDirty) save.mutate(read);
    else onClose();
  });
  const isAsking = asked !== null && asked.key === key;

  return (
    <FormDialog
      title={title}
      work={save.isPending ? 'Saving the limits' : null}
      problem={problem}
      isDirty={isDirty}
      onSubmit={() => void onSubmit()}
      onClose={onClose}
      actions={
        <>
          {isAsking && <Question preview={asked.preview} />}
          <button type="button" className="button" onClick={isAsking ? () => setAsked(null) : onClose}>
            {isAsking ? 'Keep editing' : 'Cancel'}
          </button>
          <button
            type="submit"
            className={isAsking ? 'button danger' : 'button primary'}
            aria-disabled={save.isPending}
          >
            {isAsking ? 'Save and delete' : 'Save'}
          </button>
        </>
      }
    >
      {children(form)}
      <PreviewResult
        request={shown === null ? null : requestOf(shown)}
        isWaiting={settled !== key}
      />
    </FormDialog>
  );
}

function Question({ preview }: { preview: Preview }): ReactNode {
  const { now } = useSiteStore();
  const zone = useZone();
  return (
    <p role="alert" className={styles.warning}>
      {deletionWords(preview, now(), zone)}. Nothing brings them back.
    </p>
  );
}

/** At the fields that the recorder names; what belongs to none is given back. */
function showFailure(form: LimitsForm, error: unknown): string | null {
  const { message, fields } = error instanceof ApiError ? error : new ApiError(String(error), null);
  const rest: string[] = [];
  for (const { field, message: words } of fields) {
    // "cameras[0].retention_days" is that of the camera in this dialog.
    const place = limitNames.find((name) => field.endsWith(name) && !field.endsWith(`sub_${name}`));
    const exact: LimitName | undefined = limitNames.find((name) => name === field) ?? place;
    if (exact === undefined) rest.push(`${field} ${words}`);
    else form.setError(exact, { type: 'recorder', message: fieldSentence(words) });
  }
  if (fields.length === 0) return message;
  return rest.length === 0 ? null : rest.join(' ');
}
