// SPDX-License-Identifier: MIT
import { useRef, useState, type RefObject } from 'react';

import { useSiteStore } from '../../api/site';

/** What can be drawn on a canvas, and how large it is. */
export type Picture = HTMLVideoElement | HTMLCanvasElement;

export function sizeOf(picture: Picture): { width: number; height: number } {
  return picture instanceof HTMLVideoElement
    ? { width: picture.videoWidth, height: picture.videoHeight }
    : { width: picture.width, height: picture.height };
}

type Frozen = {
  /** Where the picture stands still; over the one that moves on. */
  canvas: RefObject<HTMLCanvasElement | null>;
  /** Since when; null while the picture moves. */
  frozenAt: number | null;
  toggle: () => void;
};

/** Holds the picture that is seen now; the stream goes on behind it. */
export function useFrozen(picture: () => Picture | null): Frozen {
  const { now } = useSiteStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frozenAt, setFrozenAt] = useState<number | null>(null);
  const toggle = (): void => {
    if (frozenAt !== null) {
      setFrozenAt(null);
      return;
    }
    const source = picture();
    const target = canvas.current;
    if (source === null || target === null) return;
    const { width, height } = sizeOf(source);
    const context = target.getContext('2d');
    if (width === 0 || context === null) return;
    target.width = width;
    target.height = height;
    context.drawImage(source, 0, 0, width, height);
    setFrozenAt(now());
  };
  return { canvas, frozenAt, toggle };
}
