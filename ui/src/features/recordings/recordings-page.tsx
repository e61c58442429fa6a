// SPDX-License-Identifier: MIT
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';

import { camerasQuery } from '../../api/cameras';
import { checkRecording, fetchRecordings, recordingsQuery } from '../../api/recordings';
import { useSite, useSiteStore, useZone } from '../../api/site';
import type { Camera, Recording } from '../../api/types';
import { IconButton } from '../../components/icon-button';
import { NotLoaded } from '../../components/not-loaded';
import { Note } from '../../components/note';
import { useNow } from '../../components/use-now';
import { formatSize } from '../../lib/size';
import { dayBounds, dayOf, formatDay, formatMinute, isDay, parseInstant } from '../../lib/time';
import { DayPicker } from './day-picker';
import { MissingNotice } from './missing-notice';
import { NothingChosen } from './nothing-chosen';
import { RecordingList } from './recording-list';
import { RecordingPlayer } from './recording-player';
import styles from './recordings-page.module.css';
import { useProtection } from './use-protection';
import { followingOf, recordingAt, sameRunMs, spanOf, type Following } from './rows';

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

export function RecordingsPage(): ReactNode {
  const { data: cameras, error, refetch } = useQuery(camerasQuery());
  let content: ReactNode;
  if (cameras === undefined) {
    content = <NotLoaded what="cameras" error={error} onRetry={() => void refetch()} />;
  } else if (cameras[0] === undefined) {
    content = (
      <Note icon="recordings" title="No cameras yet">
        <p>Recordings appear here once a camera was added.</p>
        <Link className="button" to="/cameras/new">
          Add camera
        </Link>
      </Note>
    );
  } else {
    content = <DayOfCamera cameras={cameras} firstCamera={cameras[0]} />;
  }
  return (
    <>
      <title>Recordings - RoninNVR</title>
      <h1 className="visually-hidden">Recordings</h1>
      {content}
    </>
  );
}

type DayOfCameraProps = { cameras: Camera[]; firstCamera: Camera };

function DayOfCamera({ cameras, firstCamera }: DayOfCameraProps): ReactNode {
  const client = useQueryClient();
  const [params, setParams] = useSearchParams();
  const { connection, zone: siteZone } = useSite();
  const { now: clock } = useSiteStore();
  const zone = useZone();
  const now = useNow(clock);

  const today = dayOf(now, zone);
  const dayParam = params.get('day');
  const day = dayParam !== null && isDay(dayParam) ? dayParam : today;
  const cameraParam = wholeNumber(params.get('camera'));
  const camera = cameras.find((candidate) => candidate.id === cameraParam) ?? firstCamera;
  const isUnknown = cameraParam !== null && camera.id !== cameraParam;
  const recordingId = wholeNumber(params.get('rec'));
  const startAt = Number(params.get('t') ?? 0);

  const { data, error, refetch } = useQuery({
    ...recordingsQuery(camera.id, dayBounds(day, zone)),
    // Which hours belong to a day is only known with the site's zone.
    enabled: siteZone !== null || connection.state === 'lost',
  });
  // The first file after midnight plays on in the same player, before the list of its day is there.
  const [opened, setOpened] = useState<Recording | null>(null);
  const selected = (data ?? (opened === null ? [] : [opened])).find(
    (recording) => recording.id === recordingId && recording.state !== 'missing',
  );

  const playButton = useRef<HTMLButtonElement>(null);
  const wantsFocus = useRef(false);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    playButton.current?.focus({ preventScroll: true });
  }, [recordingId]);

  // An address of a moment becomes that of the recording with it.
  const moment = parseInstant(params.get('at') ?? '');
  useEffect(() => {
    if (moment === null || data === undefined) return;
    const found = recordingAt(data, moment, clock());
    const place = new URLSearchParams({ camera: String(camera.id), day });
    if (found !== null) {
      place.set('rec', String(found.recording.id));
      place.set('t', found.seconds.toFixed(1));
    }
    setParams(place, { replace: true });
  }, [moment, data, camera.id, day, clock, setParams]);

  const show = (change: { camera?: number; day?: string }): void => {
    setParams({ camera: String(change.camera ?? camera.id), day: change.day ?? day });
  };
  const open = (recording: Recording, itsDay = day): void => {
    setOpened(recording);
    setParams({ camera: String(recording.camera_id), day: itsDay, rec: String(recording.id) });
  };
  const choose = (recording: Recording): void => {
    // The keys of the player work from there. It is not there yet, unless it plays this one already.
    if (recording.id === selected?.id) playButton.current?.focus({ preventScroll: true });
    else wantsFocus.current = true;
    open(recording);
  };
  const protection = useProtection();
  const { end, onEnded } = useFollowing(selected, data ?? [], clock, (recording) =>
    open(recording, dayOf(spanOf(recording, clock()).start, zone)),
  );

  return (
    <div className={styles.page} data-open={selected !== undefined}>
      <div className={styles.choice}>
        <label className={styles.camera}>
          <span className="visually-hidden">Camera</span>
          <select
            className="field"
            value={camera.id}
            onChange={(event) => show({ camera: Number(event.currentTarget.value) })}
          >
            {cameras.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <DayPicker day={day} today={today} onChange={(chosen) => show({ day: chosen })} />
        {isUnknown && (
          <p role="status">The camera in this address does not exist; this is {camera.name}.</p>
        )}
        <MissingNotice
          cameraId={camera.id}
          span={dayBounds(day, zone)}
          isToday={day === today}
          enabled={siteZone !== null}
        />
      </div>
      <div className={styles.stage}>
        {selected === undefined ? (
          <NothingChosen isGone={recordingId !== null && data !== undefined} />
        ) : (
          <RecordingPlayer
            recording={selected}
            cameraName={camera.name}
            zone={zone}
            now={now}
            startAt={Number.isFinite(startAt) ? Math.max(0, startAt) : 0}
            onPositionSettled={(seconds) =>
              setParams(
                (before) => {
                  const after = new URLSearchParams(before);
                  after.set('t', seconds.toFixed(1));
                  return after;
                },
                { replace: true },
              )
            }
            onEnded={onEnded}
            onUnreadable={() => void checkRecording(client, selected.id)}
            notice={
              <EndNotice end={end} cameraId={camera.id} zone={zone} onContinue={choose} />
            }
            playButton={playButton}
          />
        )}
      </div>
      <section className={styles.list} aria-labelledby="day-heading">
        <header className={styles.head}>
          <h2 id="day-heading">{formatDay(day)}</h2>
          <p>{data === undefined ? '\u00a0' : summary(data)}</p>
          {protection.problem !== null && (
            <div role="alert" className={styles.problem}>
              <span>{protection.problem}</span>
              <IconButton icon="close" label="Dismiss" onClick={protection.dismiss} />
            </div>
          )}
        </header>
        {data === undefined && (
          <NotLoaded what="recordings" error={error} onRetry={() => void refetch()} />
        )}
        {data?.length === 0 && (
          // By its day: on one that is empty, too, the button may be gone.
          <Note key={day} icon="recordings" title="No recording on this day">
            {day !== today && (
              <button type="button" className="button" onClick={() => show({ day: today })}>
                Go to today
              </button>
            )}
          </Note>
        )}
        {data !== undefined && data.length > 0 && (
          <RecordingList
            recordings={data}
            day={day}
            zone={zone}
            now={now}
            selectedId={selected?.id ?? null}
            isLost={connection.state === 'lost'}
            onSelect={choose}
            onProtect={protection.toggle}
          />
        )}
      </section>
    </div>
  );
}

function summary(recordings: readonly Recording[]): string {
  if (recordings.length === 0) return 'Nothing recorded';
  const bytes = recordings.reduce((sum, recording) => sum + recording.size_bytes, 0);
  const count = recordings.length === 1 ? '1 recording' : `${String(recordings.length)} recordings`;
  return `${count}, ${formatSize(bytes)}`;
}

type End = {
  id: number;
  following: Following;
  /** It was still being written: whatever comes later, nothing newer existed. */
  wasNewest: boolean;
};

type EndOfRecording = { end: End | null; onEnded: () => void };

/** Goes on with the next file when one begins at once, also over midnight; else tells what is next. */
function useFollowing(
  current: Recording | undefined,
  ofTheDay: readonly Recording[],
  clock: () => number,
  onContinue: (recording: Recording) => void,
): EndOfRecording {
  const [ended, setEnded] = useState<End | null>(null);
  const request = useRef<AbortController>(null);
  const id = current?.id;
  // The viewer may choose something else while the question for the next file is under way.
  useEffect(() => () => request.current?.abort(), [id]);

  const finish = (recording: Recording, following: Following): void => {
    if (following.kind === 'seamless') onContinue(following.recording);
    else setEnded({ id: recording.id, following, wasNewest: recording.state === 'recording' });
  };
  const onEnded = (): void => {
    if (current === undefined) return;
    const following = followingOf(ofTheDay, current, clock());
    if (following.kind !== 'none' || current.state === 'recording') {
      finish(current, following);
      return;
    }
    const { end } = spanOf(current, clock());
    const controller = new AbortController();
    request.current = controller;
    const justAfter = { start: end - sameRunMs, end: end + sameRunMs };
    void fetchRecordings(current.camera_id, justAfter, controller.signal).then((result) => {
      if (result.status === 'aborted' || controller.signal.aborted) return;
      const found = result.status === 'success' ? result.data : [];
      finish(current, followingOf(found, current, clock()));
    });
  };
  return { end: ended !== null && ended.id === id ? ended : null, onEnded };
}

type EndNoticeProps = {
  end: End | null;
  cameraId: number;
  zone: string;
  onContinue: (recording: Recording) => void;
};

function EndNotice({ end, cameraId, zone, onContinue }: EndNoticeProps): ReactNode {
  if (end === null) return null;
  const { following, wasNewest } = end;
  if (following.kind === 'later') {
    const time = formatMinute(following.start, zone);
    return (
      <>
        <span>The recording ends here; the next one begins at {time}.</span>
        <button type="button" className="button" onClick={() => onContinue(following.recording)}>
          Play from {time}
        </button>
      </>
    );
  }
  if (wasNewest) {
    return (
      <>
        <span>That was the newest recorded picture.</span>
        <Link className="button" to={`/live/cam/${String(cameraId)}`}>
          Watch live
        </Link>
      </>
    );
  }
  return <span>The recording ends here; nothing follows on this day.</span>;
}
