// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState, type FocusEvent, type ReactNode } from 'react';

import { IconButton } from './icon-button';
import styles from './menu.module.css';

type MenuProps = {
  /** What the button is called. */
  label: string;
  /** Links and buttons; each closes the menu. */
  children: ReactNode;
};

/** A button that shows a few more things to do; by keyboard it is left as it was entered. */
export function Menu({ label, children }: MenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setIsOpen(false);
      button.current?.focus();
    };
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (box.current?.contains(target as Node) !== true) setIsOpen(false);
    };
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('pointerdown', onPointerDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('pointerdown', onPointerDown);
    };
  }, [isOpen]);

  const onBlur = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget !== null && box.current?.contains(relatedTarget) !== true) setIsOpen(false);
  };
  const onChoose = (): void => {
    // What opens next gives the focus back to where it was: to the button, for the rest goes.
    button.current?.focus();
    setIsOpen(false);
  };
  return (
    // Only watches where the focus goes.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={box} className={styles.box} onBlur={onBlur}>
      <IconButton
        ref={button}
        icon="more"
        label={label}
        expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      />
      {isOpen && (
        // The links and buttons inside do what is done, by keyboard as well; this only follows them.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <div className={styles.list} onClick={onChoose}>
          {children}
        </div>
      )}
    </div>
  );
}
