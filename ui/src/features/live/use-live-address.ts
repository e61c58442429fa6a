// SPDX-License-Identifier: MIT
import {
  useLocation,
  useNavigate,
  useParams,
  useSearchParams,
  type Location,
} from 'react-router';

import { isKioskSearch } from '../../lib/kiosk';
import type { LabelFilter } from '../../lib/labels';
import { filterOf, pageNumberOf, type PageAddress } from '../../lib/live-page';

/** What of the live page is in its address, and how to go elsewhere on it. */
export type LiveAddress = PageAddress & {
  isPatrolling: boolean;
  setLayout: (key: string) => void;
  setEnlarged: (id: number | null) => void;
  setPage: (page: number, isByItself?: boolean) => void;
  setFilter: (change: Partial<LabelFilter>) => void;
  setKiosk: (isKiosk: boolean) => void;
  setPatrolling: (isPatrolling: boolean) => void;
};

function layoutOfState(state: unknown): string | undefined {
  const { layout } = (typeof state === 'object' ? (state ?? {}) : {}) as { layout?: unknown };
  return typeof layout === 'string' ? layout : undefined;
}

function withParam(search: string, name: string, value: string | null): string {
  const params = new URLSearchParams(search);
  if (value === null || value === '') params.delete(name);
  else params.set(name, value);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export function useLiveAddress(): LiveAddress {
  const { cameraId, layout } = useParams();
  const [params] = useSearchParams();
  const { search, pathname, state } = useLocation() as Location<unknown>;
  const navigate = useNavigate();
  // While one camera is enlarged, the layout to come back to is known to this entry of the history.
  const layoutKey = layout ?? layoutOfState(state);

  const gridPath = layoutKey === undefined ? '/live' : `/live/${encodeURIComponent(layoutKey)}`;
  const setParam = (name: string, value: string | null, isByItself: boolean): void => {
    const to = { pathname, search: withParam(search, name, value) };
    void navigate(to, { replace: isByItself, state });
  };
  return {
    layoutKey,
    enlargedId: cameraId === undefined ? null : Number(cameraId),
    page: pageNumberOf(params),
    filter: filterOf(params),
    isKiosk: isKioskSearch(search),
    isPatrolling: params.get('patrol') === '1',
    setLayout: (key) =>
      void navigate({
        pathname: `/live/${encodeURIComponent(key)}`,
        search: withParam(search, 'page', null),
      }),
    setEnlarged: (id) => {
      if (id === null) void navigate({ pathname: gridPath, search });
      else {
        const to = { pathname: `/live/cam/${String(id)}`, search };
        // From one camera to the next is one step back, to all of them.
        const replace = cameraId !== undefined;
        void navigate(to, { state: layoutKey === undefined ? null : { layout: layoutKey }, replace });
      }
    },
    setPage: (to, isByItself = false) =>
      setParam('page', to === 1 ? null : String(to), isByItself),
    setFilter: (change) => {
      let changed = search;
      for (const name of ['page', 'group', 'tag']) changed = withParam(changed, name, null);
      const filter = { ...filterOf(params), ...change };
      for (const name of ['group', 'tag'] as const) changed = withParam(changed, name, filter[name]);
      void navigate({ pathname, search: changed }, { replace: true, state });
    },
    setKiosk: (isKiosk) => setParam('kiosk', isKiosk ? '1' : null, false),
    setPatrolling: (isPatrolling) => setParam('patrol', isPatrolling ? '1' : null, true),
  };
}
