// SPDX-License-Identifier: MIT
import type { ReactNode, RefObject } from 'react';

import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { IconButton } from '../../components/icon-button';
import { Menu } from '../../components/menu';
import styles from './tile-tools.module.css';
import { zoomStep } from './use-digital-zoom';

type TileToolsProps = {
  camera: Camera;
  isEnlarged: boolean;
  isAudible: boolean;
  isFrozen: boolean;
  isFullscreen: boolean;
  canFullscreen: boolean;
  isZoomed: boolean;
  showsStats: boolean;
  zoomBy: (factor: number) => void;
  resetZoom: () => void;
  onFreeze: () => void;
  onListen: () => void;
  onSave: () => void;
  onCopyLink: () => void;
  onFullscreen: () => void;
  onEnlarge: () => void;
  onStats: () => void;
  onMoveTo?: () => void;
};

type WithButton = { enlargeButton: RefObject<HTMLButtonElement | null> };

/** The buttons at the foot of a tile: a few where it is small, all where it is enlarged. */
export function TileTools({ enlargeButton, ...props }: TileToolsProps & WithButton): ReactNode {
  const { camera, isEnlarged, isAudible, isFrozen, isZoomed } = props;
  const { name } = camera;
  return (
    <div className={styles.tools}>
      {camera.stream.audio !== null && (
        <IconButton
          icon={isAudible ? 'soundOn' : 'soundOff'}
          label={`${isAudible ? 'Mute' : 'Listen to'} ${name}`}
          onClick={props.onListen}
        />
      )}
      {(isEnlarged || isFrozen) && (
        <IconButton
          icon={isFrozen ? 'play' : 'pause'}
          label={isFrozen ? `Go on with ${name}` : `Freeze ${name}`}
          onClick={props.onFreeze}
        />
      )}
      {(isEnlarged || isZoomed) && (
        <span className={styles.wide}>
          <IconButton
            icon="zoomOut"
            label={`Zoom out of ${name}`}
            disabled={!isZoomed}
            onClick={() => props.zoomBy(1 / zoomStep)}
          />
          <IconButton
            icon="zoomIn"
            label={`Zoom into ${name}`}
            onClick={() => props.zoomBy(zoomStep)}
          />
        </span>
      )}
      <span className={styles.roomy}>
        <IconButton icon="camera" label={`Save a picture of ${name}`} onClick={props.onSave} />
      </span>
      <TileMenu {...props} />
      <IconButton
        ref={enlargeButton}
        icon={isEnlarged ? 'shrink' : 'enlarge'}
        label={isEnlarged ? 'Back to all cameras' : `Enlarge ${name}`}
        onClick={props.onEnlarge}
      />
      {isEnlarged && props.canFullscreen && (
        <IconButton
          icon={props.isFullscreen ? 'leaveFullscreen' : 'fullscreen'}
          label={props.isFullscreen ? 'Leave full screen' : `Full screen: ${name}`}
          onClick={props.onFullscreen}
        />
      )}
    </div>
  );
}

function TileMenu(props: TileToolsProps): ReactNode {
  const { camera, isEnlarged, isFrozen, isZoomed, showsStats, onMoveTo } = props;
  return (
    <Menu label={`More for ${camera.name}`} isFloating>
      {!isEnlarged && (
        <button type="button" onClick={props.onFreeze}>
          <Icon name={isFrozen ? 'play' : 'pause'} />
          {isFrozen ? 'Go on' : 'Freeze the picture'}
        </button>
      )}
      <button type="button" onClick={() => props.zoomBy(zoomStep)}>
        <Icon name="zoomIn" />
        Zoom in
      </button>
      {isZoomed && (
        <button type="button" onClick={props.resetZoom}>
          <Icon name="shrink" />
          Whole picture
        </button>
      )}
      <button type="button" onClick={props.onSave}>
        <Icon name="camera" />
        Save the picture
      </button>
      {!isEnlarged && props.canFullscreen && (
        <button type="button" onClick={props.onFullscreen}>
          <Icon name="fullscreen" />
          Full screen
        </button>
      )}
      <button type="button" onClick={props.onStats}>
        <Icon name="figures" />
        {showsStats ? 'Hide the figures' : 'Show figures'}
      </button>
      {onMoveTo !== undefined && (
        <button type="button" onClick={onMoveTo}>
          <Icon name="move" />
          Move to…
        </button>
      )}
      <button type="button" onClick={props.onCopyLink}>
        <Icon name="link" />
        Copy the address
      </button>
    </Menu>
  );
}
