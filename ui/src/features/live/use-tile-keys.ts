// SPDX-License-Identifier: MIT
import { useEffect, useEffectEvent, type RefObject } from 'react';

import { usePreferences } from '../../api/site';
import type { Cell } from '../../lib/live-layout';
import { shortcutOf } from '../../lib/shortcuts';
import type { TileHandle } from './live-tile';
import { zoomStep } from './use-digital-zoom';
import type { Rearrange } from './use-rearrange';

type TileKeys = {
  tiles: RefObject<Map<number, TileHandle>>;
  enlargedId: number | null;
  /** The camera that the pointer is on. */
  hovered: RefObject<number | null>;
  cells: readonly Cell[];
  rearrange: Rearrange;
  /** Where an arrow key leads. */
  placeBeside: (key: string, place: number) => number;
  onEnlarge: (id: number | null) => void;
  onEnlargeBeside: (step: number) => void;
  onStats: () => void;
  isBlocked: boolean;
  canMove: boolean;
};

const panStep = 0.15;
const panBy: Partial<Record<string, [number, number]>> = {
  ArrowLeft: [panStep, 0],
  ArrowRight: [-panStep, 0],
  ArrowUp: [0, panStep],
  ArrowDown: [0, -panStep],
};

/** What does something of its own when Space or Enter is pressed on it. */
const pressable = 'button, a, summary, [role=button]';

function isPopoverOpen(): boolean {
  return [...document.querySelectorAll('[popover]')].some((one) => one.matches(':popover-open'));
}

/** The keys of the tile that is enlarged, that has the focus, or that the pointer is on. */
export function useTileKeys(options: TileKeys): void {
  const [{ hasSingleKeys }] = usePreferences();
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const key = options.isBlocked ? null : shortcutOf(event, hasSingleKeys);
    if (key !== null && act(key, event.target, options)) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function focusedCamera(target: EventTarget | null): number | null {
  const tile = target instanceof Element ? target.closest('article[data-camera]') : null;
  return tile === null ? null : Number(tile.getAttribute('data-camera'));
}

/** Says whether the key was meant for a tile. */
function act(key: string, target: EventTarget | null, options: TileKeys): boolean {
  const { tiles, enlargedId, hovered, cells, rearrange, placeBeside } = options;
  const focused = focusedCamera(target);
  const isPressable = target instanceof Element && target.closest(pressable) !== null;

  if (rearrange.pickedId !== null) {
    if (key === 'Escape') rearrange.cancel();
    else if (key === 'Enter' || key === 'g') rearrange.drop();
    else if (/^(?:Shift\+)?Arrow/.test(key)) {
      const arrow = key.replace('Shift+', '');
      rearrange.step((place) => placeBeside(arrow, place));
    } else return false;
    return true;
  }
  if (key === 'Escape') {
    // In full screen, and with a list open, it has another meaning.
    if (enlargedId === null || Boolean(document.fullscreenElement) || isPopoverOpen()) return false;
    options.onEnlarge(null);
    return true;
  }
  if (key === 'Shift+D') {
    options.onStats();
    return true;
  }
  const activeId = enlargedId ?? focused ?? hovered.current;
  const tile = activeId === null ? undefined : tiles.current.get(activeId);
  if (key.startsWith('Arrow')) return arrow(key, focused, tile, options);
  if (activeId === null || tile === undefined) return false;
  switch (key) {
    case 'Enter':
      if (isPressable || (focused === null && enlargedId === null)) return false;
      options.onEnlarge(enlargedId === null ? activeId : null);
      return true;
    case ' ':
      if (isPressable) return false;
      tile.freeze();
      return true;
    case 'k':
      tile.freeze();
      return true;
    case '+':
    case '=':
      tile.zoomBy(zoomStep);
      return true;
    case '-':
      tile.zoomBy(1 / zoomStep);
      return true;
    case '0':
      tile.resetZoom();
      return true;
    case 'm':
      tile.listen();
      return true;
    case 's':
      tile.save();
      return true;
    case 'c':
      tile.copyLink();
      return true;
    case 'f':
      // Of the page, unless a camera is enlarged.
      if (enlargedId === null) return false;
      tile.fullscreen();
      return true;
    case 'g':
      if (!options.canMove || !cells.includes(activeId)) return false;
      tile.focus();
      rearrange.pickUp(activeId);
      return true;
    default:
      return false;
  }
}

function arrow(
  key: string,
  focused: number | null,
  tile: TileHandle | undefined,
  { enlargedId, cells, tiles, placeBeside, onEnlargeBeside }: TileKeys,
): boolean {
  const pan = panBy[key];
  if (pan === undefined) return false;
  if (tile?.isZoomed() === true) {
    tile.panBy(...pan);
    return true;
  }
  if (enlargedId !== null) {
    if (key === 'ArrowLeft' || key === 'ArrowRight') onEnlargeBeside(key === 'ArrowLeft' ? -1 : 1);
    return key === 'ArrowLeft' || key === 'ArrowRight';
  }
  const from = focused === null ? -1 : cells.indexOf(focused);
  if (from < 0) return false;
  // Over empty places to the next camera in that direction.
  for (let place = from; ; ) {
    const next = placeBeside(key, place);
    if (next === place) return true;
    const id = cells[next] ?? null;
    if (id !== null) {
      tiles.current.get(id)?.focus();
      return true;
    }
    place = next;
  }
}
