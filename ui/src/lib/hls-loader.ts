// SPDX-License-Identifier: MIT
import type { ErrorData, HlsConfig } from 'hls.js';
import workerUrl from 'hls.js/dist/hls.worker.js?url';

/** What the live player uses of hls.js; a test gives it a fake. */
export type HlsLike = {
  attachMedia: (media: HTMLMediaElement) => void;
  loadSource: (url: string) => void;
  recoverMediaError: () => void;
  destroy: () => void;
  readonly latency: number;
  readonly playingDate: Date | null;
  readonly liveSyncPosition: number | null;
  /** Loaded since the start. */
  readonly bytes: number;
  /** Of the picture; empty before it is known. */
  readonly codec: string;
  /** Plays that much later than at best, which is a good segment behind the newest. */
  setMargin: (seconds: number) => void;
  onReady: (listener: () => void) => void;
  onError: (listener: (error: HlsFailure) => void) => void;
};

/** An hls.js error, reduced to what decides how to go on. */
export type HlsFailure = {
  fatal: boolean;
  kind: 'network' | 'media' | 'other';
  /** The picture stands still because nothing is buffered. */
  isStall: boolean;
  detail: string;
  httpStatus: number | null;
  retryAfterMs: number | null;
};

/** Retries inside hls.js are few and fast: whole-stream recovery is the player's own business. */
function policy(
  maxTimeToFirstByteMs: number,
  retries: number,
): HlsConfig['playlistLoadPolicy'] {
  const retry = { maxNumRetry: retries, retryDelayMs: 300, maxRetryDelayMs: 1000 };
  return {
    default: {
      maxTimeToFirstByteMs,
      maxLoadTimeMs: maxTimeToFirstByteMs + 4000,
      timeoutRetry: retry,
      errorRetry: retry,
    },
  };
}

/** A segment is played while the next one is in coming; the rest is for its way. */
const liveSyncDurationCount = 1.25;

/** For MPEG-TS with 1 s segments; hls.js's own defaults hold three segments and never catch up. */
export const liveConfig: Partial<HlsConfig> = {
  // Without parts in the playlist this only switches hls.js's catching up on.
  lowLatencyMode: true,
  liveSyncDurationCount,
  // Further behind than twice what it aims at and one segment, hls.js no longer plays faster; from
  // here on it jumps. A stall, without which one does not get so far, makes it aim 0.25 s lower, so
  // these two meet, and no distance is left at which the picture would stay late.
  liveMaxLatencyDurationCount: 3.5,
  maxLiveSyncPlaybackRate: 1.5,
  // It never takes back what it adds, so the player does both (StallMargin).
  liveSyncOnStallIncrease: 0,
  backBufferLength: 4,
  maxBufferLength: 6,
  maxMaxBufferLength: 10,
  startFragPrefetch: true,
  testBandwidth: false,
  // One worker is shared by all tiles, from our own origin, so the page stays smooth and the CSP
  // needs no blob:.
  enableWorker: true,
  workerPath: workerUrl,
  // The daemon may hold the first answer for some 3 s while the stream warms up.
  manifestLoadPolicy: policy(8000, 0),
  playlistLoadPolicy: policy(4000, 3),
  fragLoadPolicy: policy(4000, 3),
};

/**
 * With parts: how far behind it plays is said by the playlist, and not to be said here as well. The
 * rate is left to HlsSession, which hls.js would set back.
 */
export const lowLatencyConfig: Partial<HlsConfig> = {
  ...liveConfig,
  liveSyncDurationCount: undefined,
  liveMaxLatencyDurationCount: undefined,
  maxLiveSyncPlaybackRate: 1,
  liveSyncOnStallIncrease: 0.1,
  // dropPlayedUntil() says when.
  backBufferLength: Infinity,
};

const keptPlayedS = 4;
/** Twice that for who is never near the newest part. */
const mostPlayedS = 30;
const atEdgeS = 0.01;

/** What hls.js has, as far as dropPlayedUntil() needs it. */
export type Played = {
  readonly media: Pick<HTMLMediaElement, 'buffered' | 'currentTime'> | null;
  readonly latestLevelDetails: { readonly edge: number } | null;
};

/**
 * Up to where what was played is to be dropped now, in seconds of the media; null for nothing. Must
 * be asked when a part has just been buffered.
 *
 * hls.js would drop it once a segment. Where that ends while a part is on its way, hls.js 1.7.4
 * forgets which parts of the segment it has, and at the segment's end may then ask for nothing until
 * the segment has no parts in the playlist any more, which is more than a second later
 * (getFragmentAtPosition() in its base-stream-controller.ts). So it is dropped seldom, and only when
 * nothing is left to load before the recorder has the next part.
 */
export function dropPlayedUntil({ media, latestLevelDetails }: Played): number | null {
  if (media === null || latestLevelDetails === null) return null;
  const { buffered, currentTime } = media;
  const playedS = buffered.length === 0 ? 0 : currentTime - buffered.start(0);
  if (playedS < mostPlayedS) return null;
  const isAtEdge = buffered.end(buffered.length - 1) > latestLevelDetails.edge - atEdgeS;
  return isAtEdge || playedS > 2 * mostPlayedS ? currentTime - keptPlayedS : null;
}

/** hls.js hands out its request as it is: an XMLHttpRequest, or nothing of use. */
function retryAfter(request: unknown): number | null {
  if (typeof request !== 'object' || request === null || !('getResponseHeader' in request)) {
    return null;
  }
  const { getResponseHeader } = request as { getResponseHeader: (name: string) => string | null };
  const seconds = Number(getResponseHeader.call(request, 'Retry-After') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/**
 * Fetches hls.js on first use. The light build plays H.264 + AAC in MPEG-TS; it was built without
 * H.265 in MPEG-TS, so such a camera (in a browser that can play it) gets the full build.
 */
export async function loadHls(codec: string | null, hasParts: boolean): Promise<HlsLike> {
  const { default: Hls } =
    codec === 'h265' ? await import('hls.js') : await import('hls.js/light');
  const hls = new Hls(hasParts ? lowLatencyConfig : liveConfig);
  let bytes = 0;
  hls.on(Hls.Events.FRAG_LOADED, (_event, { frag, part }) => {
    bytes += (part ?? frag).stats.loaded;
  });
  if (hasParts) {
    hls.on(Hls.Events.FRAG_BUFFERED, () => {
      const endOffset = dropPlayedUntil(hls);
      if (endOffset === null) return;
      hls.trigger(Hls.Events.BUFFER_FLUSHING, { startOffset: 0, endOffset, type: null });
    });
  }
  const failure = (data: ErrorData): HlsFailure => ({
    fatal: data.fatal,
    kind:
      data.type === Hls.ErrorTypes.NETWORK_ERROR
        ? 'network'
        : data.type === Hls.ErrorTypes.MEDIA_ERROR
          ? 'media'
          : 'other',
    isStall: data.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR,
    detail: data.details,
    httpStatus: data.response?.code ?? null,
    retryAfterMs: retryAfter(data.networkDetails),
  });
  return {
    attachMedia: (media) => hls.attachMedia(media),
    loadSource: (url) => hls.loadSource(url),
    recoverMediaError: () => hls.recoverMediaError(),
    destroy: () => hls.destroy(),
    get latency() {
      return hls.latency;
    },
    get playingDate() {
      return hls.playingDate;
    },
    get liveSyncPosition() {
      return hls.liveSyncPosition;
    },
    get bytes() {
      return bytes;
    },
    get codec() {
      return hls.levels[0]?.videoCodec ?? '';
    },
    setMargin: (seconds) => {
      const segmentS = hls.latestLevelDetails?.targetduration;
      if (segmentS === undefined) return;
      const wanted = liveSyncDurationCount * segmentS + seconds;
      if (hls.targetLatency !== wanted) hls.targetLatency = wanted;
    },
    onReady: (listener) => hls.on(Hls.Events.MANIFEST_PARSED, () => listener()),
    onError: (listener) => hls.on(Hls.Events.ERROR, (_event, data) => listener(failure(data))),
  };
}
