// SPDX-License-Identifier: MIT
import { useEffect, useReducer, useRef, type RefObject } from 'react';

import { liveStreamUrl } from '../../api/cameras';
import { useSite, useSiteStore } from '../../api/site';
import type { Camera } from '../../api/types';
import { whyUnplayable } from '../../lib/codec-support';
import { loadHls } from '../../lib/hls-loader';
import { LivePlayer } from '../../lib/live-player';
import { StartGate } from '../../lib/start-gate';
import { hasPictures, initialTileState, tileReducer, type TileState } from './tile-state';

/** One for all tiles: it is the browser's connections that are few. */
const startGate = new StartGate();

/** All that are on the page: where the browser waits for the viewer's word, one word is enough. */
const players = new Set<LivePlayer>();

function playAll(): void {
  for (const player of players) player.play();
}

type LiveStream = {
  state: TileState;
  video: RefObject<HTMLVideoElement | null>;
  /** Shows the last picture while the video has none. */
  still: RefObject<HTMLCanvasElement | null>;
  /** On the viewer's word, where the browser waits for it. */
  play: () => void;
  /** Without waiting for the pause between two tries to end. */
  retry: () => void;
};

/** Plays the camera in the returned elements while `isVisible`, and says how that is going. */
export function useLiveStream(camera: Camera, isVisible: boolean): LiveStream {
  const { now } = useSiteStore();
  const isConnected = useSite().connection.state === 'open';
  const [state, dispatch] = useReducer(tileReducer, initialTileState);
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const player = useRef<LivePlayer>(null);

  const codec = camera.stream.video?.codec ?? null;
  const unplayable = whyUnplayable(codec);
  useEffect(() => dispatch({ type: 'camera', camera, unplayable }), [camera, unplayable]);

  const { id } = camera;
  const isH265 = codec === 'h265';
  const isWanted = isVisible && hasPictures(camera) && unplayable === null;
  useEffect(() => {
    if (!isWanted || video.current === null) return;
    const live = new LivePlayer({
      video: video.current,
      still: still.current,
      url: liveStreamUrl(id),
      gate: startGate,
      loadHls: () => loadHls(isH265 ? 'h265' : 'h264'),
      onEvent: dispatch,
      now,
    });
    player.current = live;
    players.add(live);
    live.start();
    return () => {
      live.stop();
      player.current = null;
      players.delete(live);
      dispatch({ type: 'stopped' });
    };
  }, [id, isH265, isWanted, now]);

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
  };
}
