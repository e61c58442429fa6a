// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { createCamera, type CameraBody } from '../../api/camera-requests';
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
import { changesIn, newCameraValues } from './camera-form';
import { deviceTitle, FoundDevices } from './found-devices';
import { NewDeviceTest } from './new-device-test';
import { freeName } from './profiles';
import { StreamFields } from './stream-fields';
import { TrustedCertificate } from './untrusted-certificate';
import { useNewDevice } from './use-new-device';

type AddCameraDialogProps = { cameras: readonly Camera[]; onClose: () => void };

export function AddCameraDialog({ cameras, onClose }: AddCameraDialogProps): ReactNode {
  const client = useQueryClient();
  const newDevice = useNewDevice(newCameraValues);
  const { form, values, device, isTesting, trust } = newDevice;

  const create = useMutation({
    mutationFn: async (body: CameraBody) => createCamera(client, await newDevice.complete(body)),
    onSuccess: onClose,
    onError: newDevice.showFailure,
  });

  const suggestion = (one: FoundDevice): string =>
    freeName(
      deviceTitle(one),
      cameras.map(({ name }) => name),
    );
  const choose = (chosen: FoundDevice | null): void => {
    newDevice.choose(chosen);
    // A suggestion may take the place of another one, but not of what was typed.
    const name = form.getValues('name');
    if (chosen === null || (name !== '' && (device === null || name !== suggestion(device)))) return;
    form.setValue('name', suggestion(chosen));
  };
  const onSave = form.handleSubmit((valid) => {
    newDevice.clearProblem();
    create.mutate(changesIn(valid, newCameraValues));
  });
  const onTestSub = (): void => newDevice.onTest('sub');

  const inSight = ['name', 'url', 'username', 'password', 'tls_fingerprint'];
  const hasErrorInside = Object.keys(form.formState.errors).some((key) => !inSight.includes(key));

  return (
    <CameraDialog
      title="Add camera"
      problem={newDevice.problem}
      isDirty={Object.keys(newDevice.entered).length > 0}
      isTesting={isTesting}
      isSaving={create.isPending}
      onTest={() => newDevice.onTest('main')}
      onSave={() => void onSave()}
      onClose={onClose}
    >
      <FoundDevices {...newDevice.search} cameras={cameras} onChoose={choose} />
      <FieldGroup legend="Connection">
        <WholeRow>
          {device === null ? (
            <AddressField form={form} />
          ) : (
            <StreamFields
              streams={newDevice.streams}
              isTesting={isTesting}
              onChoose={newDevice.chooseStream}
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
                <SubStreamField form={form} isTesting={isTesting} onTest={onTestSub} />
              </WholeRow>
            )}
            <TransportField form={form} />
          </FieldGroup>
          <RecordingFields form={form} />
          <LabelFields form={form} />
        </div>
      </details>
      <NewDeviceTest newDevice={newDevice} />
    </CameraDialog>
  );
}
