// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';

type Start = { pointer: number; x: number; y: number; tile: HTMLElement; place: number };

export type TileDrag = {
  /** The place that is under the pointer; null when nothing is dragged, or nowhere. */
  overPlace: number | null;
  isDragging: boolean;
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: (event: PointerEvent) => void;
  onPointerCancel: (event: PointerEvent) => void;
};

/** So far a press may shake and still be a click. */
const clickPx = 6;

function placeOf(element: Element | null): number | null {
  const text = element?.getAttribute('data-place') ?? null;
  return text === null ? null : Number(text);
}

/** The place under a point, of those in the grid. */
function placeAt(grid: HTMLElement | null, x: number, y: number): number | null {
  for (const cell of grid?.children ?? []) {
    const { left, right, top, bottom } = cell.getBoundingClientRect();
    // The one that is dragged lies under the pointer as well.
    if (cell.hasAttribute('data-dragged')) continue;
    if (x >= left && x <= right && y >= top && y <= bottom) return placeOf(cell);
  }
  return null;
}

/**
 * Drags a tile, by what of it is no button, to another place. With a mouse or a pen: a finger
 * scrolls, and has "Move to…" in the tile's menu.
 */
export function useTileDrag(
  grid: RefObject<HTMLElement | null>,
  isAllowed: boolean,
  onMove: (from: number, to: number) => void,
): TileDrag {
  const start = useRef<Start>(null);
  const [isDragging, setIsDragging] = useState(false);
  const [overPlace, setOverPlace] = useState<number | null>(null);

  const end = (): void => {
    const tile = start.current?.tile;
    start.current = null;
    if (tile !== undefined) {
      tile.style.translate = '';
      tile.removeAttribute('data-dragged');
    }
    setIsDragging(false);
    setOverPlace(null);
  };

  useEffect(() => {
    if (!isDragging) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      end();
    };
    // Before those that would leave the page by Escape.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [isDragging]);

  return {
    isDragging,
    overPlace,
    onPointerDown: (event) => {
      if (!isAllowed || event.button !== 0 || event.pointerType === 'touch') return;
      const target = event.target as HTMLElement;
      const tile = target.closest<HTMLElement>('article');
      const place = placeOf(tile);
      if (tile === null || place === null || tile.dataset['zoomed'] === 'true') return;
      if (target.closest('button, a, input, select, [popover]') !== null) return;
      const { pointerId: pointer, clientX: x, clientY: y } = event;
      start.current = { pointer, x, y, tile, place };
    },
    onPointerMove: (event) => {
      const from = start.current;
      if (from?.pointer !== event.pointerId) return;
      const byX = event.clientX - from.x;
      const byY = event.clientY - from.y;
      if (!isDragging) {
        if (Math.hypot(byX, byY) < clickPx) return;
        from.tile.setPointerCapture(event.pointerId);
        from.tile.setAttribute('data-dragged', '');
        setIsDragging(true);
      }
      // Not by React: it would draw every tile for each step of the pointer.
      from.tile.style.translate = `${String(byX)}px ${String(byY)}px`;
      setOverPlace(placeAt(grid.current, event.clientX, event.clientY));
    },
    onPointerUp: (event) => {
      const from = start.current;
      if (from?.pointer !== event.pointerId) return;
      const to = isDragging ? placeAt(grid.current, event.clientX, event.clientY) : null;
      end();
      if (to !== null && to !== from.place) onMove(from.place, to);
    },
    onPointerCancel: (event) => {
      if (start.current?.pointer === event.pointerId) end();
    },
  };
}
