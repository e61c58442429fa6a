// SPDX-License-Identifier: MIT
import { useLayoutEffect, useRef, type ReactNode } from 'react';

import type { Surface } from './make-player';
import styles from './tile-picture.module.css';

type Look = {
  name: string;
  isStillCovered: boolean;
  isVideoCovered: boolean;
  isMuted: boolean;
};

function show({ video, still }: Surface, look: Look): void {
  const covered = styles.covered ?? '';
  still.className = look.isStillCovered ? covered : '';
  video.className = look.isVideoCovered ? covered : '';
  video.muted = look.isMuted;
  video.setAttribute('aria-label', `Live picture of ${look.name}`);
}

/**
 * The elements that the player draws on. They may be older than the page: a video that is taken from
 * one place to another in one go plays on.
 */
export function TileSurface(props: Look & { surface: Surface }): ReactNode {
  const { surface, name, isStillCovered, isVideoCovered, isMuted } = props;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.replaceChildren(surface.still, surface.video);
  }, [surface]);
  useLayoutEffect(() => {
    show(surface, { name, isStillCovered, isVideoCovered, isMuted });
  }, [surface, name, isStillCovered, isVideoCovered, isMuted]);
  return <div ref={box} className={styles.surface} />;
}
