// SPDX-License-Identifier: MIT
import { useEffect, useState, type RefObject } from 'react';

/** A shorter wait is not worth a word. */
const patienceMs = 500;

/** True while the video would play, but has had nothing to play for half a second. */
export function useStalled(video: RefObject<HTMLVideoElement | null>): boolean {
  const [isStalled, setIsStalled] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onWaiting = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setIsStalled(true), patienceMs);
    };
    const onOver = (): void => {
      clearTimeout(timer);
      setIsStalled(false);
    };
    const over = ['playing', 'pause', 'ended', 'error', 'emptied'];
    element.addEventListener('waiting', onWaiting);
    for (const name of over) element.addEventListener(name, onOver);
    return () => {
      clearTimeout(timer);
      element.removeEventListener('waiting', onWaiting);
      for (const name of over) element.removeEventListener(name, onOver);
    };
  }, [video]);
  return isStalled;
}
