// SPDX-License-Identifier: MIT
import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';

import type { Camera } from '../../api/types';
import { Icon } from '../../components/icon';
import { whyNoMicrophone } from '../../lib/microphone';
import { TalkClient, talkUrl, type TalkState } from '../../lib/talk-client';
import styles from './talk-button.module.css';

/** A press that is shorter switches on, or off: not everybody can hold a button. */
const tapMs = 300;

const words: Record<Exclude<TalkState['kind'], 'failed'>, string> = {
  idle: '',
  connecting: 'Connecting to the loudspeaker…',
  speaking: 'You are heard.',
};

/** Speaks to a camera while it is held, or between two taps or presses of a key. */
export function TalkButton({ camera }: { camera: Camera }): ReactNode {
  const [state, setState] = useState<TalkState>({ kind: 'idle' });
  const [level, setLevel] = useState(0);
  const [client] = useState(
    () =>
      new TalkClient({
        cameraId: camera.id,
        url: talkUrl(window.location),
        onState: setState,
        onLevel: setLevel,
      }),
  );
  const [hindrance, setHindrance] = useState<string | null>(null);
  /** When the press began that is held now; null when none is. */
  const pressedAt = useRef<number | null>(null);
  const wasPressed = useRef(false);

  // Nobody may be heard who does not see it.
  useEffect(() => {
    const onHidden = (): void => {
      if (document.visibilityState === 'hidden') client.stop();
    };
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      client.stop();
    };
  }, [client]);

  const speak = (): void => {
    const why = whyNoMicrophone();
    setHindrance(why);
    if (why === null) client.speak();
  };
  const toggle = (): void => {
    if (client.isWanted) client.pause();
    else speak();
  };
  const press = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button !== 0) return;
    wasPressed.current = true;
    // So that the release is heard wherever it happens.
    event.currentTarget.setPointerCapture(event.pointerId);
    if (client.isWanted) {
      client.pause();
      return;
    }
    pressedAt.current = performance.now();
    speak();
  };
  const release = (): void => {
    const began = pressedAt.current;
    pressedAt.current = null;
    if (began !== null && performance.now() - began >= tapMs) client.pause();
  };
  const isPressKey = (event: KeyboardEvent): boolean => event.key === ' ' || event.key === 'Enter';
  const isOn = state.kind === 'connecting' || state.kind === 'speaking';
  return (
    <div className={styles.panel} data-on={isOn || undefined}>
      <button
        type="button"
        className={styles.button}
        aria-label={`Speak to ${camera.name}`}
        aria-pressed={isOn}
        title="Hold to speak, or tap to switch on and off"
        onPointerDown={press}
        onPointerUp={release}
        onPointerCancel={release}
        onLostPointerCapture={release}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (!isPressKey(event)) return;
          event.preventDefault();
          if (!event.repeat) toggle();
        }}
        onKeyUp={(event) => {
          if (isPressKey(event)) event.preventDefault();
        }}
        onClick={() => {
          // A click follows a press that was heard already; one without comes from a screen reader.
          if (!wasPressed.current) toggle();
          wasPressed.current = false;
        }}
      >
        <Icon name="microphone" />
      </button>
      {state.kind === 'speaking' && (
        <meter className={styles.level} value={level} max={1} aria-label="Loudness of your voice" />
      )}
      <p role="status" className={styles.words}>
        {hindrance ?? (state.kind === 'failed' ? state.sentence : words[state.kind])}
      </p>
    </div>
  );
}
