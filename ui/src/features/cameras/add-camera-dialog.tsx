// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useWatch } from 'react-hook-form';

import { createCamera, type CameraBody, type StreamName } from '../../api/camera-requests';
import { discoveryQuery } from '../../api/discovery';
import type { Camera, FoundDevice } from '../../api/types';
import { FieldGroup, WholeRow } from '../../components/form-field';
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
  newCameraValues,
  type CameraFormValues,
} from './camera-form';
import { deviceKey, deviceTitle, FoundDevices } from './found-devices';
import { freeName } from './profiles';
import { StreamFields } from './stream-fields';
import { TestRemedy } from './test-remedy';
import { testedStream, TestResult } from './test-result';
import { TrustedCertificate } from './untrusted-certificate';
import { useCameraForm } from './use-camera-form';
import { useCameraTest } from './use-camera-test';
import { useDeviceStreams, withStreams } from './use-device-streams';

type AddCameraDialogProps = { cameras: readonly Camera[]; onClose: () => void };

export function AddCameraDialog({ cameras, onClose }: AddCameraDialogProps): ReactNode {
  const client = useQueryClient();
  const found = useQuery(discoveryQuery());
  const [device, setDevice] = useState<FoundDevice | null>(null);
  const { form, problem, clearProblem, showFailure } = useCameraForm(
    newCameraValues,
    device === null,
  );
  const values = useWatch({ control: form.control }) as CameraFormValues;
  const { streams, read, choose: chooseStream } = useDeviceStreams(device, values);
  const entered = changesIn(values, newCameraValues);
  const test = useCameraTest(null, withStreams(entered, streams));

  const create = useMutation({
    mutationFn: async (body: CameraBody) => createCamera(client, withStreams(body, await read())),
    onSuccess: onClose,
    onError: showFailure,
  });
  const tryIt = useMutation({
    // The recorder checks a name, too, and nobody need have thought of one by now.
    mutationFn: async ({ body, stream }: { body: CameraBody; stream: StreamName }) =>
      test.run(withStreams({ ...body, name: body.name ?? 'Camera' }, await read()), stream),
    onError: showFailure,
  });

  const suggestion = (one: FoundDevice): string =>
    freeName(
      deviceTitle(one),
      cameras.map(({ name }) => name),
    );
  const choose = (chosen: FoundDevice | null): void => {
    setDevice(chosen);
    form.clearErrors();
    clearProblem();
    // A suggestion may take the place of another one, but not of what was typed.
    const name = form.getValues('name');
    if (chosen === null || (name !== '' && (device === null || name !== suggestion(device)))) return;
    form.setValue('name', suggestion(chosen));
  };
  const onSave = form.handleSubmit((valid) => {
    clearProblem();
    create.mutate(changesIn(valid, newCameraValues));
  });
  const onTest = async (stream: StreamName): Promise<void> => {
    clearProblem();
    if (!(await form.trigger([...connectionFields], { shouldFocus: true }))) return;
    tryIt.mutate({ body: changesIn(form.getValues(), newCameraValues), stream });
  };
  const trust = (fingerprint: string): void =>
    form.setValue('tls_fingerprint', fingerprint, { shouldDirty: true });
  const testState = tryIt.isPending
    ? ({ kind: 'testing', stream: tryIt.variables.stream } as const)
    : test.state;
  const onTestSub = (): void => void onTest('sub');

  const inSight = ['name', 'url', 'username', 'password', 'tls_fingerprint'];
  const hasErrorInside = Object.keys(form.formState.errors).some((key) => !inSight.includes(key));

  return (
    <CameraDialog
      title="Add camera"
      problem={problem}
      isDirty={Object.keys(entered).length > 0}
      isTesting={tryIt.isPending}
      isSaving={create.isPending}
      onTest={() => void onTest('main')}
      onSave={() => void onSave()}
      onClose={onClose}
    >
      <FoundDevices
        devices={found.data}
        cameras={cameras}
        isSearching={found.isFetching}
        error={found.error}
        chosen={device === null ? null : deviceKey(device)}
        onChoose={choose}
        onSearch={() => void found.refetch()}
      />
      <FieldGroup legend="Connection">
        <WholeRow>
          {device === null ? (
            <AddressField form={form} />
          ) : (
            <StreamFields
              streams={streams}
              isTesting={tryIt.isPending}
              onChoose={chooseStream}
              onTestSub={onTestSub}
            />
          )}
          <NameField form={form} />
        </WholeRow>
        <CredentialFields form={form} />
      </FieldGroup>
      <TrustedCertificate
        fingerprint={values.tls_fingerprint}
        error={form.formState.errors.tls_fingerprint?.message}
        onForget={() => trust('')}
      />
      <details className={styles.more} open={hasErrorInside ? true : undefined}>
        <summary>More settings</summary>
        <div>
          <FieldGroup legend="Streams">
            {device === null && (
              <WholeRow>
                <SubStreamField form={form} isTesting={tryIt.isPending} onTest={onTestSub} />
              </WholeRow>
            )}
            <TransportField form={form} />
          </FieldGroup>
          <RecordingFields form={form} />
          <LabelFields form={form} />
        </div>
      </details>
      <TestResult state={testState}>
        <TestRemedy
          state={testState}
          cameraId={null}
          hasOnvif={device !== null}
          onTrust={(fingerprint) => {
            trust(fingerprint);
            void onTest(testedStream(testState));
          }}
          onFixed={() => undefined}
        />
      </TestResult>
    </CameraDialog>
  );
}
