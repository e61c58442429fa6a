// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { Link, useLocation, useNavigate, useParams, useSearchParams } from 'react-router';

import { camerasQuery } from '../../api/cameras';
import { useSite } from '../../api/site';
import type { Camera } from '../../api/types';
import { NotLoaded } from '../../components/not-loaded';
import { Note } from '../../components/note';
import { hasLabels, type LabelFilter } from '../../lib/labels';
import { fitGrid, neighbour } from './grid-fit';
import { LiveFilterBar } from './live-filter-bar';
import styles from './live-page.module.css';
import { LiveTile } from './live-tile';
import { NoCameras } from './no-cameras';

export function LivePage(): ReactNode {
  const { cameraId } = useParams();
  const [params, setParams] = useSearchParams();
  const filter = { group: params.get('group') ?? '', tag: params.get('tag') ?? '' };
  const setFilter = (changed: LabelFilter): void => {
    const set = Object.entries(changed).filter(([, value]) => value !== '');
    setParams(new URLSearchParams(set), { replace: true });
  };
  const { data: cameras, error, refetch } = useQuery(camerasQuery());
  const enlargedId = cameraId === undefined ? null : Number(cameraId);
  const enlarged = cameras?.find((camera) => camera.id === enlargedId);
  const enabled = (cameras ?? []).filter((camera) => camera.enabled || camera === enlarged);
  const shown = enabled.filter((camera) => hasLabels(camera, filter) || camera === enlarged);

  let content: ReactNode;
  if (cameras === undefined) {
    content = <NotLoaded what="cameras" error={error} onRetry={() => void refetch()} />;
  } else if (enlargedId !== null && enlarged === undefined) {
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
  } else if (shown.length === 0) {
    content = (
      <Note title="No camera matches">
        <button type="button" className="button" onClick={() => setFilter({ group: '', tag: '' })}>
          Show all cameras
        </button>
      </Note>
    );
  } else {
    content = <CameraGrid cameras={shown} enlargedId={enlargedId} />;
  }
  return (
    <>
      <title>{`${enlarged?.name ?? 'Live'} - RoninNVR`}</title>
      <h1 className="visually-hidden">Live</h1>
      {cameras !== undefined && enlargedId === null && (
        <LiveFilterBar
          cameras={enabled}
          filter={filter}
          onChange={(change) => setFilter({ ...filter, ...change })}
        />
      )}
      {content}
    </>
  );
}

type CameraGridProps = { cameras: Camera[]; enlargedId: number | null };

const gap = 8;

function CameraGrid({ cameras, enlargedId }: CameraGridProps): ReactNode {
  const navigate = useNavigate();
  const { search } = useLocation();
  const isLost = useSite().connection.state === 'lost';
  const grid = useRef<HTMLDivElement>(null);
  const buttons = useRef(new Map<number, HTMLButtonElement>());
  const [audibleId, setAudibleId] = useState<number | null>(null);
  const { width, height } = useSize(grid);
  const fit = fitGrid(enlargedId === null ? cameras.length : 1, width, height, gap);

  const setEnlarged = (id: number | null): void => {
    void navigate({ pathname: id === null ? '/live' : `/live/cam/${String(id)}`, search });
  };

  // A tile that is hidden, by the back button for example, takes the focus with it.
  const lastEnlargedId = useRef(enlargedId);
  useEffect(() => {
    const id = enlargedId ?? lastEnlargedId.current;
    lastEnlargedId.current = enlargedId;
    const isHidden = document.activeElement?.closest('[hidden]') !== null;
    if (id !== null && isHidden) buttons.current.get(id)?.focus();
  }, [enlargedId]);

  useEffect(() => {
    if (enlargedId === null) return;
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      // In full screen, and with a list open, Escape has another meaning.
      const isTaken = Boolean(document.fullscreenElement) || isPopoverOpen();
      if (event.key !== 'Escape' || event.defaultPrevented || isTaken) return;
      void navigate({ pathname: '/live', search });
      // The focus goes back to where it came from.
      buttons.current.get(enlargedId)?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [enlargedId, navigate, search]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.key.startsWith('Arrow') || enlargedId !== null) return;
    const tile = (event.target as HTMLElement).closest('article');
    const index = [...(grid.current?.children ?? [])].findIndex((child) => child === tile);
    if (index < 0) return;
    const target = cameras[neighbour(event.key, index, cameras.length, fit.columns)];
    if (target === undefined) return;
    event.preventDefault();
    buttons.current.get(target.id)?.focus();
  };

  return (
    // Arrow keys between tiles are a shortcut; Tab reaches every control without them.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={grid}
      className={styles.grid}
      data-lost={isLost}
      style={
        {
          '--columns': fit.columns,
          '--tile-width': `${String(fit.tileWidth)}px`,
        } as CSSProperties
      }
      onKeyDown={onKeyDown}
    >
      {cameras.map((camera) => (
        <LiveTile
          key={camera.id}
          camera={camera}
          isHidden={enlargedId !== null && camera.id !== enlargedId}
          isEnlarged={camera.id === enlargedId}
          isAudible={camera.id === audibleId}
          onEnlargeChange={(isEnlarged) => setEnlarged(isEnlarged ? camera.id : null)}
          onAudibleChange={(isAudible) => setAudibleId(isAudible ? camera.id : null)}
          enlargeButton={(button) => {
            if (button === null) buttons.current.delete(camera.id);
            else buttons.current.set(camera.id, button);
          }}
        />
      ))}
    </div>
  );
}

function isPopoverOpen(): boolean {
  return [...document.querySelectorAll('[popover]')].some((one) => one.matches(':popover-open'));
}

type Size = { width: number; height: number };

/** The room inside the element's padding. */
function useSize(target: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  // Before the first paint, or every tile would be seen jumping to its place.
  useLayoutEffect(() => {
    const element = target.current;
    if (element === null) return;
    const measure = (): void => {
      const style = getComputedStyle(element);
      const inside = (full: number, ...paddings: string[]): number =>
        paddings.reduce((rest, padding) => rest - (Number.parseFloat(padding) || 0), full);
      setSize({
        width: inside(element.clientWidth, style.paddingLeft, style.paddingRight),
        height: inside(element.clientHeight, style.paddingTop, style.paddingBottom),
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [target]);
  return size;
}
