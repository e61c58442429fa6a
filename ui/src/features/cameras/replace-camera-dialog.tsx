// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { replaceCamera, type CameraBody } from '../../api/camera-requests';
import type { Camera } from '../../api/types';
import { FieldGroup, TickField, WholeRow } from '../../components/form-field';
import { CameraDialog } from './camera-dialog';
import styles from './camera-dialog.module.css';
import { AddressField, CredentialFields, SubStreamField, TransportField } from './camera-fields';
import { changesIn, newCameraValues, type CameraFormValues } from './camera-form';
import { FoundDevices } from './found-devices';
import { NewDeviceTest } from './new-device-test';
import { StreamFields } from './stream-fields';
import { TrustedCertificate } from './untrusted-certificate';
import { useNewDevice } from './use-new-device';

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
  // Nothing of the device before is used for the new one; the name is there to be valid.
  const [initial] = useState<CameraFormValues>(() => ({ ...newCameraValues, name: camera.name }));
  const newDevice = useNewDevice(initial);
  const { form, values, device, isTesting, trust } = newDevice;

  const replace = useMutation({
    mutationFn: async (body: CameraBody) =>
      replaceCamera(client, camera.id, await newDevice.complete(body)),
    onSuccess: onClose,
    onError: newDevice.showFailure,
  });
  const onSave = form.handleSubmit((valid) => {
    newDevice.clearProblem();
    replace.mutate(changesIn(valid, initial));
  });
  const onTestSub = (): void => newDevice.onTest('sub');

  return (
    <CameraDialog
      title={`Replace ${camera.name}`}
      saveWords={['Replace camera', 'Replacing']}
      problem={newDevice.problem}
      isDirty={Object.keys(newDevice.entered).length > 0}
      isTesting={isTesting}
      isSaving={replace.isPending}
      onTest={() => newDevice.onTest('main')}
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
        {...newDevice.search}
        // At its own address there may be a new device now.
        cameras={cameras.filter(({ id }) => id !== camera.id)}
        onChoose={newDevice.choose}
      />
      <FieldGroup legend="New device">
        <WholeRow>
          {device === null ? (
            <>
              <AddressField form={form} />
              <SubStreamField form={form} isTesting={isTesting} onTest={onTestSub} />
            </>
          ) : (
            <StreamFields
              streams={newDevice.streams}
              isTesting={isTesting}
              onChoose={newDevice.chooseStream}
              onTestSub={onTestSub}
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
      <NewDeviceTest newDevice={newDevice} />
    </CameraDialog>
  );
}
