// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';
import { hasLabels } from '../../lib/labels';

/** Empty parts let everything pass. `name`: a part of the name, or of the host. */
export type CameraFilter = { name: string; group: string; tag: string; state: string };

/** What `state` can be, and its words. */
export const stateChoices: ReadonlyMap<string, string> = new Map([
  ['offline', 'Offline'],
  ['online', 'Not recording'],
  ['recording', 'Recording'],
  ['disabled', 'Switched off'],
]);

/** Each try of a camera that is away is a moment of connecting; it stays in the list for that. */
function stateOf({ status }: Camera): string {
  return status === 'connecting' ? 'offline' : status;
}

/** "192.0.2.10:554" of "rtsp://192.0.2.10:554/stream1" */
function hostOf({ url }: Camera): string {
  return /^\w+:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Those that pass, by name: "Gate 2" before "Gate 10". */
export function filterCameras(cameras: readonly Camera[], filter: CameraFilter): Camera[] {
  const part = filter.name.trim().toLowerCase();
  return cameras
    .filter(
      (camera) =>
        [camera.name, hostOf(camera)].some((text) => text.toLowerCase().includes(part)) &&
        hasLabels(camera, filter) &&
        (filter.state === '' || stateOf(camera) === filter.state),
    )
    .sort((a, b) => collator.compare(a.name, b.name));
}
