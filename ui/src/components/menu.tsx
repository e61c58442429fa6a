// SPDX-License-Identifier: MIT
import { useEffect, useLayoutEffect, useRef, useState, type FocusEvent, type ReactNode } from 'react';

import type { IconName } from './icon';
import { IconButton } from './icon-button';
import styles from './menu.module.css';

type MenuProps = {
  /** What the button is called. */
  label: string;
  /** Links and buttons; each closes the menu. */
  children: ReactNode;
  /** Above everything and as near to its button as it fits: where the button lies in a small box. */
  isFloating?: boolean;
  icon?: IconName;
};

const margin = 4;

/** Above the button or below it, where there is room; never beyond the window. */
function placeNear(list: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const above = at.top - height - margin;
  const top = above >= margin ? above : Math.min(at.bottom + margin, innerHeight - height - margin);
  list.style.top = `${String(Math.max(margin, top))}px`;
  list.style.left = `${String(Math.max(margin, Math.min(at.right - width, innerWidth - width - margin)))}px`;
}

/** A button that shows a few more things to do; by keyboard it is left as it was entered. */
export function Menu({
  label,
  children,
  isFloating = false,
  icon = 'more',
}: MenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!isOpen || !isFloating || list.current === null || button.current === null) return;
    // Older browsers show it all the same, at its place.
    if ('showPopover' in list.current) list.current.showPopover();
    placeNear(list.current, button.current);
  }, [isOpen, isFloating]);

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
        icon={icon}
        label={label}
        expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      />
      {isOpen && (
        // The links and buttons inside do what is done, by keyboard as well; this only follows them.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <div
          ref={list}
          className={`${styles.list ?? ''} ${isFloating ? (styles.floating ?? '') : ''}`}
          popover={isFloating ? 'manual' : undefined}
          onClick={onChoose}
        >
          {children}
        </div>
      )}
    </div>
  );
}
