// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link, type To } from 'react-router';

import { Icon, type IconName } from './icon';
import styles from './icon-button.module.css';

type IconLinkProps = {
  icon: IconName;
  /** Where it leads, or what is done there; also shown as a tooltip. */
  label: string;
  to: To;
  id?: string;
};

/** Looks like an IconButton, for what has an address. */
export function IconLink({ icon, label, to, id }: IconLinkProps): ReactNode {
  return (
    <Link id={id} className={styles.button} to={to} aria-label={label} title={label}>
      <Icon name={icon} />
    </Link>
  );
}
