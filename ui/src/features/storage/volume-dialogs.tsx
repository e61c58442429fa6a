// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useForm, useWatch } from 'react-hook-form';

import { ApiError } from '../../api/result';
import { addVolume, changeVolume } from '../../api/storage-requests';
import type { Volume } from '../../api/storage-types';
import { FieldGroup, SelectField, TextField, WholeRow } from '../../components/form-field';
import { FormDialog } from '../../components/form-dialog';
import {
  newVolumeValues,
  volumeResolver,
  volumeSettingsOf,
  volumeValuesOf,
  type VolumeValues,
} from './volume-form';
import { fieldSentence } from './words';

export function AddVolumeDialog({ onClose }: { onClose: () => void }): ReactNode {
  const client = useQueryClient();
  return (
    <VolumeDialog
      title="Add volume"
      initial={newVolumeValues}
      hasPath
      saveWord="Add volume"
      onSave={(values) => addVolume(client, { path: values.path, ...volumeSettingsOf(values) })}
      onClose={onClose}
    />
  );
}

type ChangeVolumeDialogProps = { volume: Volume; id: number; onClose: () => void };

export function ChangeVolumeDialog({ volume, id, onClose }: ChangeVolumeDialogProps): ReactNode {
  const client = useQueryClient();
  const [initial] = useState(() => volumeValuesOf(volume));
  return (
    <VolumeDialog
      title={`Change ${volume.path}`}
      initial={initial}
      hasPath={false}
      saveWord="Save"
      onSave={(values) => changeVolume(client, id, volumeSettingsOf(values))}
      onClose={onClose}
    />
  );
}

type VolumeDialogProps = {
  title: string;
  initial: VolumeValues;
  /** False for one that is there: its folder stays. */
  hasPath: boolean;
  saveWord: string;
  onSave: (values: VolumeValues) => Promise<void>;
  onClose: () => void;
};

const fieldNames = ['path', 'weight', 'role', 'move_after_days'] as const;

function VolumeDialog({
  title,
  initial,
  hasPath,
  saveWord,
  onSave,
  onClose,
}: VolumeDialogProps): ReactNode {
  const form = useForm<VolumeValues>({
    defaultValues: initial,
    resolver: volumeResolver,
    mode: 'onTouched',
  });
  const { errors } = form.formState;
  const current = useWatch({ control: form.control }) as VolumeValues;
  const [problem, setProblem] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: onSave,
    onSuccess: onClose,
    onError: (error) => {
      const { message, fields } = error instanceof ApiError ? error : new ApiError(String(error), null);
      const unplaced = fields.filter(({ field }) => !fieldNames.some((name) => name === field));
      for (const name of fieldNames) {
        const words = fields.find(({ field }) => field === name)?.message;
        if (words !== undefined) form.setError(name, { type: 'recorder', message: fieldSentence(words) });
      }
      const rest = unplaced.map(({ field, message: words }) => `${field} ${words}`);
      setProblem(fields.length === 0 ? message : rest.length === 0 ? null : rest.join(' '));
    },
  });
  const onSubmit = form.handleSubmit((values) => {
    setProblem(null);
    save.mutate(values);
  });
  return (
    <FormDialog
      title={title}
      work={save.isPending ? 'Saving the volume' : null}
      problem={problem}
      isDirty={fieldNames.some((name) => current[name] !== initial[name])}
      onSubmit={() => void onSubmit()}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={save.isPending}>
            {saveWord}
          </button>
        </>
      }
    >
      <FieldGroup legend="Volume">
        {hasPath && (
          <WholeRow>
            <TextField
              label="Folder"
              placeholder="/mnt/disk2/recordings"
              hint="On the recorder. It has to be there, with its disk mounted."
              error={errors.path?.message}
              {...form.register('path')}
            />
          </WholeRow>
        )}
        <SelectField label="Is for" error={errors.role?.message} {...form.register('role')}>
          <option value="recording">New recordings</option>
          <option value="archive">Older recordings (archive)</option>
        </SelectField>
        {current.role === 'archive' ? (
          <TextField
            label="Takes recordings after, in days"
            inputMode="numeric"
            hint="They are moved here from the other volumes, and play on meanwhile."
            error={errors.move_after_days?.message}
            {...form.register('move_after_days')}
          />
        ) : (
          <TextField
            label="Weight"
            inputMode="numeric"
            hint="Its share of what is new: 2 takes twice as much as 1; 0 takes nothing."
            error={errors.weight?.message}
            {...form.register('weight')}
          />
        )}
      </FieldGroup>
    </FormDialog>
  );
}
