// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { Camera, FoundDevice } from '../../api/types';
import { TickField } from '../../components/form-field';
import { ProgressLine } from '../../components/progress-line';
import styles from './found-devices.module.css';

/** What identifies a device as long as the dialog is open. */
export function deviceKey(device: FoundDevice): string {
  return device.xaddrs[0] ?? device.address;
}

export function deviceTitle({ name, manufacturer, model, address }: FoundDevice): string {
  const maker = [manufacturer, model].filter((part) => part !== null && part !== '').join(' ');
  return [name, maker].find((title) => title !== '') ?? address;
}

type FoundDevicesProps = {
  /** Undefined until the search has ended once. */
  devices: readonly FoundDevice[] | undefined;
  cameras: readonly Camera[];
  isSearching: boolean;
  error: Error | null;
  /** The key of the chosen one; null for an address that is entered by hand. */
  chosen: string | null;
  onChoose: (device: FoundDevice | null) => void;
  onSearch: () => void;
};

/** The devices that the network has, and the way around them. */
export function FoundDevices({
  devices,
  cameras,
  isSearching,
  error,
  chosen,
  onChoose,
  onSearch,
}: FoundDevicesProps): ReactNode {
  return (
    <fieldset className={styles.devices}>
      <legend className="visually-hidden">Camera</legend>
      {isSearching && <ProgressLine label="Searching the network" />}
      <div className={styles.head}>
        <p role="status">{searchWords(devices, isSearching, error)}</p>
        <button
          type="button"
          className="button"
          aria-disabled={isSearching}
          onClick={isSearching ? undefined : onSearch}
        >
          Search again
        </button>
      </div>
      <div className={styles.list}>
        {/* First, so that what is found does not move it. */}
        <TickField
          type="radio"
          name="device"
          label="Enter the address by hand"
          checked={chosen === null}
          onChange={() => onChoose(null)}
        />
        {(devices ?? []).map((device) => (
          <DeviceChoice
            key={deviceKey(device)}
            device={device}
            known={cameras.find(({ id }) => id === device.known_camera_id) ?? null}
            isChosen={chosen === deviceKey(device)}
            onChoose={() => onChoose(device)}
          />
        ))}
      </div>
    </fieldset>
  );
}

function searchWords(
  devices: readonly FoundDevice[] | undefined,
  isSearching: boolean,
  error: Error | null,
): string {
  if (isSearching) return 'Searching the network for cameras';
  if (error !== null) return `The network could not be searched: ${error.message}`;
  const count = devices?.length ?? 0;
  if (count === 0) return 'No camera answered the search. Some have ONVIF switched off.';
  return `Found on the network: ${String(count)}`;
}

type DeviceChoiceProps = {
  device: FoundDevice;
  known: Camera | null;
  isChosen: boolean;
  onChoose: () => void;
};

function DeviceChoice({ device, known, isChosen, onChoose }: DeviceChoiceProps): ReactNode {
  const title = deviceTitle(device);
  const address = title === device.address ? '' : ` ${device.address}`;
  return (
    <TickField
      type="radio"
      name="device"
      label={title + address}
      hint={known === null ? undefined : `Added already, as ${known.name}.`}
      disabled={known !== null}
      checked={isChosen}
      onChange={onChoose}
    />
  );
}
