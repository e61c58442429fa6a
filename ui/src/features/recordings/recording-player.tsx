// SPDX-License-Identifier: MIT
import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';

import { recordingStreamUrl } from '../../api/recordings';
import type { Recording } from '../../api/types';
import { Icon } from '../../components/icon';
import { IconButton } from '../../components/icon-button';
import { ProgressLine } from '../../components/progress-line';
import { useFullscreen } from '../../components/use-fullscreen';
import { fileStamp, formatClock, formatDuration, zoneLabel } from '../../lib/time';
import { whyNotPlaying } from './playback-failure';
import styles from './recording-player.module.css';
import { spanOf } from './rows';

type Playback =
  | { kind: 'loading' }
  | { kind: 'playing' }
  | { kind: 'paused' }
  | { kind: 'ended' }
  | { kind: 'failed'; reason: string };

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
  notice,
  playButton,
}: RecordingPlayerProps): ReactNode {
  const box = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [playback, setPlayback] = useState<Playback>({ kind: 'loading' });
  const [position, setPosition] = useState(startAt);
  const [speed, setSpeed] = useState(1);
  const [isMuted, setIsMuted] = useState(true);
  const { isFullscreen, isAvailable, toggle: toggleFullscreen } = useFullscreen(box);

  // Another recording in the same player: speed, sound and full screen stay.
  const [openId, setOpenId] = useState(recording.id);
  if (openId !== recording.id) {
    setOpenId(recording.id);
    setPlayback({ kind: 'loading' });
    setPosition(startAt);
  }

  // React sets `playbackRate` of no element, and loading a file resets it.
  useEffect(() => {
    if (video.current === null) return;
    video.current.defaultPlaybackRate = speed;
    video.current.playbackRate = speed;
  }, [speed]);

  const span = spanOf(recording, now);
  // The file's own idea of its length is wrong while it grows, so the recorder's counts.
  const durationS = recording.duration_s ?? Math.max(0, (span.end - span.start) / 1000);
  const shownS = Math.min(position, durationS);
  const isPlaying = playback.kind === 'playing';
  const hasAudio = recording.audio !== null;

  const seek = (seconds: number): void => {
    const target = Math.min(Math.max(0, seconds), Math.max(0, durationS - 0.1));
    if (video.current !== null) video.current.currentTime = target;
    setPosition(target);
    setPlayback((before) =>
      before.kind === 'ended' || before.kind === 'failed' ? { kind: 'paused' } : before,
    );
  };
  const settle = (): void => onPositionSettled(video.current?.currentTime ?? shownS);
  const jump = (seconds: number): void => {
    seek((video.current?.currentTime ?? shownS) + seconds);
    settle();
  };
  const play = (): void => {
    if (playback.kind === 'ended') seek(0);
    // A refusal (autoplay policy) leaves the player paused, with its play button.
    video.current?.play().catch(() => setPlayback((now) => (isFailed(now) ? now : paused)));
  };
  const togglePlay = (): void => {
    if (isPlaying) video.current?.pause();
    else play();
  };
  const stepFrame = (seconds: number): void => {
    video.current?.pause();
    jump(seconds);
  };
  const changeSpeed = (direction: 1 | -1): void => {
    setSpeed((current) => speeds[speeds.indexOf(current) + direction] ?? current);
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

  const fail = (code: number | null): void => {
    const canPlay = (mime: string): boolean => video.current?.canPlayType(mime) !== '';
    setPlayback({ kind: 'failed', reason: whyNotPlaying(recording, code, canPlay) });
  };

  const clock = formatClock(span.start + shownS * 1000, zone);
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
          src={url}
          muted={isMuted || !hasAudio}
          playsInline
          preload="auto"
          aria-label={`Recording of ${cameraName}`}
          onLoadedMetadata={(event) => {
            const element = event.currentTarget;
            if (element.videoWidth === 0 && recording.video !== null) {
              fail(null);
              return;
            }
            element.playbackRate = speed;
            if (startAt > 0) element.currentTime = startAt;
            play();
          }}
          onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime)}
          onPlaying={() => setPlayback({ kind: 'playing' })}
          onPause={(event) => {
            if (event.currentTarget.ended) return;
            setPlayback((before) => (isFailed(before) ? before : paused));
            settle();
          }}
          onEnded={() => {
            setPlayback({ kind: 'ended' });
            onEnded();
          }}
          onError={(event) => fail(event.currentTarget.error?.code ?? 4)}
        />
        {playback.kind === 'loading' && <ProgressLine label="Loading the recording" />}
        {playback.kind === 'failed' && (
          <p className={styles.failure} role="alert">
            <Icon name="warning" size={28} />
            {playback.reason}
          </p>
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
          disabled={playback.kind === 'failed'}
          aria-label="Position in the recording"
          aria-valuetext={`${clock}, ${formatDuration(shownS)} of ${formatDuration(durationS)}`}
          style={{ '--played': String(durationS > 0 ? shownS / durationS : 0) } as object}
          onChange={(event) => seek(event.currentTarget.valueAsNumber)}
          onPointerUp={settle}
          onKeyUp={settle}
        />
        <div className={styles.controls}>
          <IconButton
            ref={playButton}
            icon={isPlaying ? 'pause' : 'play'}
            label={isPlaying ? 'Pause' : 'Play'}
            onClick={togglePlay}
            disabled={playback.kind === 'failed'}
          />
          <IconButton icon="back" label="10 seconds back" onClick={() => jump(-jumpS)} />
          <IconButton icon="forward" label="10 seconds forward" onClick={() => jump(jumpS)} />
          <p className={styles.clock}>
            <strong>{clock}</strong> <span>{zoneLabel(span.start, zone)}</span>
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
          {playback.kind === 'ended' ? notice : null}
        </div>
      </div>
    </section>
  );
}

const paused: Playback = { kind: 'paused' };

function isFailed(playback: Playback): boolean {
  return playback.kind === 'failed';
}
