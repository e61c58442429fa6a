// SPDX-License-Identifier: MIT
import { useEffect, useState, type ReactNode } from 'react';

import styles from './tile-notice.module.css';

const shownMs = 5000;

/** One sentence for a moment. */
export function useTileNotice(): { text: string; say: (text: string) => void } {
  const [notice, setNotice] = useState({ text: '' });
  useEffect(() => {
    if (notice.text === '') return;
    const timer = setTimeout(() => setNotice({ text: '' }), shownMs);
    return () => clearTimeout(timer);
  }, [notice]);
  return { text: notice.text, say: (text) => setNotice({ text }) };
}

/** What came of something that was done with a tile. */
export function TileNotice({ text }: { text: string }): ReactNode {
  return (
    <p role="status" className={styles.notice}>
      {text}
    </p>
  );
}
