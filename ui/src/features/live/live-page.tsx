// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, type ReactNode } from 'react';
import { Link } from 'react-router';

import { camerasQuery } from '../../api/cameras';
import { usePreferences } from '../../api/site';
import { NotLoaded } from '../../components/not-loaded';
import { Note } from '../../components/note';
import { useMedia } from '../../components/use-media';
import { dropFirstPage } from '../../lib/first-page';
import { pageContent } from '../../lib/live-page';
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

  const { enlargedId } = address;
  const content = pageContent(cameras ?? [], preferences, address, isPhone);
  const { layout, enlarged, enabled, cells, pageCount, pageNumber } = content;
  const ids = enabled.map(({ id }) => id);
  const isEnlarged = enlargedId !== null;

  useKiosk(address);
  const isPatrolling = address.isPatrolling && pageCount > 1;
  usePatrol(
    isPatrolling && !isEnlarged && dialogs.open === null,
    preferences.patrolS,
    () => address.setPage(pageNumber >= pageCount ? 1 : pageNumber + 1, true),
  );
  usePageKeys({
    address,
    pageCount: isEnlarged ? 1 : pageCount,
    page: pageNumber,
    onHelp: () => dialogs.show({ kind: 'help' }),
    isBlocked: dialogs.open !== null,
  });

  const isThere = cameras !== undefined || error !== null;
  useLayoutEffect(() => {
    if (isThere) dropFirstPage();
  }, [isThere]);

  let body: ReactNode;
  if (cameras === undefined) {
    body = <NotLoaded what="cameras" error={error} onRetry={() => void refetch()} />;
  } else if (isEnlarged && enlarged === undefined) {
    body = (
      <Note icon="cameraOff" title="This camera does not exist">
        <p>It may have been removed.</p>
        <Link className="button" to="/live">
          Show all cameras
        </Link>
      </Note>
    );
  } else if (enabled.length === 0) {
    body = <NoCameras disabledCount={cameras.length} />;
  } else if (layout.named === null && content.matching.length === 0 && !isEnlarged) {
    body = (
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
    body = (
      <CameraGrid
        address={address}
        layout={layout}
        cells={content.shown}
        cameras={cameras}
        allCells={cells}
        allIds={ids}
        firstPlace={content.firstPlace}
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
          pageCount={pageCount}
          isPatrolling={isPatrolling}
          isPhone={isPhone}
          onDialog={dialogs.show}
        />
      )}
      {body}
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
