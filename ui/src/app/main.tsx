// SPDX-License-Identifier: MIT
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';

import { beginWithCameras } from '../api/cameras';
import type { Camera } from '../api/types';
import { App } from './app';
import { createQueryClient } from './query-client';

/** `cameras`: where they are known already. */
export function showApp(cameras: Camera[] | null): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const queryClient = createQueryClient();
  if (cameras !== null) beginWithCameras(queryClient, cameras);
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <App queryClient={queryClient} />
      </BrowserRouter>
    </StrictMode>,
  );
}
