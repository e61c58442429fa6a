// SPDX-License-Identifier: MIT
import type { LiveAddress } from './use-live-address';

/** Pictures only, on the whole screen where the browser lets a page have it. */
export function enterKiosk({ setKiosk }: LiveAddress): void {
  setKiosk(true);
  // A browser may refuse; then the pictures fill its window.
  if (document.fullscreenEnabled) {
    document.documentElement.requestFullscreen().catch(() => undefined);
  }
}

export function leaveKiosk({ setKiosk }: LiveAddress): void {
  setKiosk(false);
  if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
}
