// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { useWatch, type UseFormReturn } from 'react-hook-form';

import {
  FieldGroup,
  PasswordField,
  SelectField,
  TextField,
  TickField,
  WholeRow,
} from '../../components/form-field';
import { dayNames, type DayName } from '../../lib/schedule';
import styles from './camera-dialog.module.css';
import { transportNames, type CameraFormValues } from './camera-form';
import { VolumeField } from './volume-field';

export type CameraForm = UseFormReturn<CameraFormValues>;

type FieldsProps = { form: CameraForm };

type CredentialsProps = FieldsProps & { hasPassword?: boolean };

export function CredentialFields({ form, hasPassword = false }: CredentialsProps): ReactNode {
  const { errors } = form.formState;
  return (
    <>
      <TextField
        label="User name"
        autoCapitalize="none"
        error={errors.username?.message}
        {...form.register('username')}
      />
      <PasswordField
        label="Password"
        placeholder={hasPassword ? 'unchanged' : undefined}
        error={errors.password?.message}
        {...form.register('password')}
      />
    </>
  );
}

export function NameField({ form }: FieldsProps): ReactNode {
  return (
    <TextField
      label="Name"
      placeholder="Front door"
      error={form.formState.errors.name?.message}
      {...form.register('name')}
    />
  );
}

/** What the recorder shows in place of a secret inside an address, and takes back for it. */
const hiddenSecret = '***';
const hiddenHint = `${hiddenSecret} is a secret that is stored and never shown. Leave it, or write it anew.`;

export function AddressField({ form }: FieldsProps): ReactNode {
  const url = useWatch({ control: form.control, name: 'url' });
  return (
    <TextField
      label="Address"
      inputMode="url"
      autoCapitalize="none"
      placeholder="rtsp://192.0.2.10:554/stream1"
      hint={url.includes(hiddenSecret) ? hiddenHint : undefined}
      error={form.formState.errors.url?.message}
      {...form.register('url')}
    />
  );
}

type SubStreamProps = FieldsProps & { isTesting: boolean; onTest: () => void };

export function SubStreamField({ form, isTesting, onTest }: SubStreamProps): ReactNode {
  const url = useWatch({ control: form.control, name: 'sub_url' });
  return (
    <>
      <TextField
        label="Address of the sub stream"
        inputMode="url"
        autoCapitalize="none"
        hint={
          url.includes(hiddenSecret)
            ? hiddenHint
            : 'A smaller picture of the same camera, for grids. May stay empty.'
        }
        error={form.formState.errors.sub_url?.message}
        {...form.register('sub_url')}
      />
      <TestSubButton isTesting={isTesting} onTest={url.trim() === '' ? null : onTest} />
    </>
  );
}

type TestSubButtonProps = { isTesting: boolean; /** Null: there is none to test. */ onTest: (() => void) | null };

export function TestSubButton({ isTesting, onTest }: TestSubButtonProps): ReactNode {
  const isOff = isTesting || onTest === null;
  return (
    <div>
      <button
        type="button"
        className="button"
        aria-disabled={isOff}
        onClick={isOff ? undefined : onTest}
      >
        Test the sub stream
      </button>
    </div>
  );
}

export function TransportField({ form }: FieldsProps): ReactNode {
  return (
    <SelectField
      label="Transport"
      error={form.formState.errors.transport?.message}
      {...form.register('transport')}
    >
      {Object.entries(transportNames).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

/** Whether and when it is recorded. */
export function RecordingFields({ form }: FieldsProps): ReactNode {
  const { errors } = form.formState;
  const scheduled = useWatch({ control: form.control, name: 'scheduled' });
  return (
    <>
      <FieldGroup legend="Recording" isColumn>
        <TickField
          label="Record this camera"
          error={errors.record?.message}
          {...form.register('record')}
        />
        <TickField
          label="Record its sound"
          error={errors.record_audio?.message}
          {...form.register('record_audio')}
        />
        <TickField
          label="Record the sub stream as well"
          hint="A second, smaller recording: for long spans and slow connections."
          error={errors.record_sub?.message}
          {...form.register('record_sub')}
        />
        <TickField
          label="Record at certain hours only"
          error={errors.scheduled?.message}
          {...form.register('scheduled')}
        />
        <VolumeField form={form} />
      </FieldGroup>
      {scheduled && <HoursFields form={form} />}
    </>
  );
}

const days: Record<DayName, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

function HoursFields({ form }: FieldsProps): ReactNode {
  const errors = form.formState.errors.hours;
  const copyMonday = (): void => {
    const monday = form.getValues('hours.mon');
    for (const day of dayNames) {
      form.setValue(`hours.${day}`, monday, { shouldDirty: true, shouldValidate: true });
    }
  };
  return (
    <FieldGroup legend="Hours, in the time of the site">
      <WholeRow>
        <p className={styles.soft}>
          Write them as 08:00-12:30, 13:00-18:00. A day without hours is not recorded.
        </p>
      </WholeRow>
      {dayNames.map((day) => (
        <TextField
          key={day}
          label={days[day]}
          placeholder="none"
          error={errors?.[day]?.message}
          {...form.register(`hours.${day}`)}
        />
      ))}
      <WholeRow>
        <button type="button" className="button" onClick={copyMonday}>
          Use the hours of Monday for all days
        </button>
      </WholeRow>
    </FieldGroup>
  );
}

/** What the list of cameras can be filtered by. */
export function LabelFields({ form }: FieldsProps): ReactNode {
  const { errors } = form.formState;
  return (
    <FieldGroup legend="Group and tags">
      <TextField
        label="Group"
        hint="One, such as Yard."
        error={errors.group?.message}
        {...form.register('group')}
      />
      <TextField
        label="Tags"
        hint="Several, with commas between them."
        error={errors.tags?.message}
        {...form.register('tags')}
      />
    </FieldGroup>
  );
}
