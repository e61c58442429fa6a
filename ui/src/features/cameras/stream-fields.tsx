// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { SelectField } from '../../components/form-field';
import styles from './camera-dialog.module.css';
import { TestSubButton } from './camera-fields';
import { profileWords } from './camera-words';
import type { ChosenStreams } from './profiles';
import type { DeviceStreams } from './use-device-streams';

type StreamFieldsProps = {
  streams: DeviceStreams | null;
  isTesting: boolean;
  onChoose: (change: Partial<ChosenStreams>) => void;
  onTestSub: () => void;
};

/** Which of a device's streams are for recording and for grids. */
export function StreamFields({
  streams,
  isTesting,
  onChoose,
  onTestSub,
}: StreamFieldsProps): ReactNode {
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
      <TestSubButton isTesting={isTesting} onTest={streams.sub_url === '' ? null : onTestSub} />
    </>
  );
}
