// SPDX-License-Identifier: MIT
import { useCallback, useEffect, useState, type RefObject } from 'react';

type Fullscreen = { isFullscreen: boolean; isAvailable: boolean; toggle: () => void };

export function useFullscreen(target: RefObject<HTMLElement | null>): Fullscreen {
  const [isFullscreen, setIsFullscreen] = useState(false);
  useEffect(() => {
    const onChange = (): void =>
      setIsFullscreen(
        document.fullscreenElement !== null && document.fullscreenElement === target.current,
      );
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, [target]);
  const toggle = useCallback(() => {
    // iPhones have it for bare videos only, and lack the rest of this.
    if (!document.fullscreenEnabled) return;
    // A browser may refuse (embedded page, policy); the picture simply stays as it is.
    if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => undefined);
    else target.current?.requestFullscreen().catch(() => undefined);
  }, [target]);
  return { isFullscreen, isAvailable: document.fullscreenEnabled, toggle };
}
