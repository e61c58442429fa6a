// SPDX-License-Identifier: MIT
import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type PointerEvent,
  type PointerEventHandler,
  type RefObject,
} from 'react';

import { noZoom, panned, zoomedAt, type Zoom } from './digital-zoom';

/** What a key or a button does at once. */
export const zoomStep = 1.5;

type Gestures = {
  /** A short touch, no movement. */
  onTap?: () => void;
  /** With one finger, where there is nothing to pan: 1 for the next one, -1 for the one before. */
  onSwipe?: (step: 1 | -1) => void;
};

type DigitalZoom = {
  zoom: Zoom;
  /** By a factor, around the middle. */
  zoomBy: (factor: number) => void;
  /** In parts of the tile. */
  panBy: (x: number, y: number) => void;
  reset: () => void;
  /** For the element that the picture lies in. */
  onPointerDown: PointerEventHandler;
  onPointerMove: PointerEventHandler;
  onPointerUp: PointerEventHandler;
  onPointerCancel: PointerEventHandler;
};

type Point = { x: number; y: number };
type Press = { at: Point; time: number; isTouch: boolean; hadTwo: boolean };

const tapMs = 500;
const tapPx = 10;
const swipePx = 50;

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Wheel with Ctrl, two fingers, and dragging what is enlarged; a picture as large as `box`. */
export function useDigitalZoom(
  box: RefObject<HTMLElement | null>,
  { onTap, onSwipe }: Gestures,
): DigitalZoom {
  const [zoom, setZoom] = useState(noZoom);
  const pointers = useRef(new Map<number, Point>());
  const press = useRef<Press>(null);

  /** In parts of the tile. */
  const place = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const rect = box.current?.getBoundingClientRect();
    if (rect === undefined || rect.width === 0 || rect.height === 0) return { x: 0.5, y: 0.5 };
    return { x: (clientX - rect.left) / rect.width, y: (clientY - rect.top) / rect.height };
  };

  const onWheel = useEffectEvent((event: WheelEvent) => {
    // What a touchpad makes of two fingers comes with Ctrl as well.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { x, y } = place(event);
    setZoom((now) => zoomedAt(now, Math.exp(-event.deltaY / 300), x, y));
  });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const listen = (event: WheelEvent): void => onWheel(event);
    // React's own listener could not keep the browser from zooming the page.
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [box]);

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const at = place(event);
    pointers.current.set(event.pointerId, at);
    if (pointers.current.size > 1 && press.current !== null) press.current.hadTwo = true;
    else {
      const { timeStamp: time, pointerType } = event;
      press.current = {
        at: { x: event.clientX, y: event.clientY },
        time,
        isTouch: pointerType === 'touch',
        hadTwo: false,
      };
    }
    if (zoom.scale > 1 || pointers.current.size > 1) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
  };
  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const at = place(event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, at);
    if (other === undefined) {
      setZoom((now) => panned(now, at.x - before.x, at.y - before.y));
      return;
    }
    const apart = (one: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
    const factor = apart(at) / Math.max(0.01, apart(before));
    const from = middle(before, other);
    const to = middle(at, other);
    setZoom((now) => panned(zoomedAt(now, factor, to.x, to.y), to.x - from.x, to.y - from.y));
  };
  const onPointerCancel = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    if (pointers.current.size === 0) press.current = null;
  };
  const onPointerUp = (event: PointerEvent): void => {
    const pressed = press.current;
    onPointerCancel(event);
    if (pressed?.isTouch !== true || pressed.hadTwo || zoom.scale > 1) return;
    const byX = event.clientX - pressed.at.x;
    const byY = event.clientY - pressed.at.y;
    if (Math.abs(byX) > swipePx && Math.abs(byX) > 2 * Math.abs(byY)) onSwipe?.(byX < 0 ? 1 : -1);
    else if (Math.hypot(byX, byY) < tapPx && event.timeStamp - pressed.time < tapMs) onTap?.();
  };
  return {
    zoom,
    zoomBy: (factor) => setZoom((now) => zoomedAt(now, factor)),
    panBy: (x, y) => setZoom((now) => panned(now, x, y)),
    reset: () => setZoom(noZoom),
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel,
  };
}
