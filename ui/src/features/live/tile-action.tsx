// SPDX-License-Identifier: MIT
import { useRef, type ReactNode, type RefObject } from 'react';

import { Icon, type IconName } from '../../components/icon';
import { useFocusRescue } from '../../components/use-focus-rescue';
import styles from './tile-action.module.css';

type TileActionProps = {
  icon: IconName;
  word: string;
  cameraName: string;
  onClick: () => void;
  /** Gets the focus when the button has done its work and goes. */
  heir: RefObject<HTMLElement | null>;
};

/** What the viewer can do about a tile without a moving picture. */
export function TileAction({ icon, word, cameraName, onClick, heir }: TileActionProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  useFocusRescue(button, heir);
  return (
    <button
      ref={button}
      type="button"
      className={`button ${styles.action ?? ''}`}
      aria-label={`${word} ${cameraName}`}
      onClick={onClick}
    >
      <Icon name={icon} />
      {word}
    </button>
  );
}
