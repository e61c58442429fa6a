// SPDX-License-Identifier: MIT
import type { Camera, CameraStatus } from '../../api/types';

export const sortKeys = ['name', 'status', 'codec', 'size', 'fps', 'keyframe', 'bitrate'] as const;

export type SortKey = (typeof sortKeys)[number];

export type Sort = { key: SortKey; isDescending: boolean };

/** As in an address: "bitrate", or "-bitrate" for the largest first; by name without one. */
export function parseSort(text: string | null): Sort {
  const isDescending = text?.startsWith('-') === true;
  const key = sortKeys.find((one) => one === text?.slice(isDescending ? 1 : 0));
  return key === undefined ? { key: 'name', isDescending: false } : { key, isDescending };
}

export function sortText({ key, isDescending }: Sort): string {
  return (isDescending ? '-' : '') + (key === 'name' && !isDescending ? '' : key);
}

/** What needs somebody comes first. */
const statusOrder: CameraStatus[] = ['offline', 'connecting', 'online', 'recording', 'disabled'];

function valueOf({ name, status, stream: { video } }: Camera, key: SortKey): string | number | null {
  switch (key) {
    case 'name':
      return name;
    case 'status':
      return statusOrder.indexOf(status);
    case 'codec':
      return video?.codec ?? null;
    case 'size':
      return video?.width == null || video.height === null ? null : video.width * video.height;
    case 'fps':
      return video?.fps ?? null;
    case 'keyframe':
      return video?.keyframe_interval_s ?? video?.keyframe_interval_min_s ?? null;
    case 'bitrate':
      return video?.bitrate_bps ?? null;
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}

/** Those without a value are last either way; equal ones stay in the order they had. */
export function sortCameras(cameras: readonly Camera[], { key, isDescending }: Sort): Camera[] {
  return [...cameras].sort((a, b) => {
    const [one, other] = [valueOf(a, key), valueOf(b, key)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return isDescending ? compare(other, one) : compare(one, other);
  });
}
