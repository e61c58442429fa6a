// SPDX-License-Identifier: MIT
import { useEffect, useSyncExternalStore } from 'react';

import type { MovingSlots } from './moving-slots';

/** Whether this camera's picture moves; `isVisible`: whether it is in sight. */
export function useMovingSlot(
  slots: MovingSlots,
  camera: number,
  place: number,
  isVisible: boolean,
): boolean {
  useEffect(() => {
    if (!isVisible) return;
    slots.want(camera, place);
    return () => slots.leave(camera);
  }, [slots, camera, place, isVisible]);
  return useSyncExternalStore(slots.subscribe, () => slots.isMoving(camera));
}
