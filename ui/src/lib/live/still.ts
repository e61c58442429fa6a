// SPDX-License-Identifier: MIT

/**
 * Copies what the video shows to the canvas behind it, before the video is emptied: so no other
 * than the last picture is seen in between.
 */
export function keepStill(video: HTMLVideoElement, still: HTMLCanvasElement, mostWidth: number): void {
  if (video.videoWidth === 0) return;
  const scale = Math.min(1, mostWidth / video.videoWidth);
  still.width = Math.round(video.videoWidth * scale);
  still.height = Math.round(video.videoHeight * scale);
  still.getContext('2d')?.drawImage(video, 0, 0, still.width, still.height);
}

/** Gives back its memory. */
export function clearStill(still: HTMLCanvasElement): void {
  if (still.width === 0) return;
  still.width = 0;
  still.height = 0;
}
