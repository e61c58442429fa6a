// SPDX-License-Identifier: MIT
import {
  useEffect,
  useRef,
  useState,
  type ReactEventHandler,
  type RefObject,
} from 'react';

import { recordingStreamUrl } from '../../api/recordings';
import type { Recording } from '../../api/types';
import { decodeError, whyNotPlaying, type PlaybackFailure } from './playback-failure';

export type PlaybackState =
  | { kind: 'loading' }
  | { kind: 'playing' }
  | { kind: 'paused' }
  | { kind: 'ended' }
  | ({ kind: 'failed' } & PlaybackFailure);

type PlaybackOptions = {
  recording: Recording;
  /** By the recorder; the file's own idea of its length is wrong while it grows. */
  durationS: number;
  /** Where to begin; read whenever another recording is opened. */
  startAt: number;
  onPositionSettled: (seconds: number) => void;
  onEnded: () => void;
  /** The file could not be read: it may be gone. */
  onUnreadable: () => void;
};

type VideoHandler = ReactEventHandler<HTMLVideoElement>;

type Playback = {
  video: RefObject<HTMLVideoElement | null>;
  /** The address to read from. */
  source: string;
  state: PlaybackState;
  position: number;
  speed: number;
  setSpeed: (speed: number) => void;
  togglePlay: () => void;
  retry: () => void;
  seek: (seconds: number) => void;
  jump: (seconds: number) => void;
  stepFrame: (seconds: number) => void;
  settle: () => void;
  /** To be given to the <video>, as is `video`. */
  handlers: Record<
    'onLoadedMetadata' | 'onTimeUpdate' | 'onPlaying' | 'onPause' | 'onEnded' | 'onError',
    VideoHandler
  >;
};

/** What the next `loadedmetadata` of that recording is to go on with. */
type Resume = { id: number; seconds: number; plays: boolean };

const paused: PlaybackState = { kind: 'paused' };
const loading: PlaybackState = { kind: 'loading' };
// Of a file that grows, less is not worth a new request. What is played takes as long as it grew meanwhile,
// and what is known of its length is up to a second old, so a page that is there at once needs this small.
const growthS = 1;
// A file that was closed meanwhile is known to the frame, and nothing else will bring its last pictures.
const restS = 0.5;
const lastFrameS = 0.05;

function unlessFailed(state: PlaybackState): (before: PlaybackState) => PlaybackState {
  return (before) => (before.kind === 'failed' ? before : state);
}

/** Plays one recording after the other in the same <video>; speed and sound stay. */
export function usePlayback({
  recording,
  durationS,
  startAt,
  onPositionSettled,
  onEnded,
  onUnreadable,
}: PlaybackOptions): Playback {
  const { id } = recording;
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<PlaybackState>(loading);
  const [position, setPosition] = useState(startAt);
  const [speed, setSpeed] = useState(1);
  const [reads, setReads] = useState({ id, count: 0 });
  const resume = useRef<Resume>(null);
  /** How far the file reached when its end was last met, so that one that is stuck is not asked for ever. */
  const lastEnd = useRef({ id, seconds: 0 });
  /** What the browser has of it was read while it grew, so the file may hold more. */
  const isPartial = useRef(false);

  const [openId, setOpenId] = useState(id);
  if (openId !== id) {
    setOpenId(id);
    setState(loading);
    setPosition(startAt);
  }

  // React sets `playbackRate` of no element, and loading a file resets it.
  useEffect(() => {
    if (video.current === null) return;
    video.current.defaultPlaybackRate = speed;
    video.current.playbackRate = speed;
  }, [speed]);

  const pending = (): Resume | null => (resume.current?.id === id ? resume.current : null);
  const here = (): number => pending()?.seconds ?? video.current?.currentTime ?? position;
  /** The browser knows as much of a file as there was when it was loaded. */
  const loadedEnd = (): number => {
    const end = video.current?.duration ?? Number.NaN;
    return Number.isFinite(end) ? end : Number.POSITIVE_INFINITY;
  };
  const isGrowing = recording.state === 'recording';
  const hasMoreAfter = (seconds: number): boolean =>
    durationS - seconds > (isPartial.current && !isGrowing ? restS : growthS);

  const loadAnew = (seconds: number, plays: boolean): void => {
    const isUnderWay = state.kind === 'loading';
    resume.current = { id, seconds, plays };
    setPosition(seconds);
    setState(loading);
    if (!isUnderWay) setReads(({ count }) => ({ id, count: count + 1 }));
  };
  const play = (): void => {
    video.current?.play().catch((error: unknown) => {
      // Something else was loaded, or it was paused: that tells of itself.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      // A refusal (autoplay policy) leaves the player paused, with its play button.
      setState(unlessFailed(paused));
    });
  };
  const seek = (seconds: number): void => {
    if (state.kind === 'failed' && !state.canRetry) return;
    const target = Math.min(Math.max(0, seconds), Math.max(0, durationS - 0.1));
    if (state.kind === 'failed' || state.kind === 'loading') {
      loadAnew(target, pending()?.plays ?? true);
    } else if (target > loadedEnd()) {
      loadAnew(target, state.kind === 'playing');
    } else {
      if (video.current !== null) video.current.currentTime = target;
      setPosition(target);
      if (state.kind === 'ended') setState(paused);
    }
  };
  const settle = (): void => onPositionSettled(here());
  const jump = (seconds: number): void => {
    seek(here() + seconds);
    settle();
  };
  const retry = (): void => loadAnew(position, true);
  const togglePlay = (): void => {
    if (state.kind === 'playing') {
      video.current?.pause();
    } else if (state.kind === 'failed') {
      if (state.canRetry) retry();
    } else if (state.kind === 'ended' && (isGrowing || hasMoreAfter(here()))) {
      loadAnew(here(), true);
    } else if (state.kind === 'ended' && isPartial.current) {
      // It was closed while the viewer waited at its end: on to what came after it.
      isPartial.current = false;
      onEnded();
    } else {
      if (state.kind === 'ended') seek(0);
      play();
    }
  };
  const finish = (): void => {
    setState({ kind: 'ended' });
    onEnded();
  };

  const fail = (code: number | null): void => {
    const canPlay = (mime: string): boolean => video.current?.canPlayType(mime) !== '';
    setState({ kind: 'failed', ...whyNotPlaying(recording, code, canPlay) });
  };

  // At the same address, Chromium plays what it has read before, though it was told not to store it.
  const again = reads.id === id && reads.count > 0 ? `?read=${String(reads.count)}` : '';

  return {
    video,
    source: recordingStreamUrl(id) + again,
    state,
    position,
    speed,
    setSpeed,
    togglePlay,
    retry,
    seek,
    jump,
    settle,
    stepFrame: (seconds) => {
      video.current?.pause();
      jump(seconds);
    },
    handlers: {
      onLoadedMetadata: ({ currentTarget: element }) => {
        if (element.videoWidth === 0 && recording.video !== null) {
          fail(null);
          return;
        }
        const { seconds, plays } = pending() ?? { seconds: startAt, plays: true };
        resume.current = null;
        isPartial.current = isGrowing;
        element.playbackRate = speed;
        if (seconds > 0) element.currentTime = Math.min(seconds, Math.max(0, loadedEnd() - lastFrameS));
        // Playing from the very end would begin at the start.
        if (plays && seconds >= loadedEnd() - lastFrameS) finish();
        else if (plays) play();
        else setState(paused);
      },
      onTimeUpdate: ({ currentTarget }) => {
        // Loading goes over zero, wherever it is going to.
        if (state.kind !== 'loading') setPosition(currentTarget.currentTime);
      },
      onPlaying: () => setState({ kind: 'playing' }),
      onPause: ({ currentTarget }) => {
        if (currentTarget.ended) return;
        setState(unlessFailed(paused));
        settle();
      },
      onEnded: ({ currentTarget: { currentTime: end } }) => {
        const before = lastEnd.current.id === id ? lastEnd.current.seconds : 0;
        lastEnd.current = { id, seconds: end };
        if (hasMoreAfter(end) && end > before + 0.5) {
          // The end is also met by moving there while paused.
          loadAnew(end, state.kind !== 'paused');
          return;
        }
        finish();
      },
      onError: ({ currentTarget }) => {
        const code = currentTarget.error?.code ?? 4;
        fail(code);
        if (code !== decodeError) onUnreadable();
      },
    },
  };
}
