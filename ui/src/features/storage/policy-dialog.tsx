// SPDX-License-Identifier: MIT
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { savePolicy } from '../../api/storage-requests';
import type { Policy, PolicySettings } from '../../api/storage-types';
import { FieldGroup } from '../../components/form-field';
import { LimitField } from './limit-field';
import { LimitsDialog } from './limits-dialog';
import { valuesOf } from './limits-form';

type PolicyDialogProps = { policy: Policy; onClose: () => void };

function asRequest(settings: PolicySettings): PolicySettings {
  return settings;
}

/** The limits that hold for all cameras. */
export function PolicyDialog({ policy, onClose }: PolicyDialogProps): ReactNode {
  const client = useQueryClient();
  // What was there when it was opened; typing is not undone by what another person saves.
  const [initial] = useState(() => valuesOf(policy));
  return (
    <LimitsDialog
      title="Limits of all cameras"
      initial={initial}
      requestOf={asRequest}
      onSave={(settings) => savePolicy(client, settings)}
      onClose={onClose}
    >
      {(form) => (
        <>
          <FieldGroup legend="Recordings">
            <LimitField
              form={form}
              name="retention_days"
              label="Keep for, in days"
              hint="Empty: until the space is needed."
            />
            <LimitField
              form={form}
              name="retention_bytes"
              label="All together at most, in GB"
              hint="Empty: as much as the disks hold."
            />
            <LimitField
              form={form}
              name="retention_min_days"
              label="Each camera keeps at least, in days"
              hint="The other limits leave these days alone."
            />
            <LimitField
              form={form}
              name="min_free_bytes"
              label="Keep free on each volume, in GB"
              hint="Never more than a tenth of it. Empty: 2 %, at least 2.1 GB."
            />
          </FieldGroup>
          <FieldGroup legend="Recordings of sub streams">
            <LimitField
              form={form}
              name="sub_retention_days"
              label="Keep sub streams for, in days"
              hint="Empty: as long as the others."
            />
            <LimitField
              form={form}
              name="sub_retention_bytes"
              label="Sub streams together at most, in GB"
              hint="Empty: no limit of their own."
            />
          </FieldGroup>
        </>
      )}
    </LimitsDialog>
  );
}
