// SPDX-License-Identifier: MIT
import { useEffect, useState, type RefObject } from 'react';

const hiddenGraceMs = 30_000;

/** True while the element is in sight, or was a moment ago in a page that is now hidden. */
export function useOnScreen(target: RefObject<Element | null>): boolean {
  const [intersects, setIntersects] = useState(false);
  const [isAwake, setIsAwake] = useState(() => !document.hidden);

  useEffect(() => {
    if (target.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => setIntersects(entries.at(-1)?.isIntersecting === true),
      { rootMargin: '80px' },
    );
    observer.observe(target.current);
    return () => observer.disconnect();
  }, [target]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      clearTimeout(timer);
      // Looking at another tab for a moment should not cost a new start of every stream.
      if (document.hidden) timer = setTimeout(() => setIsAwake(false), hiddenGraceMs);
      else setIsAwake(true);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }, []);

  return intersects && isAwake;
}
