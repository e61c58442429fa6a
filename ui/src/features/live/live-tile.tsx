// SPDX-License-Identifier: MIT
import { useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';

import { useSiteStore, useZone } from '../../api/site';
import type { Camera } from '../../api/types';
import { IconButton } from '../../components/icon-button';
import { ProgressLine } from '../../components/progress-line';
import { useFullscreen } from '../../components/use-fullscreen';
import { useMedia } from '../../components/use-media';
import { useOnScreen } from '../../components/use-on-screen';
import styles from './live-tile.module.css';
import { PtzControls } from './ptz-controls';
import { RecordingMark } from './recording-mark';
import { TileMessage, TileStatus } from './tile-status';
import { useLiveStream } from './use-live-stream';

type LiveTileProps = {
  camera: Camera;
  isHidden: boolean;
  isEnlarged: boolean;
  /** Only one camera is heard at a time. */
  isAudible: boolean;
  onEnlargeChange: (isEnlarged: boolean) => void;
  onAudibleChange: (isAudible: boolean) => void;
  enlargeButton: Ref<HTMLButtonElement | null>;
};

export function LiveTile({
  camera,
  isHidden,
  isEnlarged,
  isAudible,
  onEnlargeChange,
  onAudibleChange,
  enlargeButton,
}: LiveTileProps): ReactNode {
  const tile = useRef<HTMLElement>(null);
  const isVisible = useOnScreen(tile);
  const { state, video, still, play, retry } = useLiveStream(camera, isVisible);
  const { isFullscreen, isAvailable, toggle } = useFullscreen(tile);
  const { now } = useSiteStore();
  const zone = useZone();
  const hasAudio = camera.stream.audio !== null;
  const enlarge = useRef<HTMLButtonElement>(null);
  const isNarrow = useMedia('(width < 600px)');
  const ptz = isEnlarged && <PtzControls camera={camera} />;
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(enlargeButton, () => enlarge.current);

  return (
    <>
      <article
        ref={tile}
        className={styles.tile}
        aria-label={camera.name}
        data-state={state.kind}
        hidden={isHidden}
      >
        {/* The button at the foot does the same for keyboards and screen readers. */}
        {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div className={styles.picture} onDoubleClick={() => onEnlargeChange(!isEnlarged)}>
          <canvas ref={still} aria-hidden="true" width={0} height={0} />
          {/* A live picture has no captions. */}
          {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
          <video
            ref={video}
            className={state.kind === 'live' || state.kind === 'delayed' ? '' : styles.covered}
            muted={!isAudible || !hasAudio}
            playsInline
            disablePictureInPicture
            aria-label={`Live picture of ${camera.name}`}
          />
        </div>
        <TileMessage
          state={state}
          cameraName={camera.name}
          zone={zone}
          now={now()}
          onPlay={play}
          onRetry={retry}
          heir={enlarge}
        />
        {state.kind === 'connecting' && <ProgressLine label={`Connecting to ${camera.name}`} />}
        <header className={styles.head}>
          <h2>{camera.name}</h2>
          {state.kind !== 'off' && <RecordingMark camera={camera} />}
        </header>
        <footer className={styles.foot}>
          <TileStatus state={state} />
          <div className={styles.controls}>
            {hasAudio && (
              <IconButton
                icon={isAudible ? 'soundOn' : 'soundOff'}
                label={`${isAudible ? 'Mute' : 'Listen to'} ${camera.name}`}
                onClick={() => onAudibleChange(!isAudible)}
              />
            )}
            <IconButton
              ref={enlarge}
              icon={isEnlarged ? 'shrink' : 'enlarge'}
              label={isEnlarged ? 'Back to all cameras' : `Enlarge ${camera.name}`}
              onClick={() => onEnlargeChange(!isEnlarged)}
            />
            {isAvailable && (
              <IconButton
                icon={isFullscreen ? 'leaveFullscreen' : 'fullscreen'}
                label={isFullscreen ? 'Leave full screen' : `Full screen: ${camera.name}`}
                onClick={toggle}
              />
            )}
          </div>
        </footer>
        {!isNarrow && ptz}
      </article>
      {isNarrow && ptz}
    </>
  );
}
