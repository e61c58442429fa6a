// SPDX-License-Identifier: MIT
import { fileStamp } from './time';

/** "Front door 2026-11-23T02-14-05Z.jpg", without what some file systems do not take. */
export function snapshotName(camera: string, ms: number): string {
  const name = camera.replaceAll(/[\p{Cc}<>:"/\\|?*]+/gu, '-').trim();
  return `${name === '' ? 'Camera' : name} ${fileStamp(ms)}.jpg`;
}
