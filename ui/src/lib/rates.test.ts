// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';

import { formatBitrate, formatFps, formatSeconds } from './rates';

it('writes rates with the digits that matter', () => {
  expect([800, 640_400, 999_499, 999_500, 4_000_000].map(formatBitrate)).toEqual([
    '1 kbit/s',
    '640 kbit/s',
    '999 kbit/s',
    '1.0 Mbit/s',
    '4.0 Mbit/s',
  ]);
  expect([25, 12.5, 29.97].map(formatFps)).toEqual(['25 fps', '12.5 fps', '30 fps']);
  expect([4, 0.52].map(formatSeconds)).toEqual(['4 s', '0.5 s']);
});
