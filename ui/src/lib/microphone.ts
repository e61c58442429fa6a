// SPDX-License-Identifier: MIT
import workletUrl from './microphone-worklet?worker&url';

export const microphoneRateHz = 16_000;

/** A microphone that is on. */
export type Microphone = {
  close: () => void;
};

/** Why there is none; the message is fit to be shown. */
export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
}

/** Null when a page may ask for a microphone; else a sentence. */
export function whyNoMicrophone(): string | null {
  if (!window.isSecureContext) {
    return 'Browsers give the microphone only to pages opened by https, or on the recorder itself.';
  }
  return !('mediaDevices' in navigator) || !('AudioWorkletNode' in window)
    ? 'This browser has no way to the microphone.'
    : null;
}

function sentenceOf(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The browser does not let this page use the microphone; allow it beside the address.';
    case 'NotFoundError':
      return 'There is no microphone here.';
    case 'NotReadableError':
      return 'Another program has the microphone.';
    default:
      return 'The microphone does not work.';
  }
}

/**
 * Switches the microphone on, which the viewer may have to allow, and hands out its sound in pieces of
 * 20 ms: 16 bits, mono, 16 kHz. Fails with a MicrophoneError. `onEnd`: it was unplugged or taken away.
 */
export async function openMicrophone(
  onSamples: (samples: Int16Array) => void,
  onEnd: () => void,
): Promise<Microphone> {
  const hindrance = whyNoMicrophone();
  if (hindrance !== null) throw new MicrophoneError(hindrance);
  let stream: MediaStream | null = null;
  let context: AudioContext | null = null;
  const close = (): void => {
    for (const track of stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    if (context !== null && context.state !== 'closed') void context.close();
  };
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    // At the microphone's own rate: Firefox connects no other.
    context = new AudioContext({ latencyHint: 'interactive' });
    await context.audioWorklet.addModule(workletUrl);
    await context.resume();
    const node = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => onSamples(new Int16Array(data));
    context.createMediaStreamSource(stream).connect(node);
    for (const track of stream.getAudioTracks()) track.onended = onEnd;
    return { close };
  } catch (error) {
    close();
    throw new MicrophoneError(sentenceOf(error));
  }
}
