// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useWatch } from 'react-hook-form';

import { changeCamera, type CameraBody, type StreamName } from '../../api/camera-requests';
import type { Camera, SetUpResult } from '../../api/types';
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
import { FixOutcome } from './fix-camera';
import { TestRemedy } from './test-remedy';
import { testedStream, TestResult } from './test-result';
import { TrustedCertificate } from './untrusted-certificate';
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
  const [outcome, setOutcome] = useState<SetUpResult | null>(null);
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
  const run = async (stream: StreamName): Promise<void> => {
    await test.run(changesIn(form.getValues(), initial), stream).catch(showFailure);
  };
  const onTest = async (stream: StreamName): Promise<void> => {
    clearProblem();
    setOutcome(null);
    if (await form.trigger([...connectionFields], { shouldFocus: true })) await run(stream);
  };
  const trust = (fingerprint: string): void =>
    form.setValue('tls_fingerprint', fingerprint, { shouldDirty: true });
  const isTesting = test.state?.kind === 'testing';

  return (
    <CameraDialog
      title={`Edit ${camera.name}`}
      problem={problem}
      isDirty={isDirty}
      isTesting={isTesting}
      isSaving={save.isPending}
      onTest={() => void onTest('main')}
      onSave={() => void onSave()}
      onClose={onClose}
      extraAction={
        <button type="button" className={`button ${styles.first ?? ''}`} onClick={onRemove}>
          Remove
        </button>
      }
    >
      {camera.last_error?.code === 'credentials' && (
        <p role="alert" className={styles.problem}>
          {camera.last_error.message} If the recorder’s key was changed or lost, putting the old key
          back helps as well.
        </p>
      )}
      <FieldGroup legend="Connection">
        <WholeRow>
          <NameField form={form} />
          <AddressField form={form} />
        </WholeRow>
        <CredentialFields form={form} hasPassword={camera.has_password} />
        <WholeRow>
          <SubStreamField
            form={form}
            isTesting={isTesting}
            onTest={() => void onTest('sub')}
          />
        </WholeRow>
        <TransportField form={form} />
        <WholeRow>
          <TickField label="Switched on" {...form.register('enabled')} />
          <TrustedCertificate
            fingerprint={values.tls_fingerprint}
            error={form.formState.errors.tls_fingerprint?.message}
            onForget={() => trust('')}
          />
        </WholeRow>
      </FieldGroup>
      <RecordingFields form={form} />
      <LabelFields form={form} />
      <p className={styles.soft} role="status">
        {reconnects(changes)
          ? 'Saving this connects to the camera anew; a moment of its recording will be missing.'
          : '\u00a0'}
      </p>
      {outcome !== null && <FixOutcome result={outcome} />}
      <TestResult state={test.state}>
        <TestRemedy
          state={test.state}
          cameraId={reconnects(changes) || changes.sub_url !== undefined ? null : camera.id}
          hasOnvif={camera.onvif_url !== null}
          onTrust={(fingerprint) => {
            trust(fingerprint);
            void onTest(testedStream(test.state));
          }}
          onFixed={(result) => {
            setOutcome(result);
            void run(testedStream(test.state));
          }}
        />
      </TestResult>
    </CameraDialog>
  );
}
