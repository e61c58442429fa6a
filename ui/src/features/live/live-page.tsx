// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { camerasQuery } from '../../api/cameras';
import { usePreferences } from '../../api/site';
import type { Camera } from '../../api/types';
import { NotLoaded } from '../../components/not-loaded';
import { Note } from '../../components/note';
import { useMedia } from '../../components/use-media';
import { hasLabels } from '../../lib/labels';
import { cellsOf, inOrder, pagesOf, type Cell } from '../../lib/live-layout';
import { layoutOf } from '../../lib/preferences';
import { CameraGrid } from './camera-grid';
import { KioskExit } from './kiosk-exit';
import { LiveDialogs, useLiveDialogs } from './live-dialogs';
import { LiveToolbar } from './live-toolbar';
import { NoCameras } from './no-cameras';
import { useKiosk } from './use-kiosk';
import { useLiveAddress } from './use-live-address';
import { usePageKeys } from './use-page-keys';
import { usePatrol } from './use-patrol';

/** Pictures of all cameras, or of one; which, and how they are laid out, is in its address. */
export function LivePage(): ReactNode {
  const address = useLiveAddress();
  const { data: cameras, error, refetch } = useQuery(camerasQuery());
  const [preferences] = usePreferences();
  const isPhone = useMedia('(width < 600px)');
  const dialogs = useLiveDialogs();

  const { filter, enlargedId } = address;
  const layout = layoutOf(preferences, address.layoutKey);
  const enlarged = cameras?.find((camera) => camera.id === enlargedId);
  const enabled = (cameras ?? []).filter((camera) => camera.enabled || camera === enlarged);
  const { named } = layout;
  const matching = enabled.filter((camera) => hasLabels(camera, filter));
  const ids = enabled.map(({ id }) => id);
  const cells =
    named === null
      ? inOrder(matching.map(({ id }) => id), preferences.order)
      : cellsOf(named, (cameras ?? []).map(({ id }) => id));
  // There are no pages on a phone: it scrolls.
  const pages = pagesOf(isPhone ? 'auto' : layout.grid, cells);
  const pageNumber = Math.min(address.page, pages.length);
  const isEnlarged = enlargedId !== null;

  useKiosk(address);
  const isPatrolling = address.isPatrolling && pages.length > 1;
  usePatrol(
    isPatrolling && !isEnlarged && dialogs.open === null,
    preferences.patrolS,
    () => address.setPage(pageNumber >= pages.length ? 1 : pageNumber + 1, true),
  );
  usePageKeys({
    address,
    pageCount: isEnlarged ? 1 : pages.length,
    page: pageNumber,
    onHelp: () => dialogs.show({ kind: 'help' }),
    isBlocked: dialogs.open !== null,
  });

  let content: ReactNode;
  if (cameras === undefined) {
    content = <NotLoaded what="cameras" error={error} onRetry={() => void refetch()} />;
  } else if (isEnlarged && enlarged === undefined) {
    content = (
      <Note icon="cameraOff" title="This camera does not exist">
        <p>It may have been removed.</p>
        <Link className="button" to="/live">
          Show all cameras
        </Link>
      </Note>
    );
  } else if (enabled.length === 0) {
    content = <NoCameras disabledCount={cameras.length} />;
  } else if (named === null && matching.length === 0 && !isEnlarged) {
    content = (
      <Note title="No camera matches">
        <button
          type="button"
          className="button"
          onClick={() => address.setFilter({ group: '', tag: '' })}
        >
          Show all cameras
        </button>
      </Note>
    );
  } else {
    content = (
      <CameraGrid
        address={address}
        layout={layout}
        cells={shownCells(pages[pageNumber - 1] ?? [], enlarged)}
        cameras={cameras}
        allCells={cells}
        allIds={ids}
        firstPlace={(pages[0]?.length ?? 0) * (pageNumber - 1)}
        isPhone={isPhone}
        onMoveTo={(place) => dialogs.show({ kind: 'move', place })}
        isBlocked={dialogs.open !== null}
      />
    );
  }
  return (
    <>
      <title>{`${enlarged?.name ?? 'Live'} - RoninNVR`}</title>
      <h1 className="visually-hidden">Live</h1>
      {cameras !== undefined && enabled.length > 0 && !isEnlarged && !address.isKiosk && (
        <LiveToolbar
          address={address}
          layout={layout}
          cameras={enabled}
          page={pageNumber}
          pageCount={pages.length}
          isPatrolling={isPatrolling}
          isPhone={isPhone}
          onDialog={dialogs.show}
        />
      )}
      {content}
      {address.isKiosk && <KioskExit address={address} />}
      <LiveDialogs
        dialogs={dialogs}
        address={address}
        layout={layout}
        cameras={cameras ?? []}
        cells={cells}
        allIds={ids}
      />
    </>
  );
}

/** The camera that is looked at is there wherever it belongs. */
function shownCells(cells: readonly Cell[], enlarged: Camera | undefined): readonly Cell[] {
  if (enlarged === undefined || cells.includes(enlarged.id)) return cells;
  return [...cells, enlarged.id];
}
