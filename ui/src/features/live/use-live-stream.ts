// SPDX-License-Identifier: MIT
import { useCallback, useEffect, useReducer, useRef, useState, type RefObject } from 'react';

import { liveStreamUrl } from '../../api/cameras';
import { useSite, useSiteStore } from '../../api/site';
import { fetchPicture } from '../../api/snapshots';
import type { Camera } from '../../api/types';
import { codecName, whyUnplayable } from '../../lib/codec-support';
import type { LivePlayerEvent, LiveStats, LiveTransport } from '../../lib/live/events';
import { LivePlayer, type LiveView } from '../../lib/live/live-player';
import { liveSocket, shownStreams } from '../../lib/live/page-socket';
import { StartGate } from '../../lib/start-gate';
import {
  hasPictures,
  initialTileState,
  tileReducer,
  type TileEvent,
  type TileState,
} from './tile-state';

/** One for all tiles that come by HTTP: it is the browser's connections that are few. */
const startGate = new StartGate();

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
  video: RefObject<HTMLVideoElement | null>;
  /**
   * Behind the video: shows the last picture while the video has none, and every picture where it
   * does not come through the video (`transport.isLowLatency`, or `jpeg`).
   */
  still: RefObject<HTMLCanvasElement | null>;
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

type PlayerTileEvent = Extract<LivePlayerEvent, TileEvent>;

function isTileEvent(event: LivePlayerEvent): event is PlayerTileEvent {
  return event.type !== 'transport' && event.type !== 'unplayable' && event.type !== 'stats';
}

const pictureWidth = 1280;

/** How people know what a MIME type calls `hvc1.1.6.L93.B0`. */
function knownCodec(codec: string): string {
  if (/^(hvc1|hev1)/.test(codec)) return codecName('h265');
  if (/^avc[13]/.test(codec)) return codecName('h264');
  return codecName(/^\w+/.exec(codec)?.[0] ?? codec);
}

/** Plays the camera in the returned elements while it is visible, and says how that is going. */
export function useLiveStream(camera: Camera, options: LiveStreamOptions): LiveStream {
  const { isVisible, isEnlarged, wantsStats, isAudible } = options;
  const { now } = useSiteStore();
  const isConnected = useSite().connection.state === 'open';
  const [state, dispatch] = useReducer(tileReducer, initialTileState);
  const [transport, setTransport] = useState<LiveTransport | null>(null);
  const [stats, setStats] = useState<LiveStats | null>(null);
  const [refusedCodec, setRefusedCodec] = useState<string | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const player = useRef<LivePlayer>(null);

  const { id } = camera;
  const hasSub = camera.sub_url !== null;
  const codec = camera.stream.video?.codec ?? null;
  const isMainUnplayable = whyUnplayable(codec) !== null;
  const unplayable =
    refusedCodec !== null
      ? `This browser cannot play ${knownCodec(refusedCodec)} from this camera.`
      : hasSub
        ? null
        : whyUnplayable(codec);
  useEffect(() => dispatch({ type: 'camera', camera, unplayable }), [camera, unplayable]);

  const onEvent = useCallback(
    (event: LivePlayerEvent): void => {
      if (isTileEvent(event)) {
        dispatch(event);
      } else if (event.type === 'stats') {
        setStats(event.stats);
      } else if (event.type === 'unplayable') {
        setRefusedCodec(event.codec);
      } else {
        const { transport: name, stream, isLowLatency } = event;
        setTransport({ transport: name, stream, isLowLatency });
        // For who looks at the page with other means than React's.
        video.current?.setAttribute('data-transport', isLowLatency ? 'low-latency' : name);
        video.current?.setAttribute('data-stream', stream);
        if (name === 'websocket') shownStreams().show(id, stream);
      }
    },
    [id],
  );

  const view = useRef<LiveView>({ isEnlarged, isAudible, wantsStats });
  useEffect(() => {
    view.current = { isEnlarged, isAudible, wantsStats };
    player.current?.setView(view.current);
  }, [isEnlarged, isAudible, wantsStats]);

  const isWanted = isVisible && hasPictures(camera);
  useEffect(() => {
    if (!isWanted || video.current === null || still.current === null) return;
    const live = new LivePlayer({
      video: video.current,
      still: still.current,
      cameraId: id,
      hasSub,
      unplayable: isMainUnplayable ? codec : null,
      socket: liveSocket(),
      url: (name, stream) => liveStreamUrl(id, name, stream),
      gate: startGate,
      loadHls: async (name) => {
        const { loadHls } = await import('../../lib/hls-loader');
        return loadHls(codec === 'h265' ? 'h265' : 'h264', name === 'll-hls');
      },
      loadPicture: (_stream, signal) => fetchPicture(id, pictureWidth, signal),
      view: view.current,
      onEvent,
      now,
    });
    player.current = live;
    players.add(live);
    live.start();
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
  }, [id, hasSub, codec, isMainUnplayable, isWanted, now, onEvent]);

  // The recorder is back: no reason to sit out the pause between two tries.
  useEffect(() => {
    if (isConnected) player.current?.retryNow();
  }, [isConnected]);

  return {
    state,
    video,
    still,
    play: playAll,
    retry: () => player.current?.retryNow(),
    transport,
    stats: wantsStats ? stats : null,
    picture: () => player.current?.picture ?? null,
  };
}
