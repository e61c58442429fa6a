// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useWatch } from 'react-hook-form';

import { replaceCamera, type CameraBody, type StreamName } from '../../api/camera-requests';
import { discoveryQuery } from '../../api/discovery';
import type { Camera, FoundDevice } from '../../api/types';
import { FieldGroup, TickField, WholeRow } from '../../components/form-field';
import { CameraDialog } from './camera-dialog';
import styles from './camera-dialog.module.css';
import { AddressField, CredentialFields, SubStreamField, TransportField } from './camera-fields';
import {
  changesIn,
  connectionFields,
  newCameraValues,
  type CameraFormValues,
} from './camera-form';
import { deviceKey, FoundDevices } from './found-devices';
import { StreamFields } from './stream-fields';
import { TestRemedy } from './test-remedy';
import { testedStream, TestResult } from './test-result';
import { TrustedCertificate } from './untrusted-certificate';
import { useCameraForm } from './use-camera-form';
import { useCameraTest } from './use-camera-test';
import { useDeviceStreams, withStreams } from './use-device-streams';

type ReplaceCameraDialogProps = {
  camera: Camera;
  cameras: readonly Camera[];
  onClose: () => void;
};

/** Another device takes the place of a camera. */
export function ReplaceCameraDialog({
  camera,
  cameras,
  onClose,
}: ReplaceCameraDialogProps): ReactNode {
  const client = useQueryClient();
  const found = useQuery(discoveryQuery());
  const [device, setDevice] = useState<FoundDevice | null>(null);
  // Nothing of the device before is used for the new one; the name is there to be valid.
  const [initial] = useState<CameraFormValues>(() => ({ ...newCameraValues, name: camera.name }));
  const { form, problem, clearProblem, showFailure } = useCameraForm(initial, device === null);
  const values = useWatch({ control: form.control }) as CameraFormValues;
  const { streams, read, choose: chooseStream } = useDeviceStreams(device, values);
  const entered = changesIn(values, initial);
  const test = useCameraTest(null, withStreams(entered, streams));

  const replace = useMutation({
    mutationFn: async (body: CameraBody) =>
      replaceCamera(client, camera.id, withStreams(body, await read())),
    onSuccess: onClose,
    onError: showFailure,
  });
  const tryIt = useMutation({
    mutationFn: async ({ body, stream }: { body: CameraBody; stream: StreamName }) =>
      test.run(withStreams(body, await read()), stream),
    onError: showFailure,
  });

  const onSave = form.handleSubmit((valid) => {
    clearProblem();
    replace.mutate(changesIn(valid, initial));
  });
  const onTest = async (stream: StreamName): Promise<void> => {
    clearProblem();
    if (!(await form.trigger([...connectionFields], { shouldFocus: true }))) return;
    tryIt.mutate({ body: changesIn(form.getValues(), initial), stream });
  };
  const trust = (fingerprint: string): void =>
    form.setValue('tls_fingerprint', fingerprint, { shouldDirty: true });
  const testState = tryIt.isPending
    ? ({ kind: 'testing', stream: tryIt.variables.stream } as const)
    : test.state;

  return (
    <CameraDialog
      title={`Replace ${camera.name}`}
      saveWords={['Replace camera', 'Replacing']}
      problem={problem}
      isDirty={Object.keys(entered).length > 0}
      isTesting={tryIt.isPending}
      isSaving={replace.isPending}
      onTest={() => void onTest('main')}
      onSave={() => void onSave()}
      onClose={onClose}
    >
      <dl className={styles.terms}>
        <dt>Stays</dt>
        <dd>Name, group and tags, all recordings and their history, hours and retention.</dd>
        <dt>Changes</dt>
        <dd>
          Address, user name, password and streams: those of the old device are forgotten. Recording
          stops for a moment.
        </dd>
      </dl>
      <FoundDevices
        devices={found.data}
        // At its own address there may be a new device now.
        cameras={cameras.filter(({ id }) => id !== camera.id)}
        isSearching={found.isFetching}
        error={found.error}
        chosen={device === null ? null : deviceKey(device)}
        onChoose={(chosen) => {
          setDevice(chosen);
          form.clearErrors();
          clearProblem();
        }}
        onSearch={() => void found.refetch()}
      />
      <FieldGroup legend="New device">
        <WholeRow>
          {device === null ? (
            <>
              <AddressField form={form} />
              <SubStreamField
                form={form}
                isTesting={tryIt.isPending}
                onTest={() => void onTest('sub')}
              />
            </>
          ) : (
            <StreamFields
              streams={streams}
              isTesting={tryIt.isPending}
              onChoose={chooseStream}
              onTestSub={() => void onTest('sub')}
            />
          )}
        </WholeRow>
        <CredentialFields form={form} />
        <TransportField form={form} />
        <WholeRow>
          <TickField
            label="Record the sub stream as well"
            error={form.formState.errors.record_sub?.message}
            {...form.register('record_sub')}
          />
          <TrustedCertificate
            fingerprint={values.tls_fingerprint}
            error={form.formState.errors.tls_fingerprint?.message}
            onForget={() => trust('')}
          />
        </WholeRow>
      </FieldGroup>
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
