// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useWatch } from 'react-hook-form';

import { createCamera, type CameraBody } from '../../api/camera-requests';
import { discoveryQuery } from '../../api/discovery';
import type { Camera, FoundDevice } from '../../api/types';
import { FieldGroup, SelectField, WholeRow } from '../../components/form-field';
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
import { profileWords } from './camera-words';
import { deviceKey, deviceTitle, FoundDevices } from './found-devices';
import { freeName, type ChosenStreams } from './profiles';
import { TestResult } from './test-result';
import { useCameraForm } from './use-camera-form';
import { useCameraTest } from './use-camera-test';
import { useDeviceStreams, withStreams, type DeviceStreams } from './use-device-streams';

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
    mutationFn: async (body: CameraBody) =>
      test.run(withStreams({ ...body, name: body.name ?? 'Camera' }, await read())),
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
  const onTest = async (): Promise<void> => {
    clearProblem();
    if (await form.trigger([...connectionFields], { shouldFocus: true })) tryIt.mutate(entered);
  };

  const inSight = ['name', 'url', 'username', 'password'];
  const hasErrorInside = Object.keys(form.formState.errors).some((key) => !inSight.includes(key));

  return (
    <CameraDialog
      title="Add camera"
      problem={problem}
      isDirty={Object.keys(entered).length > 0}
      isTesting={tryIt.isPending}
      isSaving={create.isPending}
      onTest={() => void onTest()}
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
            <StreamFields streams={streams} onChoose={chooseStream} />
          )}
          <NameField form={form} />
        </WholeRow>
        <CredentialFields form={form} />
      </FieldGroup>
      <details className={styles.more} open={hasErrorInside ? true : undefined}>
        <summary>More settings</summary>
        <div>
          <FieldGroup legend="Streams">
            {device === null && (
              <WholeRow>
                <SubStreamField form={form} />
              </WholeRow>
            )}
            <TransportField form={form} />
          </FieldGroup>
          <RecordingFields form={form} />
          <LabelFields form={form} />
        </div>
      </details>
      <TestResult state={tryIt.isPending ? { kind: 'testing' } : test.state} />
    </CameraDialog>
  );
}

type StreamFieldsProps = {
  streams: DeviceStreams | null;
  onChoose: (change: Partial<ChosenStreams>) => void;
};

/** Which of a device's streams are for recording and for grids. */
function StreamFields({ streams, onChoose }: StreamFieldsProps): ReactNode {
  if (streams === null) {
    return (
      <p className={styles.soft}>
        Its streams are asked of the camera itself, with the user name and password below.
      </p>
    );
  }
  const options = streams.profiles.map((profile) => (
    <option key={profile.token} value={profile.url}>
      {profileWords(profile)}
    </option>
  ));
  return (
    <>
      <SelectField
        label="Main stream, recorded"
        value={streams.url}
        onChange={(event) => onChoose({ url: event.currentTarget.value })}
      >
        {options}
      </SelectField>
      <SelectField
        label="Sub stream, for grids"
        value={streams.sub_url}
        onChange={(event) => onChoose({ sub_url: event.currentTarget.value })}
      >
        <option value="">None</option>
        {options}
      </SelectField>
    </>
  );
}
