// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';

import { talkQuery } from '../../api/talk';
import type { Camera } from '../../api/types';

const TalkButton = lazy(() => import('./talk-button').then((module) => ({ default: module.TalkButton })));

/** A button to speak to a camera; nothing for one that has no loudspeaker. For an enlarged tile. */
export function TalkControl({ camera }: { camera: Camera }): ReactNode {
  const canAsk = camera.enabled && (camera.status === 'online' || camera.status === 'recording');
  const { data } = useQuery({ ...talkQuery(camera.id), enabled: canAsk });
  if (!canAsk || data?.available !== true) return null;
  return (
    <Suspense fallback={null}>
      <TalkButton key={camera.id} camera={camera} />
    </Suspense>
  );
}
