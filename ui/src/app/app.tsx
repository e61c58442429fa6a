// SPDX-License-Identifier: MIT
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes } from 'react-router';

import { SiteProvider } from '../api/site';
import { ProgressLine } from '../components/progress-line';
import { LivePage } from '../features/live/live-page';
import { Layout } from './layout';
import { NotFoundPage } from './not-found-page';

const RecordingsPage = lazy(async () => {
  const { RecordingsPage: page } = await import('../features/recordings/recordings-page');
  return { default: page };
});

type AppProps = {
  queryClient: QueryClient;
  createSocket?: (url: string, protocol: string) => WebSocket;
};

/** Everything below the router; tests give it a memory router and a fake socket. */
export function App({ queryClient, createSocket }: AppProps): ReactNode {
  return (
    <QueryClientProvider client={queryClient}>
      <SiteProvider createSocket={createSocket}>
        <Routes>
          <Route element={<Layout />}>
            <Route index element={<Navigate to="/live" replace />} />
            <Route path="live" element={<LivePage />}>
              <Route path="cam/:cameraId" element={null} />
            </Route>
            <Route
              path="recordings"
              element={
                <Suspense fallback={<ProgressLine label="Loading the page" />}>
                  <RecordingsPage />
                </Suspense>
              }
            />
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Routes>
      </SiteProvider>
    </QueryClientProvider>
  );
}
