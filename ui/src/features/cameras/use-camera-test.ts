// SPDX-License-Identifier: MIT
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { testCamera, type CameraBody } from '../../api/camera-requests';
import { ApiError } from '../../api/result';
import type { TestState } from './test-result';

type UseCameraTest = {
  state: TestState | null;
  /** Tries it. Fails with an ApiError when fields are not valid; any other end is in the state. */
  run: (body: CameraBody) => Promise<void>;
};

/** What a test depends on: another name makes it no less true. */
function essence({ url, sub_url, username, password, transport }: CameraBody): string {
  return JSON.stringify([url, sub_url, username, password, transport]);
}

/** `current`: what would be tested now. */
export function useCameraTest(cameraId: number | null, current: CameraBody): UseCameraTest {
  const [tested, setTested] = useState<string | null>(null);
  const test = useMutation({ mutationFn: (body: CameraBody) => testCamera(cameraId, body) });

  const run = async (body: CameraBody): Promise<void> => {
    if (test.isPending) return;
    setTested(essence(body));
    try {
      await test.mutateAsync(body);
    } catch (error) {
      if (error instanceof ApiError && error.fields.length > 0) throw error;
    }
  };
  return { state: stateOf(test, tested !== null && essence(current) !== tested), run };
}

type Mutation = {
  isPending: boolean;
  error: Error | null;
  data: Awaited<ReturnType<typeof testCamera>> | undefined;
};

function stateOf({ isPending, error, data }: Mutation, isOutdated: boolean): TestState | null {
  if (isPending) return { kind: 'testing' };
  if (data !== undefined) return { kind: 'done', test: data, isOutdated };
  if (error === null) return null;
  const isAboutFields = error instanceof ApiError && error.fields.length > 0;
  return isAboutFields ? null : { kind: 'failed', message: error.message };
}
