// SPDX-License-Identifier: MIT
import { useLayoutEffect, useState, type RefObject } from 'react';

export type Size = { width: number; height: number };

/** The room inside the element's padding. */
export function useSize(target: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  // Before the first paint, or every tile would be seen jumping to its place.
  useLayoutEffect(() => {
    const element = target.current;
    if (element === null) return;
    const measure = (): void => {
      const style = getComputedStyle(element);
      const inside = (full: number, ...paddings: string[]): number =>
        paddings.reduce((rest, padding) => rest - (Number.parseFloat(padding) || 0), full);
      setSize({
        width: inside(element.clientWidth, style.paddingLeft, style.paddingRight),
        height: inside(element.clientHeight, style.paddingTop, style.paddingBottom),
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [target]);
  return size;
}
