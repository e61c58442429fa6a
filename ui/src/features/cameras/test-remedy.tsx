// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { SetUpResult } from '../../api/types';
import { FixCamera } from './fix-camera';
import styles from './test-result.module.css';
import type { TestState } from './test-result';
import { UntrustedCertificate } from './untrusted-certificate';

type TestRemedyProps = {
  state: TestState | null;
  /** The camera as it is stored, which is what is set; null: it is not stored like this. */
  cameraId: number | null;
  /** Whether it can be set at all. */
  hasOnvif: boolean;
  onTrust: (fingerprint: string) => void;
  onFixed: (result: SetUpResult) => void;
};

/** What can be done about what a test found. */
export function TestRemedy({
  state,
  cameraId,
  hasOnvif,
  onTrust,
  onFixed,
}: TestRemedyProps): ReactNode {
  if (state?.kind !== 'done' || state.isOutdated) return null;
  const { test, stream } = state;
  if (!test.ok) {
    const { certificate } = test.error;
    if (certificate === null) return null;
    return (
      <UntrustedCertificate
        certificate={certificate}
        onTrust={() => onTrust(certificate.sha256)}
      />
    );
  }
  if (test.fix === null) return null;
  if (!hasOnvif) {
    return (
      <p className={styles.remark}>
        Set this on the camera’s own page: it was added by its address, not found by ONVIF.
      </p>
    );
  }
  if (cameraId === null) {
    return <p className={styles.remark}>Save, and the recorder can set this in the camera.</p>;
  }
  return <FixCamera cameraId={cameraId} stream={stream} test={test} onDone={onFixed} />;
}
