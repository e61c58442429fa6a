// SPDX-License-Identifier: MIT
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';

import type { CameraBody, StreamName } from '../../api/camera-requests';
import { discoveryQuery } from '../../api/discovery';
import type { FoundDevice } from '../../api/types';
import type { CameraForm } from './camera-fields';
import { changesIn, connectionFields, type CameraFormValues } from './camera-form';
import { deviceKey } from './found-devices';
import type { ChosenStreams } from './profiles';
import type { TestState } from './test-result';
import { useCameraForm } from './use-camera-form';
import { useCameraTest } from './use-camera-test';
import { useDeviceStreams, withStreams, type DeviceStreams } from './use-device-streams';

export type NewDevice = {
  form: CameraForm;
  values: CameraFormValues;
  /** What was entered so far, without the streams of a device that was found. */
  entered: CameraBody;
  /** For the list of what was found. */
  search: {
    devices: FoundDevice[] | undefined;
    isSearching: boolean;
    error: Error | null;
    chosen: string | null;
    onSearch: () => void;
  };
  /** Null for an address that is entered by hand. */
  device: FoundDevice | null;
  choose: (device: FoundDevice | null) => void;
  streams: DeviceStreams | null;
  chooseStream: (change: Partial<ChosenStreams>) => void;
  /** Asks the device for its streams if that was not done yet, and adds them to `body`. */
  complete: (body: CameraBody) => Promise<CameraBody>;
  isTesting: boolean;
  testState: TestState | null;
  onTest: (stream: StreamName) => void;
  /** An empty text takes it back. */
  trust: (fingerprint: string) => void;
  problem: string | null;
  clearProblem: () => void;
  showFailure: (error: unknown) => void;
};

/** A device that is to be added, or to take a place: chosen or entered by hand, and tested. */
export function useNewDevice(initial: CameraFormValues): NewDevice {
  const found = useQuery(discoveryQuery());
  const [device, setDevice] = useState<FoundDevice | null>(null);
  const { form, problem, clearProblem, showFailure } = useCameraForm(initial, device === null);
  const values = useWatch({ control: form.control }) as CameraFormValues;
  const { streams, read, choose: chooseStream } = useDeviceStreams(device, values);
  const entered = changesIn(values, initial);
  const test = useCameraTest(null, withStreams(entered, streams));
  const complete = async (body: CameraBody): Promise<CameraBody> => withStreams(body, await read());

  const tryIt = useMutation({
    mutationFn: async (stream: StreamName) =>
      test.run(await complete(changesIn(form.getValues(), initial)), stream),
    onError: showFailure,
  });
  const onTest = async (stream: StreamName): Promise<void> => {
    clearProblem();
    if (!(await form.trigger([...connectionFields], { shouldFocus: true }))) return;
    tryIt.mutate(stream);
  };

  return {
    form,
    values,
    entered,
    search: {
      devices: found.data,
      isSearching: found.isFetching,
      error: found.error,
      chosen: device === null ? null : deviceKey(device),
      onSearch: () => void found.refetch(),
    },
    device,
    choose: (chosen) => {
      setDevice(chosen);
      form.clearErrors();
      clearProblem();
    },
    streams,
    chooseStream,
    complete,
    isTesting: tryIt.isPending,
    testState: tryIt.isPending ? { kind: 'testing', stream: tryIt.variables } : test.state,
    onTest: (stream) => void onTest(stream),
    trust: (fingerprint) => form.setValue('tls_fingerprint', fingerprint, { shouldDirty: true }),
    problem,
    clearProblem,
    showFailure,
  };
}
