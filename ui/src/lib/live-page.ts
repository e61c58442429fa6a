// SPDX-License-Identifier: MIT
// Which cameras the live page shows, and where: of its address, the cameras and what the viewer set up.
import { isKioskSearch } from './kiosk';
import { hasLabels, type LabelFilter, type Labelled } from './labels';
import { cellsOf, inOrder, pagesOf, type Cell } from './live-layout';
import { layoutOf, type Preferences, type ShownLayout } from './preferences';

/** What of the live page is in its address. */
export type PageAddress = {
  /** Undefined: as the viewer left it. */
  layoutKey: string | undefined;
  /** The only camera that is shown; null when there are all. */
  enlargedId: number | null;
  /** From 1; may be beyond the last. */
  page: number;
  filter: LabelFilter;
  /** Nothing but pictures, for a screen on the wall. */
  isKiosk: boolean;
};

export function pageNumberOf(query: URLSearchParams): number {
  const text = query.get('page') ?? '1';
  return /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 1;
}

export function filterOf(query: URLSearchParams): LabelFilter {
  return { group: query.get('group') ?? '', tag: query.get('tag') ?? '' };
}

/** As the router reads it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Null for an address of another page. The recorder's own address leads to this one. */
export function pageAddressOf(location: { pathname: string; search: string }): PageAddress | null {
  const found = /^\/(?:live(?:\/(?:cam\/(\d+)|([^/]+)))?\/?)?$/.exec(location.pathname);
  if (found === null) return null;
  const [, cameraId, layout] = found;
  const query = new URLSearchParams(location.search);
  return {
    layoutKey: layout === undefined ? undefined : decoded(layout),
    enlargedId: cameraId === undefined ? null : Number(cameraId),
    page: pageNumberOf(query),
    filter: filterOf(query),
    isKiosk: isKioskSearch(location.search),
  };
}

export type PageContent<Camera> = {
  layout: ShownLayout;
  /** The camera that the address names, if it exists. */
  enlarged: Camera | undefined;
  /** That are switched on. */
  enabled: Camera[];
  /** Of these, that the filter lets through. */
  matching: Camera[];
  /** Of all pages. */
  cells: Cell[];
  pageCount: number;
  /** From 1. */
  pageNumber: number;
  /** Of this page, and the place among all that it begins with. */
  shown: readonly Cell[];
  firstPlace: number;
};

export function pageContent<Camera extends Labelled & { id: number; enabled: boolean }>(
  cameras: readonly Camera[],
  preferences: Preferences,
  address: Pick<PageAddress, 'layoutKey' | 'enlargedId' | 'page' | 'filter'>,
  isPhone: boolean,
): PageContent<Camera> {
  const { filter, enlargedId } = address;
  const layout = layoutOf(preferences, address.layoutKey);
  const enlarged = cameras.find(({ id }) => id === enlargedId);
  const enabled = cameras.filter((camera) => camera.enabled || camera === enlarged);
  const matching = enabled.filter((camera) => hasLabels(camera, filter));
  const cells =
    layout.named === null
      ? inOrder(matching.map(({ id }) => id), preferences.order)
      : cellsOf(layout.named, cameras.map(({ id }) => id));
  // There are no pages on a phone: it scrolls.
  const pages = pagesOf(isPhone ? 'auto' : layout.grid, cells);
  const pageNumber = Math.min(address.page, pages.length);
  return {
    layout,
    enlarged,
    enabled,
    matching,
    cells,
    pageCount: pages.length,
    pageNumber,
    shown: shownCells(pages[pageNumber - 1] ?? [], enlarged?.id),
    firstPlace: (pages[0]?.length ?? 0) * (pageNumber - 1),
  };
}

/** The camera that is looked at is there wherever it belongs. */
function shownCells(cells: readonly Cell[], enlargedId: number | undefined): readonly Cell[] {
  if (enlargedId === undefined || cells.includes(enlargedId)) return cells;
  return [...cells, enlargedId];
}
