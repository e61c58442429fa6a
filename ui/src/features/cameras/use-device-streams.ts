// SPDX-License-Identifier: MIT
import { useState } from 'react';

import type { CameraBody } from '../../api/camera-requests';
import { readDevice } from '../../api/discovery';
import { ApiError } from '../../api/result';
import type { DeviceProfile, FoundDevice } from '../../api/types';
import { deviceKey } from './found-devices';
import { suggestStreams, type ChosenStreams } from './profiles';

export type DeviceStreams = ChosenStreams & {
  profiles: readonly DeviceProfile[];
  onvif_url: string | null;
};

type Credentials = { username: string; password: string };

type UseDeviceStreams = {
  /** Null until the device was asked, with the credentials that are in the fields. */
  streams: DeviceStreams | null;
  /** The same, for which the device is asked if that was not done yet. Fails with an ApiError. */
  read: () => Promise<DeviceStreams | null>;
  choose: (change: Partial<ChosenStreams>) => void;
};

/** The streams of a device that was found; null for an address that is entered by hand. */
export function useDeviceStreams(
  device: FoundDevice | null,
  { username, password }: Credentials,
): UseDeviceStreams {
  const [known, setKnown] = useState<{ key: string; streams: DeviceStreams } | null>(null);
  // With other credentials a device may offer other streams.
  const key = device === null ? null : JSON.stringify([deviceKey(device), username, password]);
  const streams = known !== null && known.key === key ? known.streams : null;

  const read = async (): Promise<DeviceStreams | null> => {
    if (device === null || key === null || streams !== null) return streams;
    const { profiles, onvif_url } = await readDevice({
      xaddr: deviceKey(device),
      username,
      password,
    });
    const suggested = suggestStreams(profiles);
    if (suggested === null) throw new ApiError('The camera offers no stream.', null);
    const all = { ...suggested, profiles, onvif_url };
    setKnown({ key, streams: all });
    return all;
  };
  return {
    streams,
    read,
    choose: (change) => {
      if (known !== null) setKnown({ key: known.key, streams: { ...known.streams, ...change } });
    },
  };
}

/** What to send of a camera whose streams come from a device, instead of what is in the fields. */
export function withStreams(body: CameraBody, streams: DeviceStreams | null): CameraBody {
  if (streams === null) return body;
  const { url, sub_url, onvif_url } = streams;
  return {
    ...body,
    url,
    sub_url: sub_url === '' ? null : sub_url,
    ...(onvif_url === null ? {} : { onvif_url }),
  };
}
