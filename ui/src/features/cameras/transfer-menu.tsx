// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { Icon } from '../../components/icon';
import { Menu } from '../../components/menu';

/** The ways of cameras to and from a file. */
export function TransferMenu(): ReactNode {
  const { search } = useLocation();
  return (
    <Menu label="More">
      <Link to={{ pathname: '/cameras/import', search }}>
        <Icon name="upload" />
        Import cameras
      </Link>
      <Link to={{ pathname: '/cameras/export', search }}>
        <Icon name="download" />
        Export cameras
      </Link>
    </Menu>
  );
}
