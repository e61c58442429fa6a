// SPDX-License-Identifier: MIT
import type { ReactNode, Ref } from 'react';

import { Icon, type IconName } from './icon';
import styles from './icon-button.module.css';

type IconButtonProps = {
  icon: IconName;
  /** What it does; also shown as a tooltip. */
  label: string;
  onClick: () => void;
  disabled?: boolean;
  /** Of a button that opens something beside it. */
  expanded?: boolean;
  /** Of a button that is on or off; then `label` stays the same, and `hint` may say more. */
  pressed?: boolean;
  hint?: string;
  ref?: Ref<HTMLButtonElement>;
};

export function IconButton({
  icon,
  label,
  onClick,
  disabled,
  expanded,
  pressed,
  hint,
  ref,
}: IconButtonProps): ReactNode {
  return (
    <button
      ref={ref}
      type="button"
      className={styles.button}
      aria-label={label}
      title={hint ?? label}
      aria-expanded={expanded}
      aria-pressed={pressed}
      // Not `disabled`: a button that is switched off while it has the focus would lose it.
      aria-disabled={disabled}
      onClick={disabled === true ? undefined : onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
