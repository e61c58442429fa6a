// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { Ladder } from './ladder';
import { StreamChoice } from './stream-choice';

describe('Ladder', () => {
  it('goes down one by one, and has nothing left at the end', () => {
    const ladder = new Ladder(true);
    for (const rung of ['websocket', 'll-hls', 'hls', 'jpeg'] as const) {
      expect(ladder.pick(0, 'open')).toBe(rung);
      ladder.onFailure(rung, 0);
    }
    expect(ladder.pick(0, 'open')).toBeNull();
    ladder.forgive();
    expect(ladder.pick(0, 'open')).toBe('websocket');
  });

  it('leaves the socket alone while it is blocked', () => {
    const ladder = new Ladder(true);
    expect(ladder.pick(0, 'blocked')).toBe('ll-hls');
    expect(ladder.pick(0, 'connecting')).toBe('websocket');
  });

  it('tries a better way again, later each time, until it has played', () => {
    const ladder = new Ladder(true);
    ladder.onFailure('websocket', 0);
    expect(ladder.pick(29_999, 'open')).toBe('ll-hls');
    expect(ladder.pick(30_000, 'open')).toBe('websocket');
    ladder.onFailure('websocket', 30_000);
    expect(ladder.pick(89_999, 'open')).toBe('ll-hls');
    expect(ladder.pick(90_000, 'open')).toBe('websocket');
    for (let i = 0; i < 20; i += 1) ladder.onFailure('websocket', 0);
    expect(ladder.pick(16 * 60_000, 'open')).toBe('websocket');
    ladder.onSuccess('websocket');
    ladder.onFailure('websocket', 0);
    expect(ladder.pick(30_000, 'open')).toBe('websocket');
  });

  it('has single pictures only, where the browser has no media source', () => {
    expect(new Ladder(false).pick(0, 'open')).toBe('jpeg');
  });
});

describe('StreamChoice', () => {
  it('gives a tile the sub stream and the enlarged camera the main one', () => {
    const choice = new StreamChoice(true);
    expect(choice.pick(false, 0)).toBe('sub');
    expect(choice.pick(true, 0)).toBe('main');
    expect(new StreamChoice(false).pick(false, 0)).toBe('main');
  });

  it('takes the other one where the browser cannot play what is wanted', () => {
    const choice = new StreamChoice(true);
    choice.onUnplayable('main', 'hvc1.1.6.L93.B0');
    expect(choice.pick(true, 0)).toBe('sub');
    expect(choice.unplayableCodec).toBeNull();
    choice.onUnplayable('sub', 'hvc1.1.6.L60.B0');
    expect(choice.pick(true, 0)).toBeNull();
    expect(choice.unplayableCodec).toBe('hvc1.1.6.L93.B0');
  });

  it('takes the other one while the camera does not give what is wanted', () => {
    const choice = new StreamChoice(true);
    choice.onAway('sub', 0);
    expect(choice.pick(false, 0)).toBe('main');
    expect(choice.pick(false, 3_600_000)).toBe('main');
    choice.onAway('main', 0);
    expect(choice.pick(false, 0)).toBe('sub');
    choice.onHere('main');
    expect(choice.pick(false, 0)).toBe('main');
    choice.onHere('sub');
    expect(choice.pick(false, 0)).toBe('sub');
  });

  it('counts an absence once, however often it is told of it', () => {
    const choice = new StreamChoice(true);
    for (const now of [0, 1000, 2000, 3000]) choice.onAway('sub', now);
    choice.onHere('sub');
    expect(choice.pick(false, 3000)).toBe('sub');
  });

  it('knows nothing of absences that nobody would tell the end of', () => {
    const choice = new StreamChoice(true);
    choice.onAway('sub', 0);
    choice.forgetAbsences();
    expect(choice.pick(false, 0)).toBe('sub');
  });
});
