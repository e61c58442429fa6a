// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { FakeSession } from '../../test/fake-session';
import { LazySession } from './lazy-session';
import type { Session, SessionFailure } from './session';
import type { SessionSource } from './session-factory';

function bench(load?: () => Promise<Session>): {
  session: LazySession;
  inner: FakeSession;
  failures: SessionFailure[];
} {
  const failures: SessionFailure[] = [];
  const events = {
    onFrame: () => undefined,
    onRefused: () => undefined,
    onFailure: (failure: SessionFailure) => failures.push(failure),
    onEnded: () => undefined,
  };
  const plan = { transport: 'hls', stream: 'main', isLowLatency: false, isAudible: false } as const;
  const inner = new FakeSession({} as SessionSource, plan, events);
  const session = new LazySession(inner, load ?? (() => Promise.resolve(inner)), events);
  return { session, inner, failures };
}

describe('LazySession', () => {
  it('is what it was made for, and hands everything on once that is there', async () => {
    const { session, inner } = bench();
    expect(session).toMatchObject({ transport: 'hls', stream: 'main', surface: 'video' });
    expect([session.latencyS(), session.figures().frames]).toEqual([null, 0]);
    session.start();
    session.resume();
    await Promise.resolve();
    expect(inner.isStarted).toBe(true);
    inner.counted = { ...inner.counted, frames: 7 };
    session.resume();
    expect([session.latencyS(), session.figures().frames, inner.resumed]).toEqual([0.1, 7, 1]);
    expect([session.switchTo('main'), session.switchTo('sub')]).toEqual([true, false]);
    session.stop();
    expect(inner.isStopped).toBe(true);
  });

  it('starts nothing that was stopped before it came', async () => {
    const { session, inner } = bench();
    session.start();
    session.stop();
    await Promise.resolve();
    expect(inner.isStarted).toBe(false);
  });

  it('fails when its code does not come, unless nobody waits for it', async () => {
    const { session, failures } = bench(() => Promise.reject(new Error('offline')));
    session.start();
    await Promise.resolve();
    await Promise.resolve();
    expect(failures).toEqual([{ why: 'network', retryAfterMs: null }]);
    session.start();
    session.stop();
    await Promise.resolve();
    await Promise.resolve();
    expect(failures).toHaveLength(1);
  });
});
