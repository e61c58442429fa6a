// SPDX-License-Identifier: MIT
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';

import { protectRecording } from '../../api/recordings';
import type { Recording } from '../../api/types';

export type Protection = {
  /** Protects it, or no longer. Always the same function. */
  toggle: (recording: Recording) => void;
  /** Why the last one could not be; null: nothing is wrong. */
  problem: string | null;
  dismiss: () => void;
};

/** Protects recordings from deletion. The lists change when the recorder has said yes. */
export function useProtection(): Protection {
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  // A second press before the answer would say the same again.
  const underWay = useRef(new Set<number>());
  const toggle = useCallback(
    (recording: Recording) => {
      const { id, protected: isProtected } = recording;
      if (underWay.current.has(id)) return;
      underWay.current.add(id);
      void protectRecording(client, id, !isProtected).then((failure) => {
        underWay.current.delete(id);
        const what = isProtected ? 'still protected' : 'not protected';
        setProblem(failure === null ? null : `The recording is ${what}: ${failure}`);
      });
    },
    [client],
  );
  const dismiss = useCallback(() => setProblem(null), []);
  return { toggle, problem, dismiss };
}
