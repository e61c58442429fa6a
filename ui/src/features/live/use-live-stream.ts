// SPDX-License-Identifier: MIT
import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react';

import { useSite, useSiteStore } from '../../api/site';
import type { Camera } from '../../api/types';
import { codecName, whyUnplayable } from '../../lib/codec-support';
import type { LivePlayerEvent, LiveStats, LiveTransport } from '../../lib/live/events';
import type { LivePlayer, LiveView } from '../../lib/live/live-player';
import { shownStreams } from '../../lib/live/page-socket';
import { earlyStream } from './early-streams';
import {
  makePlayer,
  makeSurface,
  markTransport,
  streamFacts,
  type StreamFacts,
  type Surface,
} from './make-player';
import {
  hasPictures,
  initialTileState,
  isTileEvent,
  tileReducer,
  type TileEvent,
  type TileState,
} from './tile-state';

/** All that are on the page: where the browser waits for the viewer's word, one word is enough. */
const players = new Set<LivePlayer>();

function playAll(): void {
  for (const player of players) player.play();
}

export type LiveStreamOptions = {
  /** Whether the tile is on screen; only then is anything fetched. */
  isVisible: boolean;
  /** The only tile that is shown: it gets the main stream, and as little delay as can be. */
  isEnlarged: boolean;
  /** Measured once a second, while somebody looks. */
  wantsStats: boolean;
  isAudible: boolean;
};

export type LiveStream = {
  state: TileState;
  /** It was begun before this tile was there, not long ago. */
  isBegun: boolean;
  surface: Surface;
  /** On the viewer's word, where the browser waits for it. */
  play: () => void;
  /** Without waiting for the pause between two tries to end. */
  retry: () => void;
  /** Null until a picture was shown. */
  transport: LiveTransport | null;
  stats: LiveStats | null;
  /** Where the picture is that is seen now: to copy it from. */
  picture: () => HTMLVideoElement | HTMLCanvasElement | null;
};

/** For so long a tile that the page began with is taken to be in sight, and needs nothing else. */
const beginningMs = 3000;

function isSameStream(a: StreamFacts, b: StreamFacts): boolean {
  return a.id === b.id && a.hasSub === b.hasSub && a.codec === b.codec;
}

/** How people know what a MIME type calls `hvc1.1.6.L93.B0`. */
function knownCodec(codec: string): string {
  if (/^(hvc1|hev1)/.test(codec)) return codecName('h265');
  if (/^avc[13]/.test(codec)) return codecName('h264');
  return codecName(/^\w+/.exec(codec)?.[0] ?? codec);
}

/** Where the page has begun: what has been told of the stream that was there before its tile. */
function firstState({ camera, unplayable }: Start, events: readonly LivePlayerEvent[]): TileState {
  const told: TileEvent[] = [{ type: 'camera', camera, unplayable }, ...events.filter(isTileEvent)];
  return told.reduce(tileReducer, initialTileState);
}

type Start = { camera: Camera; unplayable: string | null };

function refusedIn(events: readonly LivePlayerEvent[]): string | null {
  return events.findLast((event) => event.type === 'unplayable')?.codec ?? null;
}

function transportIn(events: readonly LivePlayerEvent[]): LiveTransport | null {
  return events.findLast((event) => event.type === 'transport') ?? null;
}

/** Plays the camera in the returned elements while it is visible, and says how that is going. */
export function useLiveStream(camera: Camera, options: LiveStreamOptions): LiveStream {
  const { isVisible, isEnlarged, wantsStats, isAudible } = options;
  const { now } = useSiteStore();
  const isConnected = useSite().connection.state === 'open';
  const { id, hasSub, codec } = streamFacts(camera);
  // What was begun before this tile, and how much of what that told is known here.
  const [begun] = useState(() => {
    const stream = earlyStream(id);
    return stream === null ? null : { stream, events: [...stream.events] };
  });
  const [surface] = useState(() => begun?.stream.surface ?? makeSurface(camera.name));
  const [transport, setTransport] = useState(() => transportIn(begun?.events ?? []));
  const [stats, setStats] = useState<LiveStats | null>(null);
  const [refusedCodec, setRefusedCodec] = useState(() => refusedIn(begun?.events ?? []));
  const player = useRef<LivePlayer>(null);
  const { video } = surface;

  const unplayable =
    refusedCodec !== null
      ? `This browser cannot play ${knownCodec(refusedCodec)} from this camera.`
      : hasSub
        ? null
        : whyUnplayable(codec);
  const [state, dispatch] = useReducer(tileReducer, { camera, unplayable }, (start) =>
    firstState(start, begun?.events ?? []),
  );
  useEffect(() => dispatch({ type: 'camera', camera, unplayable }), [camera, unplayable]);

  const onEvent = useEffectEvent((event: LivePlayerEvent): void => {
    if (isTileEvent(event)) {
      dispatch(event);
    } else if (event.type === 'stats') {
      setStats(event.stats);
    } else if (event.type === 'unplayable') {
      setRefusedCodec(event.codec);
    } else {
      const { transport: name, stream, isLowLatency } = event;
      setTransport({ transport: name, stream, isLowLatency });
      markTransport(video, event);
      if (name === 'websocket') shownStreams().show(id, stream);
    }
  });

  const view = useRef<LiveView>({ isEnlarged, isAudible, wantsStats });
  useEffect(() => {
    view.current = { isEnlarged, isAudible, wantsStats };
    player.current?.setView(view.current);
  }, [isEnlarged, isAudible, wantsStats]);

  const [isBegun, setIsBegun] = useState(begun !== null);
  useEffect(() => {
    if (!isBegun) return;
    // By then it is known whether the tile is in sight.
    const timer = setTimeout(() => setIsBegun(false), beginningMs);
    return () => clearTimeout(timer);
  }, [isBegun]);

  const isWanted = (isVisible || isBegun) && hasPictures(camera);
  useEffect(() => {
    if (!isWanted) return;
    const facts = { id, hasSub, codec };
    const early = earlyStream(id);
    const isSame = early !== null && early === begun?.stream && isSameStream(early.facts, facts);
    const tell = (event: LivePlayerEvent): void => onEvent(event);
    let live: LivePlayer;
    if (isSame) {
      live = early.take(begun.events.length, tell, now);
      const told = transportIn(begun.events);
      if (told?.transport === 'websocket') shownStreams().show(id, told.stream);
      live.setView(view.current);
    } else {
      early?.drop();
      live = makePlayer(facts, surface, view.current, tell, now);
      live.start();
    }
    player.current = live;
    players.add(live);
    return () => {
      live.stop();
      player.current = null;
      players.delete(live);
      shownStreams().hide(id);
      dispatch({ type: 'stopped' });
      setTransport(null);
      setStats(null);
      setRefusedCodec(null);
    };
  }, [id, hasSub, codec, surface, begun, isWanted, now]);

  // The recorder is back: no reason to sit out the pause between two tries.
  useEffect(() => {
    if (isConnected) player.current?.retryNow();
  }, [isConnected]);

  return {
    state,
    isBegun,
    surface,
    play: playAll,
    retry: () => player.current?.retryNow(),
    transport,
    stats: wantsStats ? stats : null,
    picture: () => player.current?.picture ?? null,
  };
}
