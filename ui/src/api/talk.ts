// SPDX-License-Identifier: MIT
import { queryOptions } from '@tanstack/react-query';

import { getJson } from './http';
import { object, optionalText, ParseError } from './parse-fields';
import { unwrap } from './result';

/** Whether a camera can be spoken to; the reason is a sentence when it cannot. */
export type TalkAnswer = { available: boolean; reason: string | null };

export function parseTalkAnswer(value: unknown): TalkAnswer {
  const fields = object(value, 'answer');
  const available = fields['available'];
  if (typeof available !== 'boolean') throw new ParseError('available is neither true nor false');
  return { available, reason: optionalText(fields, 'reason') };
}

/** Asks the camera, which may take seconds; the recorder remembers what it said. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is a brand
export function talkQuery(cameraId: number) {
  return queryOptions({
    queryKey: ['talk', cameraId],
    queryFn: async ({ signal }) =>
      unwrap(await getJson(`/api/cameras/${String(cameraId)}/talk`, {}, parseTalkAnswer, signal)),
    retry: false,
    // A camera may have been away when it was asked.
    staleTime: 30_000,
  });
}
