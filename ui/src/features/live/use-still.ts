// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';

import { stillQuery, type Still } from '../../api/snapshots';
import type { Camera } from '../../api/types';
import type { LiveTransport } from '../../lib/live/events';
import type { TileState } from './tile-state';

type StillOptions = {
  isVisible: boolean;
  isEnlarged: boolean;
  /** Nothing moves in this tile: single pictures are all it shows. */
  isSingle: boolean;
  /** Its stream was begun with the page, and had its last picture drawn where that takes its time. */
  isBegun: boolean;
  state: TileState;
  transport: LiveTransport | null;
};

const smallWidth = 640;
const largeWidth = 1280;
const singleEveryMs = 3000;
const unplayableEveryMs = 5000;

/** The last picture of a camera, for as long as none moves; null while there is none. */
export function useStill(camera: Camera, options: StillOptions): Still | null {
  const { isVisible, isEnlarged, isSingle, isBegun, state, transport } = options;
  const { kind } = state;
  // The player itself shows single pictures where it can play nothing.
  const isUnplayable = kind === 'unplayable' && transport?.transport !== 'jpeg';
  const isWanted =
    isSingle ||
    isUnplayable ||
    (!isBegun && (kind === 'placeholder' || kind === 'connecting')) ||
    kind === 'offline' ||
    kind === 'refused';
  const everyMs = isSingle ? singleEveryMs : isUnplayable ? unplayableEveryMs : false;
  const { data } = useQuery({
    ...stillQuery(camera.id, isEnlarged ? largeWidth : smallWidth, everyMs),
    enabled: isVisible && isWanted && camera.enabled,
    placeholderData: (before) => before,
  });
  return data ?? null;
}
