// SPDX-License-Identifier: MIT
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { makeRecording } from '../../test/samples';
import { RecordingPlayer } from './recording-player';

function nothing(): void {
  // The test does not look at it.
}

describe('The sign for buffering', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    render(
      <RecordingPlayer
        recording={makeRecording()}
        cameraName="Yard"
        zone="UTC"
        now={0}
        startAt={0}
        onPositionSettled={nothing}
        onEnded={nothing}
        onUnreadable={nothing}
        notice={null}
        playButton={{ current: null }}
      />,
    );
    const video = screen.getByLabelText('Recording of Yard');
    Object.defineProperty(video, 'videoWidth', { value: 1920 });
    fireEvent.loadedMetadata(video);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const fire = (name: string): void => {
    fireEvent(screen.getByLabelText('Recording of Yard'), new Event(name));
  };
  const wait = (ms: number): void => {
    act(() => void vi.advanceTimersByTime(ms));
  };

  it('comes after half a second without pictures, and goes with the next', () => {
    fire('waiting');
    wait(400);
    expect(screen.queryByText('Buffering')).toBeNull();
    wait(200);
    expect(screen.getByText('Buffering')).toBeTruthy();
    fire('playing');
    expect(screen.queryByText('Buffering')).toBeNull();
  });

  it.each(['playing', 'pause', 'ended', 'error'])('does not come after "%s"', (name) => {
    fire('waiting');
    wait(400);
    fire(name);
    wait(1000);
    expect(screen.queryByText('Buffering')).toBeNull();
  });
});
