// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { Note } from './note';
import { ProgressLine } from './progress-line';

type NotLoadedProps = {
  /** In the plural: "cameras". */
  what: string;
  /** Why it did not come; null while it is on its way. */
  error: Error | null;
  onRetry: () => void;
};

/** In place of what is not there yet. */
export function NotLoaded({ what, error, onRetry }: NotLoadedProps): ReactNode {
  if (error === null) return <ProgressLine label={`Loading the ${what}`} />;
  return (
    <Note icon="warning" title={`The ${what} could not be loaded`} isError>
      <p>{error.message}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </Note>
  );
}
