// SPDX-License-Identifier: MIT
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { saveLimits } from '../../api/storage-requests';
import type { PolicySettings, PreviewRequest } from '../../api/storage-types';
import type { Camera } from '../../api/types';
import { FieldGroup } from '../../components/form-field';
import styles from './dialogs.module.css';
import { LimitField } from './limit-field';
import { LimitsDialog } from './limits-dialog';
import { cameraLimitsOf, valuesOf } from './limits-form';

type CameraLimitsDialogProps = { camera: Camera; onClose: () => void };

/** The limits that one camera has instead of those of all. */
export function CameraLimitsDialog({ camera, onClose }: CameraLimitsDialogProps): ReactNode {
  const client = useQueryClient();
  const { id, name } = camera;
  const [initial] = useState(() => valuesOf(camera));
  const requestOf = (settings: PolicySettings): PreviewRequest => ({
    cameras: [{ id, ...cameraLimitsOf(settings) }],
  });
  return (
    <LimitsDialog
      title={`Limits of ${name}`}
      initial={initial}
      requestOf={requestOf}
      onSave={(settings) => saveLimits(client, id, cameraLimitsOf(settings))}
      onClose={onClose}
    >
      {(form) => (
        <>
          <p className={styles.soft}>What stays empty is as for all cameras.</p>
          <FieldGroup legend="Its recordings">
            <LimitField
              form={form}
              name="retention_days"
              label="Keep for, in days"
              hint="In place of the days of all cameras."
            />
            <LimitField
              form={form}
              name="retention_bytes"
              label="At most, in GB"
              hint="Of its main stream."
            />
            <LimitField
              form={form}
              name="retention_min_days"
              label="Keep at least, in days"
              hint="The other limits leave these days alone."
            />
          </FieldGroup>
          <FieldGroup legend="Recordings of its sub stream">
            <LimitField
              form={form}
              name="sub_retention_days"
              label="Keep the sub stream for, in days"
              hint="In place of the days of all cameras."
            />
            <LimitField
              form={form}
              name="sub_retention_bytes"
              label="Sub stream at most, in GB"
              hint="Of its sub stream."
            />
          </FieldGroup>
        </>
      )}
    </LimitsDialog>
  );
}
