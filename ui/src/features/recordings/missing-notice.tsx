// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { gapsQuery } from '../../api/timeline';
import { missingSentence } from '../../lib/missing';
import type { Span } from '../../lib/time';

type MissingNoticeProps = {
  cameraId: number;
  /** The day that is shown. */
  span: Span;
  isToday: boolean;
  /** False while it is not known which hours belong to the day. */
  enabled: boolean;
};

/** "12 s missing today: the network was away."; nothing when all is there, or nobody can say. */
export function MissingNotice({ cameraId, span, isToday, enabled }: MissingNoticeProps): ReactNode {
  const { data } = useQuery({ ...gapsQuery(cameraId, span), enabled });
  const sentence = missingSentence(data ?? [], isToday ? 'today' : 'on this day');
  return sentence === null ? null : <p role="status">{sentence}</p>;
}
