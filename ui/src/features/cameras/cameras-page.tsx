// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import {
  startTransition,
  useOptimistic,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { Link, useLocation, useMatch, useNavigate, useSearchParams } from 'react-router';

import { camerasQuery } from '../../api/cameras';
import { volumesQuery } from '../../api/storage';
import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { NotLoaded } from '../../components/not-loaded';
import { Note } from '../../components/note';
import { useFocusReturn } from '../../components/use-focus-return';
import { useMedia } from '../../components/use-media';
import { AddCameraDialog } from './add-camera-dialog';
import { filterCameras, type CameraFilter } from './camera-filter';
import { CameraFilterBar } from './camera-filter-bar';
import { linkId, type CameraActionHandlers } from './camera-row-parts';
import { parseSort, sortCameras, sortText } from './camera-sort';
import { CameraCards, CameraTable } from './camera-table';
import styles from './cameras-page.module.css';
import { EditCameraDialog } from './edit-camera-dialog';
import { ExportCamerasDialog } from './export-cameras-dialog';
import { ImportCamerasDialog } from './import-cameras-dialog';
import { RemoveCameraDialog } from './remove-camera-dialog';
import { ReplaceCameraDialog } from './replace-camera-dialog';

export function CamerasPage(): ReactNode {
  const { data: cameras, error, refetch } = useQuery(camerasQuery());
  return (
    <>
      <title>Cameras - RoninNVR</title>
      <h1 className="visually-hidden">Cameras</h1>
      {cameras === undefined ? (
        <NotLoaded what="cameras" error={error} onRetry={() => void refetch()} />
      ) : (
        <LoadedCameras cameras={cameras} />
      )}
    </>
  );
}

function rowOf(which: string): string {
  return linkId(Number(which));
}

/** The dialogs that are about no camera of the list. */
const plainDialogs = ['new', 'import', 'export'];

function LoadedCameras({ cameras }: { cameras: Camera[] }): ReactNode {
  const navigate = useNavigate();
  const { search } = useLocation();
  const opened = useMatch('/cameras/:which')?.params.which ?? null;
  const [removing, setRemoving] = useState<Camera | null>(null);
  const [replacing, setReplacing] = useState<Camera | null>(null);
  const [edited, setEdited] = useState<Camera | null>(null);
  const found = cameras.find(({ id }) => String(id) === opened);
  // The dialog keeps what was typed when another person removes its camera meanwhile.
  const editing = found ?? (edited !== null && String(edited.id) === opened ? edited : null);
  if (found !== undefined && found !== edited) setEdited(found);
  // Its form offers them, and is not to grow when it is open; nor to go when they are asked for again.
  const volumes = useQuery({ ...volumesQuery(), refetchInterval: false });
  const [isFormKnown, setIsFormKnown] = useState(false);
  if (!isFormKnown && (!volumes.isPending || volumes.failureCount > 0)) setIsFormKnown(true);

  const page = useRef<HTMLDivElement>(null);
  const isOver = removing !== null || replacing !== null;
  const { onFocus } = useFocusReturn(isOver ? 'over' : opened, page, rowOf);
  const close = (): void => void navigate({ pathname: '/cameras', search });

  return (
    <>
      <div ref={page} className={styles.page} onFocusCapture={onFocus}>
        {cameras.length === 0 ? (
          <NoCamerasYet />
        ) : (
          <FilteredCameras cameras={cameras} onRemove={setRemoving} onReplace={setReplacing} />
        )}
      </div>
      {opened === 'new' && <AddCameraDialog cameras={cameras} onClose={close} />}
      {opened === 'import' && <ImportCamerasDialog onClose={close} />}
      {opened === 'export' && <ExportCamerasDialog onClose={close} />}
      {replacing !== null && (
        <ReplaceCameraDialog
          camera={replacing}
          cameras={cameras}
          onClose={() => setReplacing(null)}
        />
      )}
      {editing !== null && isFormKnown && (
        <EditCameraDialog
          key={editing.id}
          camera={editing}
          onClose={close}
          onRemove={() => setRemoving(editing)}
        />
      )}
      {removing !== null && (
        <RemoveCameraDialog
          camera={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null);
            if (opened !== null) close();
          }}
        />
      )}
      {opened !== null && !plainDialogs.includes(opened) && editing === null && (
        <p role="alert" className={styles.unknown}>
          The camera in this address does not exist; it may have been removed.{' '}
          <Link to={{ pathname: '/cameras', search }}>Show all cameras</Link>
        </p>
      )}
    </>
  );
}

function NoCamerasYet(): ReactNode {
  return (
    <Note icon="cameras" title="No cameras yet">
      <p>RoninNVR looks for cameras on the network, or takes the address of one.</p>
      <Link className="button primary" to="/cameras/new">
        <Icon name="add" />
        Add camera
      </Link>
      <Link className="button" to="/cameras/import">
        <Icon name="upload" />
        Import cameras
      </Link>
      <p>
        To try it without a camera, start the recorder with some of its own:{' '}
        <code className={styles.inline}>./run --demo</code>
      </p>
    </Note>
  );
}

/** `sort` as in `parseSort`. */
type CameraListView = CameraFilter & { sort: string };

type FilteredCamerasProps = { cameras: Camera[] } & CameraActionHandlers;

function FilteredCameras({ cameras, onRemove, onReplace }: FilteredCamerasProps): ReactNode {
  const [params, setParams] = useSearchParams();
  const isNarrow = useMedia('(width < 1240px)');
  const inAddress = {
    name: params.get('name') ?? '',
    group: params.get('group') ?? '',
    tag: params.get('tag') ?? '',
    state: params.get('state') ?? '',
    sort: params.get('sort') ?? '',
  };
  // The address follows a moment later; what is typed meanwhile must not be lost.
  const [view, show] = useOptimistic(inAddress, (before, change: Partial<CameraListView>) => ({
    ...before,
    ...change,
  }));
  const sort = parseSort(view.sort);
  const shown = sortCameras(filterCameras(cameras, view), sort);
  const setView = (change: Partial<CameraListView>): void => {
    const changed = Object.entries({ ...view, ...change }).filter(([, value]) => value !== '');
    startTransition(() => {
      show(change);
      setParams(new URLSearchParams(changed), { replace: true });
    });
  };
  const List = isNarrow ? CameraCards : CameraTable;
  return (
    <>
      <CameraFilterBar
        cameras={cameras}
        shownCount={shown.length}
        filter={view}
        onChange={setView}
      />
      {shown.length > 0 ? (
        <List
          cameras={shown}
          sort={sort}
          onSort={(chosen) => setView({ sort: sortText(chosen) })}
          onRemove={onRemove}
          onReplace={onReplace}
        />
      ) : (
        <Note title="No camera matches">
          <button
            type="button"
            className="button"
            onClick={() => setView({ name: '', group: '', tag: '', state: '' })}
          >
            Show all cameras
          </button>
        </Note>
      )}
    </>
  );
}
