// SPDX-License-Identifier: MIT
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

import { setUpCamera, type StreamName } from '../../api/camera-requests';
import type { CameraTest, SetUpResult } from '../../api/types';
import { TickField } from '../../components/form-field';
import { Icon } from '../../components/icon';
import { ProgressLine } from '../../components/progress-line';
import styles from './fix-camera.module.css';
import { changesMade, partOfFix, plannedChanges, type Change, type SettingName } from './fix-words';

type FixCameraProps = {
  cameraId: number;
  stream: StreamName;
  test: Extract<CameraTest, { ok: true }>;
  /** Called once the camera has answered, whatever it took over. */
  onDone: (result: SetUpResult) => void;
};

/** The way from the advice of a test to a camera that is set so. */
export function FixCamera({ cameraId, stream, test, onDone }: FixCameraProps): ReactNode {
  const changes = plannedChanges(test);
  const [isOpen, setIsOpen] = useState(false);
  // Another codec in the main stream costs disk, so it is for people to choose.
  const [left, setLeft] = useState<ReadonlySet<SettingName>>(
    () => new Set(stream === 'main' ? ['codec'] : []),
  );
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const chosen = new Set(changes.map(({ setting }) => setting).filter((one) => !left.has(one)));
  const set = useMutation({
    mutationFn: () => setUpCamera(cameraId, stream, partOfFix(test.fix ?? {}, chosen)),
    onSuccess: onDone,
  });
  if (changes.length === 0) return null;

  const choose = (setting: SettingName, isChosen: boolean): void => {
    const others = [...left].filter((one) => one !== setting);
    setLeft(new Set(isChosen ? others : [...others, setting]));
  };
  const close = (): void => {
    setIsOpen(false);
    set.reset();
    button.current?.focus();
  };
  const canSet = chosen.size > 0 && !set.isPending;
  return (
    <div className={styles.fix}>
      <button
        ref={button}
        type="button"
        className="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={isOpen ? close : () => setIsOpen(true)}
      >
        <Icon name="fix" />
        Fix it
      </button>
      {isOpen && (
        <div id={id} className={styles.plan} role="group" aria-label="What is set in the camera">
          {set.isPending && <ProgressLine label="Setting the camera" />}
          <p>This is set in the camera itself, and then tested.</p>
          <div>
            {changes.map(({ setting, label, from, to }) => (
              <TickField
                key={setting}
                label={`${label}: ${from === null ? '' : `${from} → `}${to}`}
                hint={
                  setting === 'codec' && stream === 'main'
                    ? 'Plays in every browser, and needs about twice the disk.'
                    : undefined
                }
                checked={chosen.has(setting)}
                onChange={(event) => choose(setting, event.currentTarget.checked)}
              />
            ))}
          </div>
          {set.error !== null && (
            <p role="alert" className={styles.problem}>
              {set.error.message}
            </p>
          )}
          <div className={styles.buttons}>
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className="button"
              aria-disabled={!canSet}
              onClick={canSet ? () => set.mutate() : undefined}
            >
              {set.isPending ? 'Setting the camera' : 'Set the camera'}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}

/** What the camera took over, in its own words. */
export function FixOutcome({ result }: { result: SetUpResult }): ReactNode {
  const box = useRef<HTMLElement>(null);
  // The button that had the focus goes with the test that it was about.
  useEffect(() => box.current?.focus(), [result]);
  return (
    <section
      ref={box}
      className={styles.outcome}
      aria-label="What the camera accepted"
      tabIndex={-1}
    >
      <OutcomeWords result={result} />
    </section>
  );
}

function OutcomeWords({ result }: { result: SetUpResult }): ReactNode {
  if (!result.ok) {
    return <p className={styles.problem}>The camera was not set: {result.error.message}</p>;
  }
  const made = changesMade(result.before, result.after, result.clock_was_ahead_s);
  return (
    <>
      <p className={styles.verdict}>
        <Icon name={made.length > 0 ? 'check' : 'warning'} size={18} />
        {made.length > 0 ? 'The camera is set' : 'The camera kept what it had'}
      </p>
      <ul>
        {made.map((change) => (
          <li key={change.setting}>{madeWords(change)}</li>
        ))}
        {result.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </>
  );
}

function madeWords({ label, from, to }: Change): string {
  return from === null ? `${label}: ${to}` : `${label}: ${to}, before ${from}`;
}
