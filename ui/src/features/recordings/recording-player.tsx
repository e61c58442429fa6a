// SPDX-License-Identifier: MIT
import {
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from 'react';

import { recordingStreamUrl } from '../../api/recordings';
import type { Recording } from '../../api/types';
import { Icon } from '../../components/icon';
import { IconButton } from '../../components/icon-button';
import { ProgressLine } from '../../components/progress-line';
import { useFocusRescue } from '../../components/use-focus-rescue';
import { useFullscreen } from '../../components/use-fullscreen';
import { ZonedClock } from '../../components/zoned-clock';
import { fileStamp, formatClock, formatDuration } from '../../lib/time';
import { BufferingSign } from './buffering-sign';
import styles from './recording-player.module.css';
import { spanOf } from './rows';
import { usePlayback } from './use-playback';
import { useStalled } from './use-stalled';

type RecordingPlayerProps = {
  recording: Recording;
  cameraName: string;
  zone: string;
  /** The recorder's time; a file that is being written reaches up to it. */
  now: number;
  /** Where to begin, in seconds; read whenever another recording is opened. */
  startAt: number;
  /** After a seek or a pause: what a link to this picture should name. */
  onPositionSettled: (seconds: number) => void;
  onEnded: () => void;
  /** The file could not be read: it may be gone. */
  onUnreadable: () => void;
  /** Shown below the picture: what comes after the end. */
  notice: ReactNode;
  playButton: RefObject<HTMLButtonElement | null>;
};

const speeds = [0.5, 1, 2, 4];
const jumpS = 10;
// Recordings do not say their frame rate; most cameras send 25 a second or fewer.
const frameS = 0.04;

export function RecordingPlayer({
  recording,
  cameraName,
  zone,
  now,
  startAt,
  onPositionSettled,
  onEnded,
  onUnreadable,
  notice,
  playButton,
}: RecordingPlayerProps): ReactNode {
  const box = useRef<HTMLElement>(null);
  useFocusRescue(box);
  const [isMuted, setIsMuted] = useState(true);
  const { isFullscreen, isAvailable, toggle: toggleFullscreen } = useFullscreen(box);

  const span = spanOf(recording, now);
  const durationS = recording.duration_s ?? Math.max(0, (span.end - span.start) / 1000);
  const { video, source, state, position, speed, setSpeed, handlers, ...playback } = usePlayback({
    recording,
    durationS,
    startAt,
    onPositionSettled,
    onEnded,
    onUnreadable,
  });
  const { togglePlay, jump, stepFrame, settle } = playback;
  const isStalled = useStalled(video);
  const shownS = Math.min(position, durationS);
  const isPlaying = state.kind === 'playing';
  const isHopeless = state.kind === 'failed' && !state.canRetry;
  const hasAudio = recording.audio !== null;

  const changeSpeed = (direction: 1 | -1): void => {
    setSpeed(speeds[speeds.indexOf(speed) + direction] ?? speed);
  };

  const onRetry = (event: MouseEvent): void => {
    // A click on the picture plays and pauses.
    event.stopPropagation();
    // The button is about to go; the keys of the player go on working.
    playButton.current?.focus();
    playback.retry();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target instanceof HTMLSelectElement) return;
    // On a button the space bar presses that button.
    if (event.key === ' ' && target.closest('button, a') !== null) return;
    const actions: Record<string, () => void> = {
      ' ': togglePlay,
      k: togglePlay,
      j: () => changeSpeed(-1),
      l: () => changeSpeed(1),
      ArrowLeft: () => jump(-jumpS),
      ArrowRight: () => jump(jumpS),
      ',': () => stepFrame(-frameS),
      '.': () => stepFrame(frameS),
      f: toggleFullscreen,
      m: () => setIsMuted((muted) => !muted),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const shownMs = span.start + shownS * 1000;
  const clock = formatClock(shownMs, zone);
  const url = recordingStreamUrl(recording.id);
  return (
    // The keys work on whatever has the focus inside; each has a button or field that does the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section ref={box} className={styles.player} aria-label="Player" onKeyDown={onKeyDown}>
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div className={styles.picture} onClick={togglePlay} onDoubleClick={toggleFullscreen}>
        {/* A camera's recording has no captions. */}
        {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
        <video
          ref={video}
          src={source}
          muted={isMuted || !hasAudio}
          playsInline
          preload="auto"
          aria-label={`Recording of ${cameraName}`}
          {...handlers}
        />
        {state.kind === 'loading' && <ProgressLine label="Loading the recording" />}
        {isStalled && state.kind !== 'loading' && <BufferingSign />}
        {state.kind === 'failed' && (
          <div className={styles.failure}>
            <Icon name="warning" size={28} />
            <p role="alert">{state.reason}</p>
            {state.canRetry && (
              <button type="button" className="button" onClick={onRetry}>
                Try again
              </button>
            )}
          </div>
        )}
      </div>
      <div className={styles.bar}>
        <input
          type="range"
          className={styles.slider}
          min={0}
          max={Math.max(1, Math.ceil(durationS))}
          step={0.1}
          value={shownS}
          // Not `disabled`, which would cost it the focus.
          aria-disabled={isHopeless}
          aria-label="Position in the recording"
          aria-valuetext={`${clock}, ${formatDuration(shownS)} of ${formatDuration(durationS)}`}
          style={{ '--played': String(durationS > 0 ? shownS / durationS : 0) } as object}
          onChange={(event) => playback.seek(event.currentTarget.valueAsNumber)}
          onPointerUp={settle}
          onKeyUp={settle}
        />
        <div className={styles.controls}>
          <IconButton
            ref={playButton}
            icon={isPlaying ? 'pause' : 'play'}
            label={isPlaying ? 'Pause' : 'Play'}
            onClick={togglePlay}
            disabled={isHopeless}
          />
          <IconButton icon="back" label="10 seconds back" onClick={() => jump(-jumpS)} />
          <IconButton icon="forward" label="10 seconds forward" onClick={() => jump(jumpS)} />
          <p className={styles.clock}>
            <ZonedClock ms={shownMs} zone={zone} />
          </p>
          <span className={styles.space} />
          <label className={styles.speed}>
            <span className="visually-hidden">Speed</span>
            <select
              className="field"
              value={speed}
              onChange={(event) => setSpeed(Number(event.currentTarget.value))}
            >
              {speeds.map((value) => (
                <option key={value} value={value}>
                  {value}×
                </option>
              ))}
            </select>
          </label>
          {hasAudio && (
            <IconButton
              icon={isMuted ? 'soundOff' : 'soundOn'}
              label={isMuted ? 'Turn sound on' : 'Turn sound off'}
              onClick={() => setIsMuted(!isMuted)}
            />
          )}
          <a
            className={styles.download}
            href={url}
            download={`${cameraName}_${fileStamp(span.start)}.mp4`}
            aria-label="Download this recording"
            title="Download this recording"
          >
            <Icon name="download" />
          </a>
          {isAvailable && (
            <IconButton
              icon={isFullscreen ? 'leaveFullscreen' : 'fullscreen'}
              label={isFullscreen ? 'Leave full screen' : 'Full screen'}
              onClick={toggleFullscreen}
            />
          )}
        </div>
        <div role="status" className={styles.notice}>
          {state.kind === 'ended' ? notice : null}
        </div>
      </div>
    </section>
  );
}
