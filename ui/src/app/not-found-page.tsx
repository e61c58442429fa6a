// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { Note } from '../components/note';

export function NotFoundPage(): ReactNode {
  return (
    <>
      <title>Not found - RoninNVR</title>
      <h1 className="visually-hidden">Not found</h1>
      <Note icon="warning" title="There is no page at this address">
        <Link className="button" to="/live">
          Go to the live pictures
        </Link>
      </Note>
    </>
  );
}
