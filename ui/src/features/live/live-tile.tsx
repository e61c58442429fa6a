// SPDX-License-Identifier: MIT
import {
  lazy,
  Suspense,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type ReactNode,
  type Ref,
} from 'react';

import { useSiteStore } from '../../api/site';
import type { Camera } from '../../api/types';
import { ProgressLine } from '../../components/progress-line';
import { useFullscreen } from '../../components/use-fullscreen';
import { useOnScreen } from '../../components/use-on-screen';
import styles from './live-tile.module.css';
import type { MovingSlots } from './moving-slots';
import { RecordingMark } from './recording-mark';
import { TalkControl } from './talk-control';
import { TileMessage } from './tile-message';
import { TileNotice, useTileNotice } from './tile-notice';
import { TilePicture } from './tile-picture';
import { TileStats } from './tile-stats';
import { TileStatus } from './tile-status';
import { TileTools } from './tile-tools';
import { useDigitalZoom } from './use-digital-zoom';
import { useFrozen } from './use-frozen';
import { useLiveStream } from './use-live-stream';
import { useMovingSlot } from './use-moving-slot';
import { useStill } from './use-still';
import { useTileActions } from './use-tile-actions';

/** Most cameras do not turn. */
const PtzControls = lazy(async () => ({
  default: (await import('./ptz-controls')).PtzControls,
}));

/** What keys do with a tile. */
export type TileHandle = {
  focus: () => void;
  freeze: () => void;
  listen: () => void;
  save: () => void;
  copyLink: () => void;
  fullscreen: () => void;
  zoomBy: (factor: number) => void;
  resetZoom: () => void;
  panBy: (x: number, y: number) => void;
  isZoomed: () => boolean;
};

type LiveTileProps = {
  camera: Camera;
  /** On this page. */
  place: number;
  /** As `grid-area`, of a tile that takes more than its place. */
  area: string | null;
  slots: MovingSlots;
  isHidden: boolean;
  isEnlarged: boolean;
  isPhone: boolean;
  /** Only one camera is heard at a time. */
  isAudible: boolean;
  isPickedUp: boolean;
  /** Another tile would be dropped here. */
  isTarget: boolean;
  showsStats: boolean;
  onEnlargeChange: (isEnlarged: boolean) => void;
  onAudibleChange: (isAudible: boolean) => void;
  onStatsChange: (showsStats: boolean) => void;
  /** To the camera before or after it; only of one that is enlarged. */
  onStep?: (step: 1 | -1) => void;
  onMoveTo?: () => void;
  handle: Ref<TileHandle>;
};

/** One camera: its picture, how that is going, and what can be done with it. */
export function LiveTile(props: LiveTileProps): ReactNode {
  const { camera, place, area, isHidden, isEnlarged, isPhone, isAudible, showsStats } = props;
  const { onEnlargeChange, onAudibleChange, onStatsChange } = props;
  const tile = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const enlarge = useRef<HTMLButtonElement>(null);
  const isVisible = useOnScreen(tile);
  const isInTurn = useMovingSlot(props.slots, camera.id, isEnlarged ? -1 : place, isVisible);
  const stream = useLiveStream(camera, {
    isVisible: isVisible && isInTurn,
    isEnlarged,
    wantsStats: showsStats,
    isAudible,
  });
  const { state, transport } = stream;
  const isMoving = state.kind === 'live' || state.kind === 'delayed';
  // By the player, on the canvas that otherwise shows what it left behind.
  const isDrawn = isMoving || transport?.transport === 'jpeg';
  const { now } = useSiteStore();

  // When the picture stopped that the player left behind.
  const [seenAt, setSeenAt] = useState<number | null>(null);
  useEffect(() => {
    if (isMoving) return () => setSeenAt(now());
  }, [isMoving, now]);

  const isSingle = isVisible && !isInTurn && state.kind === 'placeholder';
  const still = useStill(camera, {
    isVisible,
    isEnlarged,
    isSingle,
    isBegun: stream.isBegun,
    state,
    transport,
  });
  const { isFullscreen, isAvailable, toggle } = useFullscreen(tile);
  const notice = useTileNotice();
  const zoom = useDigitalZoom(box, {
    onTap: isPhone && !isEnlarged ? () => onEnlargeChange(true) : undefined,
    onSwipe: props.onStep,
  });
  const frozen = useFrozen(stream.picture);
  const hasAudio = camera.stream.audio !== null;
  const actions = useTileActions({ camera, stream, frozen, notice: notice.say });
  const isZoomed = zoom.zoom.scale > 1;
  const ptz = isEnlarged && camera.onvif_url !== null && (
    <Suspense fallback={null}>
      <PtzControls camera={camera} />
    </Suspense>
  );

  useImperativeHandle(props.handle, () => ({
    focus: () => tile.current?.focus({ preventScroll: false }),
    freeze: frozen.toggle,
    listen: () => {
      if (hasAudio) onAudibleChange(!isAudible);
    },
    save: actions.save,
    copyLink: actions.copyLink,
    fullscreen: toggle,
    zoomBy: zoom.zoomBy,
    resetZoom: zoom.reset,
    panBy: zoom.panBy,
    isZoomed: () => isZoomed,
  }));

  return (
    <>
      <article
        ref={tile}
        className={styles.tile}
        aria-label={camera.name}
        data-camera={camera.id}
        data-place={place}
        data-state={isSingle ? 'single' : state.kind}
        data-frozen={frozen.frozenAt !== null}
        data-zoomed={isZoomed}
        data-enlarged={isEnlarged}
        data-picked={props.isPickedUp}
        data-target={props.isTarget}
        style={area === null ? undefined : { gridArea: area }}
        hidden={isHidden}
        // Keys work on the tile as a whole; each button in it does the same.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {/* The button at the foot does the same for keyboards and screen readers. */}
        {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div
          ref={box}
          className={styles.picture}
          onDoubleClick={() => onEnlargeChange(!isEnlarged)}
          onPointerDown={zoom.onPointerDown}
          onPointerMove={zoom.onPointerMove}
          onPointerUp={zoom.onPointerUp}
          onPointerCancel={zoom.onPointerCancel}
        >
          <TilePicture
            camera={camera}
            stream={stream}
            still={still}
            isStillNewer={!isDrawn && still !== null && (still.takenAt ?? 0) > (seenAt ?? 0)}
            held={frozen.canvas}
            isHeld={frozen.frozenAt !== null}
            zoom={zoom.zoom}
            isMuted={!isAudible || !hasAudio}
          />
        </div>
        <TileMessage
          state={state}
          camera={camera}
          onPlay={stream.play}
          onRetry={stream.retry}
          onCameraRetry={() => void actions.retryCamera()}
          heir={enlarge}
        />
        {state.kind === 'connecting' && <ProgressLine label={`Connecting to ${camera.name}`} />}
        <header className={styles.head}>
          <h2>{camera.name}</h2>
          {state.kind !== 'off' && <RecordingMark camera={camera} />}
        </header>
        {showsStats && isMoving && <TileStats stats={stream.stats} transport={transport} />}
        <TileNotice text={notice.text} />
        <footer className={styles.foot}>
          <TileStatus
            state={state}
            frozenAt={frozen.frozenAt}
            isSingle={isSingle}
            pictureAt={latest(still?.takenAt ?? null, seenAt)}
            showsLatency={showsStats}
            transport={transport}
          />
          <TileTools
            camera={camera}
            isEnlarged={isEnlarged}
            isAudible={isAudible}
            isFrozen={frozen.frozenAt !== null}
            isFullscreen={isFullscreen}
            canFullscreen={isAvailable}
            isZoomed={isZoomed}
            showsStats={showsStats}
            enlargeButton={enlarge}
            zoomBy={zoom.zoomBy}
            resetZoom={zoom.reset}
            onFreeze={frozen.toggle}
            onListen={() => onAudibleChange(!isAudible)}
            onSave={actions.save}
            onCopyLink={actions.copyLink}
            onFullscreen={toggle}
            onEnlarge={() => onEnlargeChange(!isEnlarged)}
            onStats={() => onStatsChange(!showsStats)}
            onMoveTo={props.onMoveTo}
          />
        </footer>
        {isEnlarged && <TalkControl camera={camera} />}
        {!isPhone && ptz}
      </article>
      {isPhone && ptz}
    </>
  );
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
