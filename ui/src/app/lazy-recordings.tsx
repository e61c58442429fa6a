// SPDX-License-Identifier: MIT
import { lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';

import { ProgressLine } from '../components/progress-line';

let loaded: ComponentType | null = null;

async function load(): Promise<{ default: ComponentType }> {
  const { RecordingsPage } = await import('../features/recordings/recordings-page');
  loaded = RecordingsPage;
  return { default: RecordingsPage };
}

/** The recordings are a file of their own, fetched when they are first opened. */
export function LazyRecordings(): ReactNode {
  // A lazy component remembers a failure for ever; whoever tries again gets a new one.
  const [Page] = useState<ComponentType>(() => loaded ?? lazy(load));
  return (
    <Suspense fallback={<ProgressLine label="Loading the page" />}>
      <Page />
    </Suspense>
  );
}
