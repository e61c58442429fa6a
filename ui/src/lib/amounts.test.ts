// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { formatCount, formatDays, formatShare } from './amounts';

describe('An amount', () => {
  it('is counted with the word for one or many', () => {
    expect([formatCount(1204, 'recording'), formatCount(1, 'recording'), formatCount(0, 'entry', 'entries')]).toEqual([
      '1,204 recordings',
      '1 recording',
      '0 entries',
    ]);
  });

  it('of days is in minutes or hours while there are few, and vague where it is long', () => {
    expect([0, 0.04, 0.0625, 1.3, 1.9999, 2, 12.3, 729, 800].map(formatDays)).toEqual([
      '1 minute',
      '58 minutes',
      '2 hours',
      '31 hours',
      '48 hours',
      '2 days',
      '12 days',
      '729 days',
      'more than 2 years',
    ]);
  });

  it('of what was recorded is whole only when all was', () => {
    expect([1, 0.999_99, 0.9998, 0.29, 0, -1, 2].map(formatShare)).toEqual([
      '100 %',
      '99.99 %',
      '99.98 %',
      '29 %',
      '0 %',
      '0 %',
      '100 %',
    ]);
  });
});
