// SPDX-License-Identifier: MIT
import { lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';

import { ProgressLine } from '../components/progress-line';

/** A page that is a file of its own, fetched when it is first opened. */
function lazyPage(load: () => Promise<ComponentType>): () => ReactNode {
  let loaded: ComponentType | null = null;
  const loadOnce = async (): Promise<{ default: ComponentType }> => {
    loaded = await load();
    return { default: loaded };
  };
  return function LazyPage(): ReactNode {
    // A lazy component remembers a failure for ever; whoever tries again gets a new one.
    const [Page] = useState<ComponentType>(() => loaded ?? lazy(loadOnce));
    return (
      <Suspense fallback={<ProgressLine label="Loading the page" />}>
        <Page />
      </Suspense>
    );
  };
}

export const LazyRecordings = lazyPage(
  async () => (await import('../features/recordings/recordings-page')).RecordingsPage,
);

export const LazyCameras = lazyPage(
  async () => (await import('../features/cameras/cameras-page')).CamerasPage,
);

export const LazyStorage = lazyPage(
  async () => (await import('../features/storage/storage-page')).StoragePage,
);
