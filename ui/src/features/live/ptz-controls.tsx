// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';

import { presetsQuery, type Motion } from '../../api/ptz';
import type { Camera, Preset } from '../../api/types';
import { Icon, type IconName } from '../../components/icon';
import styles from './ptz-controls.module.css';
import { PtzHold } from './ptz-hold';

type Direction = { label: string; motion: Motion; turnDeg?: number; icon?: IconName };

/** Row by row, as they lie around the middle, which stays free. */
const directions: readonly (Direction | null)[] = [
  { label: 'Up and left', motion: { pan: -1, tilt: 1 }, turnDeg: -135 },
  { label: 'Up', motion: { tilt: 1 }, turnDeg: -90 },
  { label: 'Up and right', motion: { pan: 1, tilt: 1 }, turnDeg: -45 },
  { label: 'Left', motion: { pan: -1 }, turnDeg: 180 },
  null,
  { label: 'Right', motion: { pan: 1 }, turnDeg: 0 },
  { label: 'Down and left', motion: { pan: -1, tilt: -1 }, turnDeg: 135 },
  { label: 'Down', motion: { tilt: -1 }, turnDeg: 90 },
  { label: 'Down and right', motion: { pan: 1, tilt: -1 }, turnDeg: 45 },
];

const zooms: readonly Direction[] = [
  { label: 'Zoom out', motion: { zoom: -1 }, icon: 'minus' },
  { label: 'Zoom in', motion: { zoom: 1 }, icon: 'add' },
];

/** What is held on the keyboard while the focus is in the controls. */
const keys: Partial<Record<string, Motion>> = {
  ArrowUp: { tilt: 1 },
  ArrowDown: { tilt: -1 },
  ArrowLeft: { pan: -1 },
  ArrowRight: { pan: 1 },
  '+': { zoom: 1 },
  '-': { zoom: -1 },
};

/** Buttons that turn a camera; nothing for one that does not turn. */
export function PtzControls({ camera }: { camera: Camera }): ReactNode {
  const canAsk =
    camera.onvif_url !== null && camera.enabled && camera.status !== 'offline';
  const { data } = useQuery({ ...presetsQuery(camera.id), enabled: canAsk });
  if (!canAsk || data?.ok !== true) return null;
  return <Pad key={camera.id} camera={camera} presets={data.presets} />;
}

function Pad({ camera, presets }: { camera: Camera; presets: readonly Preset[] }): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const [hold] = useState(() => new PtzHold(camera.id, setProblem));

  // Whatever takes the page away must not leave the camera turning.
  useEffect(() => {
    const stop = (): void => hold.stop();
    window.addEventListener('blur', stop);
    document.addEventListener('visibilitychange', stop);
    return () => {
      window.removeEventListener('blur', stop);
      document.removeEventListener('visibilitychange', stop);
      stop();
    };
  }, [hold]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const motion = keys[event.key];
    if (motion === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.repeat) hold.start(motion);
  };
  const onKeyUp = ({ key }: KeyboardEvent): void => {
    if (keys[key] !== undefined) hold.stop();
  };
  return (
    // Keys work in all of it; each button does the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={styles.panel}
      role="group"
      aria-label={`Turn ${camera.name}`}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onBlur={({ currentTarget, relatedTarget }) => {
        // A press moves the focus from button to button, and is no end of itself.
        if (!currentTarget.contains(relatedTarget)) hold.stop();
      }}
    >
      {presets.length > 0 && (
        <ul className={styles.presets} aria-label="Presets">
          {presets.map(({ token, name }) => (
            <li key={token}>
              <button type="button" onClick={() => void hold.goTo(token)}>
                {name === '' ? `Preset ${token}` : name}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.pad}>
        {directions.map((direction, place) =>
          direction === null ? (
            <span key={place} />
          ) : (
            <HoldButton key={direction.label} direction={direction} hold={hold} />
          ),
        )}
      </div>
      <div className={styles.zoom}>
        {zooms.map((direction) => (
          <HoldButton key={direction.label} direction={direction} hold={hold} />
        ))}
      </div>
      <p role="status" className={styles.problem}>
        {problem}
      </p>
    </div>
  );
}

function HoldButton({ direction, hold }: { direction: Direction; hold: PtzHold }): ReactNode {
  const { label, motion, turnDeg, icon = 'arrow' } = direction;
  // A click follows a press that was held already; one without a press comes from a screen reader.
  const wasHeld = useRef(false);
  const press = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button !== 0) return;
    wasHeld.current = true;
    // So that the release is heard wherever it happens.
    event.currentTarget.setPointerCapture(event.pointerId);
    hold.start(motion);
  };
  const isPressKey = (event: KeyboardEvent): boolean => event.key === ' ' || event.key === 'Enter';
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      title={label}
      onPointerDown={press}
      onPointerUp={() => hold.stop()}
      onPointerCancel={() => hold.stop()}
      onLostPointerCapture={() => hold.stop()}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isPressKey(event)) return;
        event.preventDefault();
        if (!event.repeat) hold.start(motion);
      }}
      onKeyUp={(event) => {
        if (!isPressKey(event)) return;
        event.preventDefault();
        hold.stop();
      }}
      onClick={() => {
        if (!wasHeld.current) void hold.nudge(motion);
        wasHeld.current = false;
      }}
    >
      <span className={styles.arrow} data-turn={turnDeg}>
        <Icon name={icon} />
      </span>
    </button>
  );
}
