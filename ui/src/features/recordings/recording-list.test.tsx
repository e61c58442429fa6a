// SPDX-License-Identifier: MIT
import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { withRecording } from '../../api/recordings-cache';
import type { Recording } from '../../api/types';
import { formatSize } from '../../lib/size';
import { makeRecording } from '../../test/samples';
import { RecordingList } from './recording-list';

// Each row that is drawn says its size once.
vi.mock('../../lib/size', () => ({ formatSize: vi.fn(() => '1 MB') }));

const start = Date.parse('2026-11-23T00:00:00Z');
const minute = 60_000;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

const closed = Array.from({ length: 999 }, (_, i) =>
  makeRecording({ id: i + 1, start: iso(start + i * minute), end: iso(start + (i + 1) * minute) }),
);
const growing = makeRecording({
  id: 1000,
  start: iso(start + 999 * minute),
  end: null,
  duration_s: null,
  state: 'recording',
});

describe('A list of a thousand recordings', () => {
  const onSelect = vi.fn<(recording: Recording) => void>();
  const onProtect = vi.fn<(recording: Recording) => void>();
  const drawn = vi.mocked(formatSize);
  const list = (recordings: readonly Recording[], now: number, selectedId: number | null = 5) => (
    <RecordingList
      recordings={recordings}
      day="2026-11-23"
      zone="UTC"
      now={start + 999 * minute + now}
      selectedId={selectedId}
      isLost={false}
      // Another function each time, as a page gives it.
      onSelect={(recording) => onSelect(recording)}
      onProtect={onProtect}
    />
  );
  const all = [...closed, growing];
  let rerender: (next: ReturnType<typeof list>) => void;
  beforeEach(() => {
    onSelect.mockClear();
    ({ rerender } = render(list(all, 1000)));
    drawn.mockClear();
  });

  it('draws one row anew when the clock ticks', () => {
    rerender(list(all, 2000));
    expect(drawn).toHaveBeenCalledOnce();
    expect(screen.getByText(/^2 s/)).toBeTruthy();
  });

  it('draws one row anew for an event, and two when another is chosen', () => {
    const longer = withRecording(all, makeRecording({ ...closed[7], size_bytes: 1 }));
    rerender(list(longer, 1000));
    expect(drawn).toHaveBeenCalledOnce();
    rerender(list(longer, 1000, 6));
    expect(drawn).toHaveBeenCalledTimes(3);
  });

  it('tells the newest listener what was chosen', () => {
    fireEvent.click(screen.getByText(/^00:03:00/));
    expect(onSelect).toHaveBeenCalledExactlyOnceWith(closed[3]);
  });
});
