// SPDX-License-Identifier: MIT

/** Tells of each picture that a <video> shows. */
export class FrameWatch {
  readonly #video: HTMLVideoElement;
  readonly #onFrame: () => void;
  #request: number | null = null;
  #isRunning = false;
  frames = 0;

  constructor(video: HTMLVideoElement, onFrame: () => void) {
    this.#video = video;
    this.#onFrame = onFrame;
  }

  start(): void {
    this.#isRunning = true;
    // Older browsers lack it; there `timeupdate` has to do.
    if ('requestVideoFrameCallback' in this.#video) this.#ask();
    else (this.#video as EventTarget).addEventListener('timeupdate', this.#seen);
  }

  stop(): void {
    this.#isRunning = false;
    if (this.#request !== null) this.#video.cancelVideoFrameCallback(this.#request);
    this.#request = null;
    this.#video.removeEventListener('timeupdate', this.#seen);
  }

  #ask(): void {
    this.#request = this.#video.requestVideoFrameCallback(() => {
      this.#request = null;
      this.#seen();
      if (this.#isRunning) this.#ask();
    });
  }

  readonly #seen = (): void => {
    this.frames += 1;
    this.#onFrame();
  };
}

/** Plays, and tells when the browser waits for the viewer's word. */
export function playVideo(video: HTMLVideoElement, onRefused: () => void): void {
  video.play().catch((error: unknown) => {
    // Muted video may always play, but for settings against it, and to save power. Anything else
    // shows by no picture coming.
    if (error instanceof DOMException && error.name === 'NotAllowedError') onRefused();
  });
}

export function droppedFrames(video: HTMLVideoElement): number {
  return 'getVideoPlaybackQuality' in video ? video.getVideoPlaybackQuality().droppedVideoFrames : 0;
}
