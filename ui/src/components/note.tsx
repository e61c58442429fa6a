// SPDX-License-Identifier: MIT
import { useRef, type ReactNode } from 'react';

import { Icon, type IconName } from './icon';
import styles from './note.module.css';
import { useFocusRescue } from './use-focus-rescue';

type NoteProps = {
  icon?: IconName;
  title: string;
  /** One heading level below the page's own. */
  children?: ReactNode;
  /** Errors are spoken at once. */
  isError?: boolean;
};

/** An empty or failed place: what is so, and what to do next. */
export function Note({ icon, title, children, isError = false }: NoteProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useFocusRescue(box);
  return (
    <div ref={box} className={styles.note} role={isError ? 'alert' : undefined}>
      {icon !== undefined && <Icon name={icon} size={36} />}
      <h2>{title}</h2>
      {children}
    </div>
  );
}
