// SPDX-License-Identifier: MIT
import { useEffect, useRef, type ReactNode } from 'react';

import type { StreamName } from '../../api/camera-requests';
import type { CameraTest } from '../../api/types';
import { Icon } from '../../components/icon';
import { ProgressLine } from '../../components/progress-line';
import { formatSeconds } from '../../lib/rates';
import { figuresOf } from './camera-words';
import styles from './test-result.module.css';

export type TestState =
  | { kind: 'testing'; stream: StreamName }
  | { kind: 'done'; stream: StreamName; test: CameraTest; isOutdated: boolean }
  /** The recorder could not try it. */
  | { kind: 'failed'; message: string };

export function testedStream(state: TestState | null): StreamName {
  return state === null || state.kind === 'failed' ? 'main' : state.stream;
}

type TestResultProps = {
  state: TestState | null;
  /** What can be done about it. */
  children?: ReactNode;
};

/** What a connection gave. The same height while it is tried, so that nothing jumps. */
export function TestResult({ state, children }: TestResultProps): ReactNode {
  return state === null ? null : <ShownResult state={state}>{children}</ShownResult>;
}

function ShownResult({ state, children }: TestResultProps & { state: TestState }): ReactNode {
  const box = useRef<HTMLElement>(null);
  const { kind } = state;
  // The button is always in sight, but what it brings may be below the fold.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [kind]);
  return (
    <section
      ref={box}
      className={styles.result}
      aria-label="Test of the connection"
      aria-live="polite"
    >
      <TestWords state={state} />
      {children}
    </section>
  );
}

function TestWords({ state }: { state: TestState }): ReactNode {
  switch (state.kind) {
    case 'testing':
      return (
        <>
          <ProgressLine label="Testing the connection" />
          <div className={styles.picture} />
          <p>
            {state.stream === 'main' ? 'Connecting to the camera.' : 'Connecting to the sub stream.'}{' '}
            This takes at most 5 s.
          </p>
        </>
      );
    case 'failed':
      return <Failure message={state.message} />;
    case 'done':
      return state.test.ok ? (
        <Success test={state.test} stream={state.stream} isOutdated={state.isOutdated} />
      ) : (
        <Failure message={state.test.error.message} isOutdated={state.isOutdated} />
      );
  }
}

function Outdated({ isOutdated }: { isOutdated: boolean }): ReactNode {
  return isOutdated ? <p className={styles.soft}>The fields have changed since this test.</p> : null;
}

function Failure({ message, isOutdated = false }: { message: string; isOutdated?: boolean }): ReactNode {
  return (
    <>
      <div className={styles.picture}>
        <Icon name="cameraOff" size={32} />
      </div>
      <div className={styles.words}>
        <p className={styles.failure}>{message}</p>
        <Outdated isOutdated={isOutdated} />
      </div>
    </>
  );
}

type SuccessProps = {
  test: Extract<CameraTest, { ok: true }>;
  stream: StreamName;
  isOutdated: boolean;
};

function Success({ test, stream, isOutdated }: SuccessProps): ReactNode {
  const { codec, size, fps, keyframes, bitrate, audio } = figuresOf(test.stream);
  const facts: [string, string | null][] = [
    ['Picture', [codec, size, fps].filter((fact) => fact !== null).join(', ')],
    ['Keyframe', keyframes],
    ['Bitrate', bitrate],
    ['Sound', audio ?? 'none'],
    [
      'First picture',
      test.time_to_first_frame_s === null
        ? null
        : `after ${formatSeconds(test.time_to_first_frame_s)}`,
    ],
  ];
  return (
    <>
      <div className={styles.picture}>
        {test.snapshot === null ? (
          <Icon name="check" size={32} />
        ) : (
          <img src={test.snapshot} alt="What the camera sees" />
        )}
      </div>
      <div className={styles.words}>
        <p className={styles.success}>
          <Icon name="check" size={18} />
          {stream === 'main' ? 'The camera answers' : 'The sub stream answers'}
        </p>
        <dl className={styles.facts}>
          {facts.map(
            ([name, value]) =>
              value !== null && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        <Outdated isOutdated={isOutdated} />
      </div>
      {test.advice.length > 0 && (
        <ul className={styles.advice} aria-label="Advice">
          {test.advice.map((sentence) => (
            <li key={sentence}>
              <Icon name="warning" size={16} />
              <span>{sentence}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
