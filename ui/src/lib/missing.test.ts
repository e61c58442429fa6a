// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { missingSentence, type Gap } from './missing';

function gap(seconds: number, reason: string, detail = ''): Gap {
  return { start: 1000, end: 1000 + seconds * 1000, reason, detail };
}

describe('missingSentence', () => {
  it('says how much is missing, and why', () => {
    expect(missingSentence([gap(12, 'network')], 'today')).toBe(
      '12 s missing today: the network was away.',
    );
    expect(missingSentence([gap(130, 'power')], 'on this day')).toBe(
      '2 min 10 s missing on this day: the recorder had no power.',
    );
  });

  it('adds up, and names the reason that took longest', () => {
    const gaps = [gap(20, 'camera'), gap(30, 'disk'), gap(15, 'camera')];
    expect(missingSentence(gaps, 'today')).toBe(
      '1 min 5 s missing today: mostly the camera sent no picture.',
    );
  });

  it('has a word for every reason, also for one it does not know', () => {
    for (const reason of 'camera network auth disk overload restart crash power deleted'.split(' ')) {
      expect(missingSentence([gap(5, reason)], 'today')).not.toContain('not known');
    }
    expect(missingSentence([gap(5, 'network', 'lost')], 'today')).toContain('lost pictures');
    expect(missingSentence([gap(5, 'unknown')], 'today')).toContain('the reason is not known');
    expect(missingSentence([gap(5, 'mice')], 'today')).toContain('the reason is not known');
  });

  it('is silent when nothing is missed', () => {
    expect(missingSentence([], 'today')).toBeNull();
    expect(missingSentence([gap(0.3, 'camera')], 'today')).toBeNull();
    const unwanted = [gap(500, 'schedule'), gap(500, 'stopped'), gap(500, 'clock')];
    expect(missingSentence([...unwanted, gap(3, 'camera', 'connecting')], 'today')).toBeNull();
    expect(missingSentence([gap(0.7, 'camera')], 'today')).toContain('1 s missing');
  });
});
