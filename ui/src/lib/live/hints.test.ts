// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { shownLast, ShownStreams } from './hints';

let text: string | null = null;
const store = {
  getItem: (): string | null => text,
  setItem: (_key: string, value: string): void => {
    text = value;
  },
};

describe('what a page showed last', () => {
  beforeEach(() => {
    text = null;
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('is known when it is opened again', () => {
    let path = '/live';
    const shown = new ShownStreams(store, () => path);
    shown.show(1, 'sub');
    shown.show(2, 'main');
    vi.advanceTimersByTime(1000);
    expect(shownLast(store, '/live')).toEqual([
      { cameraId: 1, stream: 'sub' },
      { cameraId: 2, stream: 'main' },
    ]);
    path = '/live/cam/2';
    shown.hide(1);
    vi.advanceTimersByTime(1000);
    expect(shownLast(store, '/live/cam/2')).toEqual([{ cameraId: 2, stream: 'main' }]);
    expect(shownLast(store, '/live')).toHaveLength(2);
  });

  it('stays when the page is left', () => {
    const shown = new ShownStreams(store, () => '/live');
    shown.show(1, 'sub');
    vi.advanceTimersByTime(1000);
    shown.hide(1);
    shown.hide(1);
    vi.advanceTimersByTime(1000);
    expect(shownLast(store, '/live')).toHaveLength(1);
  });

  it('is nothing where anything else is stored, or nothing may be', () => {
    for (const other of ['', 'no', '[]', 'null', '{"/live":3}', '{"/live":[null,{"cameraId":"x"}]}']) {
      text = other;
      expect(shownLast(store, '/live')).toEqual([]);
    }
    const full = { getItem: () => null, setItem: () => { throw new DOMException('full'); } };
    const shown = new ShownStreams(full, () => '/live');
    shown.show(1, 'main');
    shown.show(1, 'main');
    expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
  });
});
