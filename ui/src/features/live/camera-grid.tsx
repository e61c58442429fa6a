// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { usePreferences, useSite } from '../../api/site';
import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { arranged, type Cell } from '../../lib/live-layout';
import type { ShownLayout } from '../../lib/preferences';
import styles from './camera-grid.module.css';
import { fitOf, gridVariables, largeArea, mostOnPhone, neighbourIn } from './grid-fit';
import { LiveTile, type TileHandle } from './live-tile';
import { MovingSlots } from './moving-slots';
import type { LiveAddress } from './use-live-address';
import { useRearrange } from './use-rearrange';
import { useSize } from './use-size';
import { useTileDrag } from './use-tile-drag';
import { useTileKeys } from './use-tile-keys';

type CameraGridProps = {
  address: LiveAddress;
  layout: ShownLayout;
  /** Of this page. */
  cells: readonly Cell[];
  cameras: readonly Camera[];
  /** Of all pages, and the place among them that this one begins with. */
  allCells: readonly Cell[];
  firstPlace: number;
  allIds: readonly number[];
  isPhone: boolean;
  onMoveTo: (place: number) => void;
  isBlocked: boolean;
};

/** The pictures of a page, or the one that is enlarged. */
export function CameraGrid(props: CameraGridProps): ReactNode {
  const { address, layout, cameras, allCells, firstPlace, allIds, isPhone } = props;
  const { enlargedId, setEnlarged } = address;
  const isLost = useSite().connection.state === 'lost';
  const [, changePreferences] = usePreferences();
  const grid = useRef<HTMLDivElement>(null);
  const tiles = useRef(new Map<number, TileHandle>());
  const [audibleId, setAudibleId] = useState<number | null>(null);
  const [showsStats, setShowsStats] = useState(false);
  const [slots] = useState(() => new MovingSlots());
  useEffect(() => {
    slots.setLimit(isPhone ? mostOnPhone : Number.POSITIVE_INFINITY);
  }, [slots, isPhone]);

  const onMove = (from: number, to: number): void => {
    const arrangement = { named: layout.named, cells: allCells };
    changePreferences((now) =>
      arranged(now, arrangement, allIds, firstPlace + from, firstPlace + to),
    );
  };
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const rearrange = useRearrange(props.cells, (id) => byId.get(id)?.name ?? '', onMove);
  const drag = useTileDrag(grid, enlargedId === null && !isPhone && !address.isKiosk, onMove);
  const { cells } = rearrange;

  const size = useSize(grid);
  const kind = layout.grid;
  const fit = fitOf(kind, cells.length, size, { isEnlarged: enlargedId !== null, isPhone });
  const placeBeside = (key: string, place: number): number =>
    neighbourIn(isPhone ? 'auto' : kind, key, place, cells.length, fit.columns);

  const enlargeBeside = (step: number): void => {
    const shown = cells.filter((cell) => cell !== null);
    const at = shown.findIndex((id) => id === enlargedId);
    const next = shown[(at + step + shown.length) % shown.length];
    if (at >= 0 && next !== undefined && next !== enlargedId) setEnlarged(next);
  };
  const hovered = useRef<number>(null);
  useTileKeys({
    tiles,
    enlargedId,
    hovered,
    cells,
    rearrange,
    placeBeside,
    onEnlarge: setEnlarged,
    onEnlargeBeside: enlargeBeside,
    onStats: () => setShowsStats(!showsStats),
    isBlocked: props.isBlocked || drag.isDragging,
    canMove: enlargedId === null && !address.isKiosk,
  });

  // A tile that is hidden, by the back button for example, takes the focus with it.
  const lastEnlargedId = useRef(enlargedId);
  useEffect(() => {
    const id = enlargedId ?? lastEnlargedId.current;
    const hasChanged = lastEnlargedId.current !== enlargedId;
    lastEnlargedId.current = enlargedId;
    const { activeElement } = document;
    const isLeft = activeElement === document.body || activeElement?.closest('[hidden]') !== null;
    if (hasChanged && id !== null && isLeft) tiles.current.get(id)?.focus();
  }, [enlargedId]);

  // A tile that changes its place in the page loses the focus on the way.
  const carried = useRef<number>(null);
  const { pickedId } = rearrange;
  const placesKey = cells.join();
  useEffect(() => {
    if (pickedId !== null) carried.current = pickedId;
    if (carried.current === null || document.activeElement !== document.body) return;
    tiles.current.get(carried.current)?.focus();
  }, [placesKey, pickedId]);

  return (
    <>
      {/* Dragging is one way to move a tile; keys and the tile's menu are the others. */}
      <div
        ref={grid}
        className={styles.grid}
        data-lost={isLost}
        data-dragging={drag.isDragging}
        style={gridVariables(fit)}
        onPointerOver={({ target }) => {
          const id = (target as Element).closest('article')?.getAttribute('data-camera');
          hovered.current = id === null || id === undefined ? null : Number(id);
        }}
        onPointerLeave={() => (hovered.current = null)}
        onPointerDown={(event) => {
          carried.current = null;
          drag.onPointerDown(event);
        }}
        onPointerMove={drag.onPointerMove}
        onPointerUp={drag.onPointerUp}
        onPointerCancel={drag.onPointerCancel}
      >
        {cells.map((cell, place) => {
          const camera = cell === null ? undefined : byId.get(cell);
          const isEnlarged = cell !== null && cell === enlargedId;
          const area = enlargedId === null ? largeArea(kind, place, isPhone) : null;
          const isTarget = drag.overPlace === place;
          if (camera === undefined) {
            return (
              <EmptyCell
                key={`empty-${String(place)}`}
                place={place}
                area={area}
                isTarget={isTarget}
                isHidden={enlargedId !== null}
                canAdd={layout.named === null && cells.indexOf(cell) === place}
              />
            );
          }
          return (
            <LiveTile
              key={camera.id}
              camera={camera}
              place={place}
              area={area}
              slots={slots}
              isHidden={enlargedId !== null && !isEnlarged}
              isEnlarged={isEnlarged}
              isPhone={isPhone}
              isAudible={camera.id === audibleId}
              isPickedUp={camera.id === rearrange.pickedId}
              isTarget={isTarget}
              showsStats={showsStats}
              onEnlargeChange={(isWanted) => setEnlarged(isWanted ? camera.id : null)}
              onAudibleChange={(isWanted) => setAudibleId(isWanted ? camera.id : null)}
              onStatsChange={setShowsStats}
              onStep={isEnlarged ? enlargeBeside : undefined}
              onMoveTo={
                address.isKiosk ? undefined : () => props.onMoveTo(firstPlace + place)
              }
              handle={(handle) => {
                if (handle === null) tiles.current.delete(camera.id);
                else tiles.current.set(camera.id, handle);
              }}
            />
          );
        })}
      </div>
      <p role="status" className="visually-hidden">
        {rearrange.words}
      </p>
    </>
  );
}

type EmptyCellProps = {
  place: number;
  area: string | null;
  isTarget: boolean;
  isHidden: boolean;
  canAdd: boolean;
};

function EmptyCell({ place, area, isTarget, isHidden, canAdd }: EmptyCellProps): ReactNode {
  return (
    <div
      className={styles.empty}
      data-place={place}
      data-target={isTarget}
      hidden={isHidden}
      style={area === null ? undefined : { gridArea: area }}
    >
      {canAdd ? (
        <Link to="/cameras/new" className={styles.add}>
          <Icon name="add" />
          Add camera
        </Link>
      ) : (
        <span>Empty</span>
      )}
    </div>
  );
}
