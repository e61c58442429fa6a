// SPDX-License-Identifier: MIT
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import {
  createContext,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';

import type { Preferences } from '../lib/preferences';
import { browserZone, isValidZone, parseInstant } from '../lib/time';
import { setAlarms } from './alarms';
import { patchCameras } from './cameras';
import { EventsClient, eventsUrl, type ConnectionStatus } from './events-client';
import { PreferencesStore } from './preferences';
import { patchRecordings, refreshRecordings } from './recordings-cache';
import { refreshStorage } from './storage-cache';
import { forgetStorageWork, patchStorageWork } from './storage-work';
import type { EventMessage } from './types';

/** What the whole site shares: the connection, the zone of its clock, and that clock. */
export type Site = {
  connection: ConnectionStatus;
  /** Null until the recorder has said it; UTC in place of one that this browser does not know. */
  zone: string | null;
  /** What the recorder called it, if that was not known. */
  unknownZone: string | null;
  version: string | null;
};

type Listener = () => void;

const clockToleranceMs = 250;

/** Feeds the events socket into the query cache, and keeps what is not a query. */
export class SiteStore {
  readonly #client: QueryClient;
  readonly #events: EventsClient;
  /** What the viewer set up. */
  readonly preferences = new PreferencesStore();
  readonly #listeners = new Set<Listener>();
  #site: Site = { connection: { state: 'starting' }, zone: null, unknownZone: null, version: null };
  #clockOffsetMs = 0;

  constructor(
    client: QueryClient,
    url: string,
    createSocket?: (url: string, protocol: string) => WebSocket,
  ) {
    this.#client = client;
    this.#events = new EventsClient({
      url,
      createSocket,
      onMessage: (message) => this.#onMessage(message),
      onStatus: (connection) => this.#update({ connection }),
    });
  }

  start(): void {
    this.#events.start();
    this.preferences.start();
  }

  stop(): void {
    this.#events.stop();
    this.preferences.stop();
  }

  readonly retryNow = (): void => this.#events.retryNow();

  /** The recorder's clock: the viewer's own may be wrong, and times on screen must not be. */
  readonly now = (): number => Date.now() + this.#clockOffsetMs;

  readonly get = (): Site => this.#site;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #update(change: Partial<Site>): void {
    this.#site = { ...this.#site, ...change };
    for (const listener of this.#listeners) listener();
  }

  #onMessage(message: EventMessage): void {
    this.#setClock(message.at);
    switch (message.type) {
      case 'state':
        patchCameras(this.#client, message);
        this.#update({ ...zoneOf(message.time_zone), version: message.version });
        forgetStorageWork(this.#client);
        void refreshRecordings(this.#client);
        void refreshStorage(this.#client);
        this.preferences.onConnected();
        break;
      case 'preferences':
        this.preferences.onChanged(message.version);
        break;
      case 'camera':
      case 'camera_removed':
        patchCameras(this.#client, message);
        break;
      case 'recording':
        patchRecordings(this.#client, message.recording);
        break;
      case 'retention': {
        const { running, file_count, size_bytes, left_file_count } = message;
        const retention = { running, file_count, size_bytes, left_file_count };
        patchStorageWork(this.#client, { retention });
        break;
      }
      case 'moving': {
        const { running, file_count, left_file_count } = message;
        patchStorageWork(this.#client, { moving: { running, file_count, left_file_count } });
        break;
      }
      case 'alarms':
        setAlarms(this.#client, message.items);
        // Most of them are about a volume, which is now not as it was.
        void refreshStorage(this.#client);
        break;
      case 'ping':
        break;
    }
  }

  #setClock(at: string): void {
    const sent = parseInstant(at);
    if (sent === null) return;
    const offset = sent - Date.now();
    // The way here takes a few milliseconds; following those would make the clock jitter.
    if (Math.abs(offset - this.#clockOffsetMs) > clockToleranceMs) this.#clockOffsetMs = offset;
  }
}

function zoneOf(name: string): Pick<Site, 'zone' | 'unknownZone'> {
  return isValidZone(name)
    ? { zone: name, unknownZone: null }
    : { zone: 'UTC', unknownZone: name };
}

const SiteContext = createContext<SiteStore | null>(null);

type SiteProviderProps = {
  children: ReactNode;
  createSocket?: (url: string, protocol: string) => WebSocket;
};

export function SiteProvider({ children, createSocket }: SiteProviderProps): ReactNode {
  const client = useQueryClient();
  const [store] = useState(
    () => new SiteStore(client, eventsUrl(window.location), createSocket),
  );
  useEffect(() => {
    store.start();
    return () => store.stop();
  }, [store]);
  return <SiteContext value={store}>{children}</SiteContext>;
}

export function useSiteStore(): SiteStore {
  const store = useContext(SiteContext);
  if (store === null) throw new Error('useSiteStore() needs a <SiteProvider>');
  return store;
}

export function useSite(): Site {
  const store = useSiteStore();
  return useSyncExternalStore(store.subscribe, store.get);
}

/** The zone to show times in: the site's; the viewer's own as long as that is unknown. */
export function useZone(): string {
  return useSite().zone ?? browserZone();
}

type ChangePreferences = (edit: (preferences: Preferences) => Preferences) => void;

/** What the viewer set up, at once also after a change; and how to change it. */
export function usePreferences(): [Preferences, ChangePreferences] {
  const { preferences } = useSiteStore();
  return [useSyncExternalStore(preferences.subscribe, preferences.get), preferences.change];
}
