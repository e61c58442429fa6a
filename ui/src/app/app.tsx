// SPDX-License-Identifier: MIT
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';

import { SiteProvider } from '../api/site';
import { ErrorBoundary } from '../components/error-boundary';
import { LivePage } from '../features/live/live-page';
import { Layout } from './layout';
import { LazyCameras, LazyRecordings, LazyStorage } from './lazy-pages';
import { NotFoundPage } from './not-found-page';
import { PageFailure } from './page-failure';

type AppProps = {
  queryClient: QueryClient;
  createSocket?: (url: string, protocol: string) => WebSocket;
};

/** Everything below the router; tests give it a memory router and a fake socket. */
export function App({ queryClient, createSocket }: AppProps): ReactNode {
  const { key } = useLocation();
  return (
    // Each page has a boundary of its own in the layout; this one is for the layout.
    <ErrorBoundary
      resetKey={key}
      fallback={(retry) => (
        <main>
          <PageFailure onRetry={retry} />
        </main>
      )}
    >
      <QueryClientProvider client={queryClient}>
        <SiteProvider createSocket={createSocket}>
          <Routes>
            <Route element={<Layout />}>
              <Route index element={<Navigate to="/live" replace />} />
              <Route path="live" element={<LivePage />}>
                <Route path="cam/:cameraId" element={null} />
                <Route path=":layout" element={null} />
              </Route>
              <Route path="recordings" element={<LazyRecordings />} />
              <Route path="cameras" element={<LazyCameras />}>
                <Route path=":which" element={null} />
              </Route>
              <Route path="storage" element={<LazyStorage />}>
                <Route path=":what" element={null} />
                <Route path=":what/:which" element={null} />
              </Route>
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Routes>
        </SiteProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
