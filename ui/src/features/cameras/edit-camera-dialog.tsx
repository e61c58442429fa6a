// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useWatch } from 'react-hook-form';

import { changeCamera, type CameraBody } from '../../api/camera-requests';
import type { Camera } from '../../api/types';
import { FieldGroup, TickField, WholeRow } from '../../components/form-field';
import { CameraDialog } from './camera-dialog';
import styles from './camera-dialog.module.css';
import {
  AddressField,
  CredentialFields,
  LabelFields,
  NameField,
  RecordingFields,
  SubStreamField,
  TransportField,
} from './camera-fields';
import {
  changesIn,
  connectionFields,
  reconnects,
  valuesOf,
  type CameraFormValues,
} from './camera-form';
import { TestResult } from './test-result';
import { useCameraForm } from './use-camera-form';
import { useCameraTest } from './use-camera-test';

type EditCameraDialogProps = { camera: Camera; onClose: () => void; onRemove: () => void };

export function EditCameraDialog({ camera, onClose, onRemove }: EditCameraDialogProps): ReactNode {
  const client = useQueryClient();
  // What was there when it was opened; what happens to the camera meanwhile must not undo typing.
  const [initial] = useState(() => valuesOf(camera));
  const { form, problem, clearProblem, showFailure } = useCameraForm(initial);
  const values = useWatch({ control: form.control }) as CameraFormValues;
  const changes = changesIn(values, initial);
  const isDirty = Object.keys(changes).length > 0;
  const test = useCameraTest(camera.id, changes);
  const save = useMutation({
    mutationFn: (body: CameraBody) => changeCamera(client, camera.id, body),
    onSuccess: onClose,
    onError: showFailure,
  });

  const onSave = form.handleSubmit((valid) => {
    clearProblem();
    const body = changesIn(valid, initial);
    if (Object.keys(body).length === 0) onClose();
    else save.mutate(body);
  });
  const onTest = async (): Promise<void> => {
    clearProblem();
    if (!(await form.trigger([...connectionFields], { shouldFocus: true }))) return;
    await test.run(changesIn(form.getValues(), initial)).catch(showFailure);
  };

  return (
    <CameraDialog
      title={`Edit ${camera.name}`}
      problem={problem}
      isDirty={isDirty}
      isTesting={test.state?.kind === 'testing'}
      isSaving={save.isPending}
      onTest={() => void onTest()}
      onSave={() => void onSave()}
      onClose={onClose}
      extraAction={
        <button type="button" className={`button ${styles.first ?? ''}`} onClick={onRemove}>
          Remove
        </button>
      }
    >
      <FieldGroup legend="Connection">
        <WholeRow>
          <NameField form={form} />
          <AddressField form={form} />
        </WholeRow>
        <CredentialFields form={form} hasPassword={camera.has_password} />
        <WholeRow>
          <SubStreamField form={form} />
        </WholeRow>
        <TransportField form={form} />
        <WholeRow>
          <TickField label="Switched on" {...form.register('enabled')} />
        </WholeRow>
      </FieldGroup>
      <RecordingFields form={form} />
      <LabelFields form={form} />
      <p className={styles.soft} role="status">
        {reconnects(changes)
          ? 'Saving this connects to the camera anew; a moment of its recording will be missing.'
          : '\u00a0'}
      </p>
      <TestResult state={test.state} />
    </CameraDialog>
  );
}
