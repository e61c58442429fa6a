// SPDX-License-Identifier: MIT
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { testCamera, type CameraBody, type StreamName } from '../../api/camera-requests';
import { ApiError } from '../../api/result';
import type { CameraTest } from '../../api/types';
import type { TestState } from './test-result';

type UseCameraTest = {
  state: TestState | null;
  /** Tries it. Fails with an ApiError when fields are not valid; any other end is in the state. */
  run: (body: CameraBody, stream?: StreamName) => Promise<void>;
};

/** What a test depends on: another name makes it no less true. */
function essence({ url, sub_url, username, password, transport, tls_fingerprint }: CameraBody): string {
  return JSON.stringify([url, sub_url, username, password, transport, tls_fingerprint]);
}

type Asked = { stream: StreamName; essence: string };

/** `current`: what would be tested now. */
export function useCameraTest(cameraId: number | null, current: CameraBody): UseCameraTest {
  const [asked, setAsked] = useState<Asked | null>(null);
  const test = useMutation({
    mutationFn: ({ body, stream }: { body: CameraBody; stream: StreamName }) =>
      testCamera(cameraId, body, stream),
  });

  const run = async (body: CameraBody, stream: StreamName = 'main'): Promise<void> => {
    if (test.isPending) return;
    setAsked({ stream, essence: essence(body) });
    try {
      await test.mutateAsync({ body, stream });
    } catch (error) {
      if (error instanceof ApiError && error.fields.length > 0) throw error;
    }
  };
  const isOutdated = asked !== null && essence(current) !== asked.essence;
  return { state: stateOf(test, asked?.stream ?? 'main', isOutdated), run };
}

type Mutation = { isPending: boolean; error: Error | null; data: CameraTest | undefined };

function stateOf(
  { isPending, error, data }: Mutation,
  stream: StreamName,
  isOutdated: boolean,
): TestState | null {
  if (isPending) return { kind: 'testing', stream };
  if (data !== undefined) return { kind: 'done', stream, test: data, isOutdated };
  if (error === null) return null;
  const isAboutFields = error instanceof ApiError && error.fields.length > 0;
  return isAboutFields ? null : { kind: 'failed', message: error.message };
}
