// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { TestRemedy } from './test-remedy';
import { testedStream, TestResult } from './test-result';
import type { NewDevice } from './use-new-device';

/** What the test of a device gave that is no camera yet, and what can be done about it. */
export function NewDeviceTest({ newDevice }: { newDevice: NewDevice }): ReactNode {
  const { device, testState, trust, onTest } = newDevice;
  return (
    <TestResult state={testState}>
      <TestRemedy
        state={testState}
        cameraId={null}
        hasOnvif={device !== null}
        onTrust={(fingerprint) => {
          trust(fingerprint);
          onTest(testedStream(testState));
        }}
        onFixed={() => undefined}
      />
    </TestResult>
  );
}
