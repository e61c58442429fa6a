// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';

import { restoreCamera } from '../../api/camera-requests';
import { forgetRemoved, type RemovedCamera } from '../../api/removed-cameras';
import { IconButton } from '../../components/icon-button';
import { useFocusRescue } from '../../components/use-focus-rescue';
import { useNow } from '../../components/use-now';
import styles from './removed-notices.module.css';

function browserClock(): number {
  return Date.now();
}

export function RemovedNotice({ removed }: { removed: RemovedCamera }): ReactNode {
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  useFocusRescue(box);
  const { id, name, footage, until } = removed;
  const undo = useMutation({
    mutationFn: () => restoreCamera(client, id),
    onSuccess: () => forgetRemoved(client, id),
  });
  // A failure is read, and then put away by hand.
  const isWaiting = undo.isPending || undo.error !== null;
  useEffect(() => {
    if (isWaiting) return;
    const timer = setTimeout(() => forgetRemoved(client, id), until - Date.now());
    return () => clearTimeout(timer);
  }, [client, id, until, isWaiting]);

  return (
    <div ref={box} className={styles.notice}>
      <p>
        {undo.error !== null
          ? `${name} could not be brought back: ${undo.error.message}`
          : `${name} was removed; its recordings ${footage === 'keep' ? 'are kept' : 'will be deleted'}.`}
      </p>
      {undo.error === null && (
        <button
          type="button"
          className="button"
          aria-disabled={undo.isPending}
          onClick={() => {
            if (!undo.isPending) undo.mutate();
          }}
        >
          <span>
            Undo<span className="visually-hidden"> the removal of {name}</span>
          </span>
          <SecondsLeft until={until} />
        </button>
      )}
      <IconButton icon="close" label="Put away" onClick={() => forgetRemoved(client, id)} />
    </div>
  );
}

function SecondsLeft({ until }: { until: number }): ReactNode {
  const seconds = Math.max(0, Math.ceil((until - useNow(browserClock)) / 1000));
  // Not spoken: a number each second helps nobody.
  return <span aria-hidden="true">{seconds} s</span>;
}
