// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

/** Outlines on a 24 by 24 grid; a name and its strokes. */
const paths = {
  live: 'M3 8.500A2.500 2.500 0 0 1 5.500 6h8A2.500 2.500 0 0 1 16 8.500v7a2.500 2.500 0 0 1-2.500 2.500h-8A2.500 2.500 0 0 1 3 15.500zM16 10.500l5-3v9l-5-3z',
  recordings: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4',
  cameras: 'M3.500 5h5v5h-5zM12 6h8.500M12 9h5.500M3.500 14h5v5h-5zM12 15h8.500M12 18h5.500',
  storage: 'M4 6c0-1.400 3.600-2.500 8-2.500s8 1.100 8 2.500v12c0 1.400-3.600 2.500-8 2.500s-8-1.100-8-2.500zM4 6c0 1.400 3.600 2.500 8 2.500s8-1.100 8-2.500M4 12c0 1.400 3.600 2.500 8 2.500s8-1.100 8-2.500',
  play: 'M7 4.500v15l12-7.500z',
  pause: 'M8 5v14M16 5v14',
  back: 'M4 4v6h6M4.600 10A8 8 0 1 1 4 13.500',
  forward: 'M20 4v6h-6M19.400 10A8 8 0 1 0 20 13.500',
  soundOff: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5',
  soundOn: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4.200 4.200 0 0 1 0 6M18 6.500a7.800 7.800 0 0 1 0 11',
  microphone: 'M12 3.500a3 3 0 0 0-3 3V11a3 3 0 0 0 6 0V6.500a3 3 0 0 0-3-3zM5.500 11a6.500 6.500 0 0 0 13 0M12 17.500V21',
  fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  leaveFullscreen: 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  enlarge: 'M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7',
  shrink: 'M20 10h-6V4M14 10l7-7M4 14h6v6M10 14l-7 7',
  download: 'M12 4v11M7 10.500l5 5 5-5M5 20h14',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  warning: 'M12 4L2.500 20h19zM12 10v4.500M12 17.200v.300',
  cameraOff: 'M3 3l18 18M7.500 6h6A2.500 2.500 0 0 1 16 8.500v5M16 10.500l5-3v9l-3-1.800M15 17.500a2.500 2.500 0 0 1-1.500.500h-8A2.500 2.500 0 0 1 3 15.500v-7c0-.800.300-1.400.800-1.900',
  clock: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 7.500V12l3 2',
  gap: 'M4 12h3M10.500 12h3M17 12h3',
  add: 'M12 5v14M5 12h14',
  edit: 'M4 20l1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500l3.500 3.500',
  remove: 'M5 7h14M9.500 7V4h5v3M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500',
  more: 'M5 12h.010M12 12h.010M19 12h.010',
  fix: 'M14.500 6.500a4 4 0 0 1 5-2.300l-2.500 2.600.700 2.500 2.500.700 2.300-2.500a4 4 0 0 1-5.300 4.700L9.500 20a2.100 2.100 0 0 1-3-3z',
  replace: 'M4 8h13M13.500 4.500L17 8l-3.500 3.500M20 16H7M10.500 12.500L7 16l3.500 3.500',
  upload: 'M12 15V4M7 8.500L12 4l5 4.500M5 20h14',
  arrow: 'M4.500 12h15M13.500 6l6 6-6 6',
  minus: 'M5 12h14',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6L6 18',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0z',
  eyeOff: 'M4 4l16 16M9.500 5.800A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-3 3.700M6 7.700A17 17 0 0 0 2.500 12S6 18.500 12 18.500c1.400 0 2.700-.400 3.800-.900M10 10a3 3 0 0 0 4 4',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2.500M12 19v2.500M2.500 12H5M19 12h2.500M5.300 5.300L7 7M17 17l1.700 1.700M5.300 18.700L7 17M17 7l1.700-1.700',
  dark: 'M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z',
  lock: 'M5.500 11h13v9h-13zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2',
  unlock: 'M5.500 11h13v9h-13zM8.500 11V7a3.500 3.500 0 0 1 6.800-1.200M12 14.500v2',
  camera: 'M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 10.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  zoomIn: 'M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5M10.500 8v5M8 10.500h5',
  zoomOut: 'M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5M8 10.500h5',
  figures: 'M5 19v-6M10 19V5M15 19v-9M20 19v-4',
  move: 'M12 3.500v17M3.500 12h17M9.500 6L12 3.500 14.500 6M9.500 18l2.500 2.500 2.500-2.500M6 9.500L3.500 12 6 14.500M18 9.500l2.500 2.500-2.500 2.500',
  link: 'M10 13.500a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10.500a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1',
  keyboard: 'M3 6.500h18v11H3zM6.500 10h.010M10 10h.010M14 10h.010M17.500 10h.010M7.500 14h9',
  wall: 'M3 4.500h18v12H3zM12 16.500V20M8 20h8',
  file: 'M6 3.500h8l4 4v13H6zM14 3.500v4h4',
} as const;

export type IconName = keyof typeof paths;

type IconProps = { name: IconName; size?: number };

/** Decoration only: the word beside it, or the button's label, says the same. */
export function Icon({ name, size = 20 }: IconProps): ReactNode {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={name === 'play' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'more' ? 3 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
