// SPDX-License-Identifier: MIT
import { useEffect, useState, type ReactNode } from 'react';

import { Icon } from '../../components/icon';
import { leaveKiosk } from './enter-kiosk';
import styles from './kiosk-exit.module.css';
import type { LiveAddress } from './use-live-address';

const idleAfterMs = 3000;

/** The way out of a page of pictures only: there while the pointer moves, or when it has the focus. */
export function KioskExit({ address }: { address: LiveAddress }): ReactNode {
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wake = (): void => {
      clearTimeout(timer);
      setIsIdle(false);
      timer = setTimeout(() => setIsIdle(true), idleAfterMs);
    };
    wake();
    window.addEventListener('pointermove', wake);
    window.addEventListener('pointerdown', wake);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointermove', wake);
      window.removeEventListener('pointerdown', wake);
    };
  }, []);
  return (
    <button
      type="button"
      className={`button ${styles.exit ?? ''}`}
      data-idle={isIdle}
      onClick={() => leaveKiosk(address)}
    >
      <Icon name="close" />
      Leave kiosk
    </button>
  );
}
