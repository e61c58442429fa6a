// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { Recording } from '../../api/types';
import { IconButton } from '../../components/icon-button';

type ProtectButtonProps = {
  recording: Recording;
  /** When it begins, in words. */
  time: string;
  onToggle: (recording: Recording) => void;
};

/** Keeps the recording from deletion while it is pressed. */
export function ProtectButton({ recording, time, onToggle }: ProtectButtonProps): ReactNode {
  const isProtected = recording.protected;
  // There is nothing left to protect.
  if (recording.state === 'missing' && !isProtected) return null;
  return (
    <IconButton
      icon={isProtected ? 'lock' : 'unlock'}
      label={`Protect ${time}`}
      hint={isProtected ? 'Unprotect: then it may be deleted' : 'Protect: nothing deletes it'}
      pressed={isProtected}
      onClick={() => onToggle(recording)}
    />
  );
}
