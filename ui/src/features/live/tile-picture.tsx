// SPDX-License-Identifier: MIT
import type { ReactNode, RefObject } from 'react';

import type { Still } from '../../api/snapshots';
import type { Camera } from '../../api/types';
import { transformOf, type Zoom } from './digital-zoom';
import styles from './tile-picture.module.css';
import { TileSurface } from './tile-surface';
import type { LiveStream } from './use-live-stream';

type TilePictureProps = {
  camera: Camera;
  stream: LiveStream;
  /** What the recorder had of the camera last. */
  still: Still | null;
  /** Than what the player left behind. */
  isStillNewer: boolean;
  /** Where a picture is held that the viewer froze. */
  held: RefObject<HTMLCanvasElement | null>;
  isHeld: boolean;
  zoom: Zoom;
  isMuted: boolean;
};

/** The layers of a picture: what the recorder had last, what the player left, what moves, what is held. */
export function TilePicture(props: TilePictureProps): ReactNode {
  const { camera, stream, still, isStillNewer, held, isHeld, zoom, isMuted } = props;
  const { state, transport, surface } = stream;
  const isMoving = state.kind === 'live' || state.kind === 'delayed';
  const isDrawn = transport !== null && (transport.isLowLatency || transport.transport === 'jpeg');
  return (
    <div className={styles.layers} style={{ transform: transformOf(zoom) }}>
      {still !== null && <img src={still.url} alt={`${camera.name} as seen last`} />}
      <TileSurface
        surface={surface}
        name={camera.name}
        isStillCovered={isStillNewer}
        isVideoCovered={!isMoving || isDrawn}
        isMuted={isMuted}
      />
      <canvas
        ref={held}
        hidden={!isHeld}
        aria-hidden="true"
        width={0}
        height={0}
      />
    </div>
  );
}
