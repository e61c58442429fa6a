// SPDX-License-Identifier: MIT
import type { StreamKind } from './events';
import { Mp4Error, readInit, readPictures, type Mp4Init, type Mp4Sample } from './fmp4';
import { videoCodecOf, type LiveInit } from './live-messages';
import type { LiveChannel, LiveSocket } from './live-socket';
import type { Session, SessionEvents, SessionFigures } from './session';

export type CodecSessionOptions = {
  canvas: HTMLCanvasElement;
  socket: LiveSocket;
  cameraId: number;
  stream: StreamKind;
  events: SessionEvents & { onEnded: (code: string) => void };
  now: () => number;
};

/** More that waits to be decoded means that this computer does not keep up. */
const mostWaiting = 60;
const slowForMs = 3000;
/** So far behind the newest that came, neither does a decoder that has little waiting. */
const farBehindS = 1;
/** What is old is left out for something newer, but no longer than this. */
const seenEveryMs = 200;

/**
 * A stream of the live socket, decoded picture by picture and drawn at once: no buffer, no clock, and
 * no sound. Whatever goes wrong ends it: a <video> can take its place at any time.
 */
export class CodecSession implements Session {
  readonly transport = 'websocket';
  readonly isLowLatency = true;
  readonly surface = 'canvas';
  readonly stream: StreamKind;
  readonly #options: CodecSessionOptions;
  readonly #context: CanvasRenderingContext2D | null;
  #channel: LiveChannel | null = null;
  #decoder: VideoDecoder | null = null;
  #mp4: Mp4Init | null = null;
  /** Comes while the browser still looks whether it can decode the stream. */
  #early: Mp4Sample[] = [];
  #codec = '';
  #needsKey = true;
  #frames = 0;
  #dropped = 0;
  #bytes = 0;
  #shownS: number | null = null;
  #newestS = 0;
  #slowSince: number | null = null;
  /** When something was drawn; at first, when it began. */
  #drawnAt = 0;

  constructor(options: CodecSessionOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.#context = options.canvas.getContext('2d');
  }

  start(): void {
    this.#drawnAt = performance.now();
    const { socket, cameraId, stream, events } = this.#options;
    this.#channel = socket.subscribe(
      { cameraId, stream },
      {
        onInit: (init, segment) => this.#guarded(() => this.#onInit(init, segment)),
        onMedia: (bytes) => this.#guarded(() => this.#onMedia(bytes)),
        onDropped: () => (this.#needsKey = true),
        onEnded: (code) => events.onEnded(code),
        onLost: () => undefined,
      },
    );
  }

  stop(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#closeDecoder();
    this.#early = [];
  }

  /** It has nothing that could wait. */
  resume(): void {
    this.#channel?.restart();
  }

  switchTo(stream: StreamKind): boolean {
    return stream === this.stream;
  }

  latencyS(): number | null {
    return this.#shownS === null ? null : this.#options.now() / 1000 - this.#shownS;
  }

  figures(): SessionFigures {
    const { width, height } = this.#options.canvas;
    return {
      frames: this.#frames,
      bytes: this.#bytes,
      droppedFrames: this.#dropped,
      bufferedS: 0,
      width,
      height,
      codec: this.#codec,
    };
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      // What a decoder throws is as good a reason as a stream that cannot be read.
      if (!(error instanceof Mp4Error || error instanceof DOMException || error instanceof TypeError)) {
        throw error;
      }
      this.#fail();
    }
  }

  #fail(): void {
    if (this.#channel !== null) this.#options.events.onFailure({ why: 'media' });
  }

  #onInit(init: LiveInit, segment: Uint8Array): void {
    this.#bytes += segment.byteLength;
    const mp4 = readInit(segment);
    this.#closeDecoder();
    this.#mp4 = mp4;
    this.#codec = videoCodecOf(init.mime);
    this.#needsKey = true;
    this.#early = [];
    const config: VideoDecoderConfig = {
      codec: this.#codec,
      optimizeForLatency: true,
      ...(mp4.config === null ? {} : { description: mp4.config }),
    };
    VideoDecoder.isConfigSupported(config).then(
      ({ supported }) => {
        if (this.#mp4 !== mp4 || this.#channel === null) return;
        if (supported === true) this.#guarded(() => this.#openDecoder(config));
        else this.#options.events.onFailure({ why: 'unplayable', codec: this.#codec });
      },
      () => this.#fail(),
    );
  }

  #openDecoder(config: VideoDecoderConfig): void {
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => {
        if (this.#decoder === decoder) this.#draw(frame);
        frame.close();
      },
      error: () => {
        if (this.#decoder === decoder) this.#fail();
      },
    });
    decoder.configure(config);
    this.#decoder = decoder;
    const early = this.#early;
    this.#early = [];
    for (const sample of early) this.#decode(decoder, sample);
  }

  #closeDecoder(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    this.#mp4 = null;
    if (decoder !== null && decoder.state !== 'closed') decoder.close();
  }

  #onMedia(bytes: Uint8Array): void {
    const mp4 = this.#mp4;
    if (mp4 === null) return;
    this.#bytes += bytes.byteLength;
    const samples = readPictures(bytes, mp4);
    const decoder = this.#decoder;
    // The message's memory is its own: nothing is copied.
    if (decoder === null) this.#early.push(...samples);
    else for (const sample of samples) this.#decode(decoder, sample);
  }

  #decode(decoder: VideoDecoder, { isKey, presentS, durationS, data }: Mp4Sample): void {
    if (this.#needsKey && !isKey) return;
    this.#needsKey = false;
    this.#watchLoad(decoder);
    this.#newestS = Math.max(this.#newestS, presentS);
    decoder.decode(
      new EncodedVideoChunk({
        type: isKey ? 'key' : 'delta',
        timestamp: Math.round(presentS * 1e6),
        duration: Math.round(durationS * 1e6),
        data,
      }),
    );
  }

  #watchLoad(decoder: VideoDecoder): void {
    const isBehind = this.#shownS !== null && this.#newestS - this.#shownS > farBehindS;
    if (decoder.decodeQueueSize < mostWaiting && !isBehind) {
      this.#slowSince = null;
      return;
    }
    this.#slowSince ??= performance.now();
    if (performance.now() - this.#slowSince > slowForMs) this.#fail();
  }

  #draw(frame: VideoFrame): void {
    const presentS = frame.timestamp / 1e6;
    // Of a group of pictures that was missed, and of what came late, only the newest is shown.
    const isOld = this.#newestS - presentS > 0.1 && (this.#decoder?.decodeQueueSize ?? 0) > 0;
    const now = performance.now();
    if ((isOld && now - this.#drawnAt < seenEveryMs) || document.hidden) {
      this.#dropped += 1;
      // An old picture is better than none, as long as nobody is told that it is a live one.
      if (this.#options.canvas.width === 0) this.#paint(frame);
      return;
    }
    this.#paint(frame);
    this.#frames += 1;
    this.#drawnAt = now;
    this.#shownS = presentS;
    this.#options.events.onFrame();
  }

  #paint(frame: VideoFrame): void {
    const { canvas } = this.#options;
    if (canvas.width !== frame.displayWidth) canvas.width = frame.displayWidth;
    if (canvas.height !== frame.displayHeight) canvas.height = frame.displayHeight;
    this.#context?.drawImage(frame, 0, 0);
  }
}
