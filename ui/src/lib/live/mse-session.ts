// SPDX-License-Identifier: MIT
import { CatchUp } from './catch-up';
import type { StreamKind } from './events';
import { Mp4Error, readInit, readPictures, type Mp4Init } from './fmp4';
import { droppedFrames, FrameWatch, playVideo } from './frame-watch';
import { codecsOf, videoCodecOf, type LiveInit } from './live-messages';
import type { LiveChannel, LiveSocket } from './live-socket';
import { MseSink, type SinkFailure } from './mse-sink';
import type { Session, SessionEvents, SessionFigures } from './session';
import { paintKeyframe } from './paint-keyframe';
import { fragmentsWithoutAudio, initWithoutAudio } from './without-audio';

export type MseSessionOptions = {
  video: HTMLVideoElement;
  /** Behind the video: shows the first keyframe until that has a picture; null: shows something else. */
  still: HTMLCanvasElement | null;
  socket: LiveSocket;
  cameraId: number;
  stream: StreamKind;
  isAudible: boolean;
  events: SessionEvents & { onEnded: (code: string) => void };
  /** The recorder's clock in epoch milliseconds. */
  now: () => number;
};

const paceMs = 100;
const minJumpS = 0.15;
const betweenJumpsMs = 700;
/** A start and a seek are bumpy, whatever the way is like. */
const settledAfterMs = 2000;

function isWithin(buffered: TimeRanges, at: number): boolean {
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= at && at <= buffered.end(i)) return true;
  }
  return false;
}

/** The MIME type of a stream whose sound was taken out. */
function withoutAudioMime(mime: string): string {
  return mime.replace(codecsOf(mime), videoCodecOf(mime));
}

/**
 * A stream of the live socket in a <video>, as close behind the camera as the way allows. Sound that
 * nobody hears is left out: the picture would have to wait for it.
 */
export class MseSession implements Session {
  readonly transport = 'websocket';
  readonly isLowLatency = false;
  readonly surface = 'video';
  readonly #options: MseSessionOptions;
  readonly #sink: MseSink;
  readonly #watch: FrameWatch;
  readonly #catchUp = new CatchUp();
  #channel: LiveChannel | null = null;
  #shownStream: StreamKind;
  #comingStream: StreamKind;
  #mp4: Mp4Init | null = null;
  #hasAudio: boolean | null = null;
  #codec = '';
  #bytes = 0;
  /** Where the group of pictures ends that has to be loaded before the picture goes there. */
  #goTo: { endS: number; stream: StreamKind; piece: number } | 'next' | null = 'next';
  #paceTimer: ReturnType<typeof setInterval> | null = null;
  #calmFrom = 0;
  #isStarting = true;
  #soughtAt = 0;
  /** Since when the picture stands still although it should not. */
  #standsSince: number | null = null;

  constructor(options: MseSessionOptions) {
    this.#options = options;
    this.#shownStream = options.stream;
    this.#comingStream = options.stream;
    this.#sink = new MseSink({
      video: options.video,
      onChange: () => this.#onLoaded(),
      onFailure: (failure) => this.#onSinkFailure(failure),
    });
    this.#watch = new FrameWatch(options.video, () => this.#onFrame());
  }

  /** Of the picture that is seen. */
  get stream(): StreamKind {
    return this.#shownStream;
  }

  start(): void {
    const { video, socket, cameraId, stream, events } = this.#options;
    this.#calmFrom = performance.now() + settledAfterMs;
    video.addEventListener('waiting', this.#onWaiting);
    video.addEventListener('playing', this.#onPlaying);
    video.addEventListener('pause', this.#onPause);
    this.#paceTimer = setInterval(() => this.#keepPace(), paceMs);
    this.#sink.open();
    this.#channel = socket.subscribe(
      { cameraId, stream },
      {
        onInit: (init, segment) => this.#guarded(() => this.#onInit(init, segment)),
        onMedia: (bytes, atMs) => this.#guarded(() => this.#onMedia(bytes, atMs)),
        onDropped: () => (this.#goTo = 'next'),
        onEnded: (code) => events.onEnded(code),
        onLost: () => undefined,
      },
    );
    this.#watch.start();
    playVideo(video, events.onRefused);
  }

  stop(): void {
    const { video } = this.#options;
    this.#channel?.close();
    this.#channel = null;
    if (this.#paceTimer !== null) clearInterval(this.#paceTimer);
    video.removeEventListener('waiting', this.#onWaiting);
    video.removeEventListener('playing', this.#onPlaying);
    video.removeEventListener('pause', this.#onPause);
    this.#watch.stop();
    this.#sink.close();
    video.playbackRate = 1;
  }

  resume(): void {
    this.#goToNow();
    playVideo(this.#options.video, this.#options.events.onRefused);
  }

  switchTo(stream: StreamKind): boolean {
    // With sound the tracks of the other stream may be others.
    if (this.#hasAudio !== false) return this.#comingStream === stream;
    if (this.#comingStream !== stream) this.#channel?.switchTo(stream);
    this.#comingStream = stream;
    return true;
  }

  latencyS(): number | null {
    const { video, now } = this.#options;
    return video.currentTime === 0 ? null : now() / 1000 - video.currentTime;
  }

  figures(): SessionFigures {
    const { video } = this.#options;
    const end = this.#sink.endS;
    return {
      frames: this.#watch.frames,
      bytes: this.#bytes,
      droppedFrames: droppedFrames(video),
      bufferedS: end === null ? 0 : Math.max(0, end - video.currentTime),
      width: video.videoWidth,
      height: video.videoHeight,
      codec: this.#codec,
    };
  }

  /** A stream that cannot be read is an answer of its own, not the end of the page. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Mp4Error)) throw error;
      console.warn('A live stream could not be read:', error.message);
      this.#options.events.onFailure({ why: 'media' });
    }
  }

  #onInit(init: LiveInit, segment: Uint8Array): void {
    this.#bytes += segment.byteLength;
    const mp4 = readInit(segment);
    const hasAudio = this.#options.isAudible && mp4.audioIds.length > 0;
    if (this.#hasAudio !== null && this.#hasAudio !== hasAudio) {
      this.#options.events.onFailure({ why: 'restart' });
      return;
    }
    this.#mp4 = mp4;
    this.#hasAudio = hasAudio;
    this.#codec = videoCodecOf(init.mime);
    this.#goTo = 'next';
    this.#catchUp.reset(performance.now());
    if (hasAudio) this.#sink.init(init.mime, segment);
    else this.#sink.init(withoutAudioMime(init.mime), initWithoutAudio(segment, mp4));
  }

  #onMedia(bytes: Uint8Array, atMs: number): void {
    const mp4 = this.#mp4;
    if (mp4 === null) return;
    this.#bytes += bytes.byteLength;
    const pictures = readPictures(bytes, mp4);
    const last = pictures.at(-1);
    if (last === undefined) return;
    const endS = last.decodeS + last.durationS;
    this.#catchUp.onArrival(atMs, endS, last.durationS);
    const key = pictures.find(({ isKey }) => isKey);
    const { still, video } = this.#options;
    if (still !== null && key !== undefined && video.videoWidth === 0) paintKeyframe(still, this.#codec, mp4, key);
    const kept = this.#hasAudio === true ? bytes : fragmentsWithoutAudio(bytes, mp4);
    const piece = this.#sink.append(kept, key?.presentS ?? null);
    if (this.#goTo === 'next') this.#goTo = { endS, stream: this.#comingStream, piece };
  }

  #onSinkFailure(failure: SinkFailure): void {
    const { events } = this.#options;
    if (failure === 'unplayable') events.onFailure({ why: 'unplayable', codec: this.#codec });
    else events.onFailure({ why: failure });
  }

  #onLoaded(): void {
    const end = this.#sink.endS;
    if (end === null) return;
    const goTo = this.#goTo;
    if (goTo !== null && goTo !== 'next' && this.#sink.loaded >= goTo.piece) {
      this.#goTo = null;
      this.#shownStream = goTo.stream;
      this.#calmFrom = performance.now() + settledAfterMs;
      // The group of pictures is there: of all that was missed, only the newest is shown. What came after
      // it may still wait; on a busy machine something always does.
      this.#seek(Math.max(goTo.endS, this.#catchUp.edgeS(performance.now()) ?? 0));
      return;
    }
    this.#keepPace();
  }

  #onFrame(): void {
    this.#options.events.onFrame();
  }

  /** To `edgeS` but for what has to stay in front of the picture. */
  #seek(edgeS: number): void {
    const { video } = this.#options;
    const end = this.#sink.endS ?? edgeS;
    const { buffered } = video;
    const start = buffered.length === 0 ? 0 : buffered.start(buffered.length - 1);
    video.playbackRate = 1;
    this.#soughtAt = performance.now();
    this.#standsSince = null;
    video.currentTime = Math.max(start, Math.min(edgeS, end) - this.#catchUp.targetS);
  }

  #goToNow(): void {
    const edge = this.#catchUp.edgeS(performance.now());
    const end = this.#sink.endS;
    if (edge !== null && end !== null && end - this.#options.video.currentTime > 1) this.#seek(edge);
  }

  #keepPace(): void {
    const { video } = this.#options;
    if (this.#goTo !== null || video.seeking) return;
    const { buffered, currentTime } = video;
    const end = this.#sink.endS;
    if (end === null) return;
    const now = performance.now();
    // A hole that frames were lost in: playing does not cross it.
    if (!isWithin(buffered, currentTime) && end > currentTime) {
      this.#seek(this.#catchUp.edgeS(now) ?? end);
      return;
    }
    if (this.#isStarting && now >= this.#calmFrom) {
      // The page was busy with its start; that is no jitter of the way.
      this.#isStarting = false;
      this.#catchUp.forgetJitter();
    }
    const pace = this.#catchUp.pace(now, currentTime, now < this.#calmFrom);
    if ('jumpTo' in pace) {
      // Only to what is there; and not again before the browser had time to get there.
      if (end - currentTime > minJumpS && now - this.#soughtAt >= betweenJumpsMs) {
        this.#seek(pace.jumpTo + this.#catchUp.targetS);
      }
      return;
    }
    if (video.playbackRate !== pace.rate) video.playbackRate = pace.rate;
  }

  readonly #onWaiting = (): void => {
    const { video } = this.#options;
    const now = performance.now();
    if (video.seeking || document.hidden || this.#goTo !== null || now < this.#calmFrom) return;
    this.#standsSince ??= now;
  };

  readonly #onPlaying = (): void => {
    if (this.#standsSince === null) return;
    const now = performance.now();
    this.#catchUp.onStall(now, (now - this.#standsSince) / 1000);
    this.#standsSince = null;
  };

  /** Browsers pause a video that is unmuted, and some that leave the screen; a live one goes on. */
  readonly #onPause = (): void => {
    if (this.#channel === null || document.hidden) return;
    playVideo(this.#options.video, this.#options.events.onRefused);
  };
}
