// SPDX-License-Identifier: MIT
import { QueryClient } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation, useNavigate, type NavigateFunction } from 'react-router';

import { LiveSocket } from '../lib/live/live-socket';
import { forgetLiveSocket } from '../lib/live/page-socket';
import { FakeServer } from './fake-server';
import { FakeSocket } from './fake-socket';

export type RenderedApp = {
  server: FakeServer;
  user: UserEvent;
  /** Path and query as the address bar would show them. */
  address: () => string;
  /** The back button of the browser. */
  back: () => void;
  /** The events socket, told inside `act`. */
  socket: (tell: (socket: FakeSocket) => void) => void;
};

type AppComponent = (props: {
  queryClient: QueryClient;
  createSocket: typeof FakeSocket.create;
}) => ReactNode;

/** Renders the whole application, which the caller imports: shared code does not know src/app. */
export function renderApp(App: AppComponent, path: string, server = new FakeServer()): RenderedApp {
  server.install();
  FakeSocket.all = [];
  forgetLiveSocket(new LiveSocket({ url: '', createSocket: FakeSocket.createSilent }));
  let address = '';
  let navigate: NavigateFunction;
  function Address(): ReactNode {
    const { pathname, search } = useLocation();
    address = pathname + search;
    navigate = useNavigate();
    return null;
  }
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MemoryRouter initialEntries={[path]}>
      <App queryClient={queryClient} createSocket={FakeSocket.create} />
      <Address />
    </MemoryRouter>,
  );
  return {
    server,
    user: userEvent.setup(),
    address: () => address,
    back: () => act(() => void navigate(-1)),
    socket: (tell) => act(() => tell(FakeSocket.newest)),
  };
}
