// SPDX-License-Identifier: MIT
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Recording } from '../api/types';
import { FakeServer } from '../test/fake-server';
import { focusIsOn } from '../test/focus';
import { renderApp } from '../test/render-app';
import { makeCamera, makeRecording } from '../test/samples';
import { App } from './app';
import { at, day, morning, open } from './recordings-fixture';

function video(): HTMLVideoElement {
  return screen.getByLabelText<HTMLVideoElement>('Recording of Front door');
}

/** What the browser would do once it has read the head of the file. */
function load(width = 1920): void {
  Object.defineProperty(video(), 'videoWidth', { configurable: true, value: width });
  fireEvent.loadedMetadata(video());
}

/** How often it was read anew: from another address, for browsers keep what they have read. */
function reads(): number {
  const [, count = '0'] = /^\/api\/recordings\/\d+\/stream\?read=(\d+)$/.exec(video().getAttribute('src') ?? '') ?? [];
  return Number(count);
}

/** The picture after which there is nothing in what the browser has loaded. */
function end(seconds: number): void {
  video().currentTime = seconds;
  fireEvent.ended(video());
}

function fail(code: number): void {
  Object.defineProperty(video(), 'error', { configurable: true, value: { code } });
  fireEvent.error(video());
}

async function list(): Promise<string[]> {
  const items = await screen.findAllByRole('listitem');
  return items.map((item) => item.textContent);
}

describe('Recordings', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z'), toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lists the day newest first, in the zone of the site, with its gaps', async () => {
    const { server } = await open(morning);
    const rows = await list();
    expect(rows).toHaveLength(5);
    expect(rows[0]).toContain('02:57:00 – 03:12:00missing');
    expect(rows[1]).toContain('recovered');
    expect(rows[2]).toBe('No recording between 02:30 and 02:42');
    expect(rows[4]).toBe('02:00:00 – 02:15:0015 min · 450 MB');
    expect(screen.getByText('4 recordings, 1.8 GB')).toBeTruthy();
    const request = server.requests.find(({ pathname }) => pathname === '/api/recordings');
    expect(request?.searchParams.get('start')).toBe('2026-11-22T23:00:00.000Z');
    expect(request?.searchParams.get('end')).toBe('2026-11-23T23:00:00.000Z');
  });

  it('asks for no day before it knows the zone of the site', async () => {
    const server = new FakeServer();
    server.cameras = [makeCamera()];
    const { socket } = renderApp(App, day, server);
    await screen.findByRole('combobox', { name: 'Camera' });
    const asked = (): number =>
      server.requests.filter(({ pathname }) => pathname === '/api/recordings').length;
    expect(asked()).toBe(0);
    socket((given) => given.receiveState(server.cameras));
    await waitFor(() => expect(asked()).toBe(1));
  });

  it('does not let a missing file be chosen', async () => {
    await open(morning);
    expect(
      (await screen.findByRole<HTMLButtonElement>('button', { name: /missing/ })).disabled,
    ).toBe(true);
  });

  it('says so when a day is empty, and when it cannot be loaded', async () => {
    const { server, user } = await open([]);
    expect(await screen.findByRole('heading', { name: 'No recording on this day' })).toBeTruthy();

    server.failure = { status: 503, body: { detail: 'The storage is away.' } };
    await user.click(screen.getByRole('button', { name: 'Previous day' }));
    expect((await screen.findByRole('alert')).textContent).toContain('The storage is away.');
    server.failure = null;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('heading', { name: 'No recording on this day' });
    expect(screen.getByRole('heading', { name: 'Sunday 22 November 2026' })).toBeTruthy();
  });

  it('moves between days and cameras by address', async () => {
    const { user, address } = await open(morning);
    const next = screen.getByRole('button', { name: 'Next day' });
    expect(next.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByRole('button', { name: 'Today' }).getAttribute('aria-pressed')).toBe('true');
    await user.click(screen.getByRole('button', { name: 'Previous day' }));
    expect(address()).toBe('/recordings?camera=1&day=2026-11-22');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Camera' }), 'Yard');
    expect(address()).toBe('/recordings?camera=2&day=2026-11-22');
    fireEvent.change(screen.getByLabelText('Day', { selector: 'input' }), {
      target: { value: '2026-11-20' },
    });
    expect(address()).toBe('/recordings?camera=2&day=2026-11-20');
    await user.click(screen.getByRole('button', { name: 'Today' }));
    expect(address()).toBe('/recordings?camera=2&day=2026-11-23');
  });

  it('plays what is chosen, and says where by the clock of the site', async () => {
    const { user, address } = await open(morning);
    await user.click(await screen.findByRole('button', { name: /^02:00:00/ }));
    expect(address()).toBe(`${day}&rec=1`);
    expect(video().getAttribute('src')).toBe('/api/recordings/1/stream');
    await focusIsOn(() => screen.getByRole('button', { name: 'Play' }));

    act(() => load());
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    const slider = screen.getByRole<HTMLInputElement>('slider');
    fireEvent.change(slider, { target: { value: '125' } });
    expect(video().currentTime).toBe(125);
    expect(slider.getAttribute('aria-valuetext')).toBe('02:02:05, 2 min 5 s of 15 min');
    // Not what the file says: that is wrong while it grows.
    expect(slider.max).toBe('900');

    const link = screen.getByRole('link', { name: 'Download this recording' });
    expect(link.getAttribute('download')).toBe('Front door_2026-11-23T01-00-00Z.mp4');
  });

  it('opens a link at its second', async () => {
    await open(morning, `${day}&rec=2&t=61.5`);
    await screen.findByRole('slider');
    act(() => load());
    expect(video().currentTime).toBe(61.5);
  });

  it('obeys the keys while the player has the focus', async () => {
    const { user, address } = await open(morning, `${day}&rec=1&t=100`);
    const play = await screen.findByRole('button', { name: 'Play' });
    act(() => load());
    act(() => play.focus());
    await user.keyboard('{ArrowRight}');
    expect(video().currentTime).toBe(110);
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(video().currentTime).toBe(90);
    expect(address()).toBe(`${day}&rec=1&t=90.0`);
    await user.keyboard('l');
    expect(video().playbackRate).toBe(2);
    await user.keyboard('jj');
    expect(video().playbackRate).toBe(0.5);
    await user.keyboard('k');
    expect(screen.getByRole('button', { name: 'Play' })).toBeTruthy();
    await user.keyboard('.');
    expect(video().currentTime).toBeCloseTo(90.04);
    await user.keyboard(',,');
    expect(video().currentTime).toBeCloseTo(89.96);
    // The button itself is pressed, once.
    await user.keyboard(' ');
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    act(() => screen.getByRole('button', { name: '10 seconds back' }).focus());
    await user.keyboard(' ');
    expect(video().currentTime).toBeCloseTo(79.96);
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    act(() => screen.getByRole('slider').focus());
    await user.keyboard(' ');
    expect(screen.getByRole('button', { name: 'Play' })).toBeTruthy();
    await user.keyboard('{ArrowRight}');
    expect(video().currentTime).toBeCloseTo(89.96);
  });

  it('leaves the keys alone outside the player', async () => {
    const { user } = await open(morning, `${day}&rec=1&t=100`);
    await screen.findByRole('slider');
    act(() => load());
    act(() => screen.getByRole('combobox', { name: 'Camera' }).focus());
    await user.keyboard('k');
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
  });

  it('goes on with the next file, keeping the speed', async () => {
    const { user, address } = await open(morning, `${day}&rec=1`);
    await screen.findByRole('slider');
    act(() => load());
    await user.selectOptions(screen.getByRole('combobox', { name: 'Speed' }), '4×');
    fireEvent.ended(video());
    expect(address()).toBe(`${day}&rec=2`);
    act(() => load());
    expect(video().playbackRate).toBe(4);
  });

  it('stops at a gap with a sentence, and goes on when asked', async () => {
    const { user, address } = await open(morning, `${day}&rec=2`);
    await screen.findByRole('slider');
    act(() => load());
    fireEvent.ended(video());
    expect(address()).toBe(`${day}&rec=2`);
    expect(screen.getByText('The recording ends here; the next one begins at 02:42.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Play from 02:42' }));
    expect(address()).toBe(`${day}&rec=3`);
  });

  it('goes on over midnight', async () => {
    const late = makeRecording({
      id: 20,
      start: '2026-11-22T22:45:00Z',
      end: '2026-11-22T23:00:00Z',
    });
    const early = makeRecording({
      id: 21,
      start: '2026-11-22T23:00:00.100Z',
      end: '2026-11-22T23:15:00Z',
    });
    const { address } = await open(
      [late, early],
      '/recordings?camera=1&day=2026-11-22&rec=20',
    );
    await screen.findByRole('slider');
    act(() => load());
    fireEvent.ended(video());
    await waitFor(() => expect(address()).toBe(`${day}&rec=21`));
  });

  it('keeps speed, sound and the picture in place over midnight', async () => {
    const server = new FakeServer();
    const late = makeRecording({
      id: 20,
      start: '2026-11-22T22:45:00Z',
      end: '2026-11-22T23:00:00Z',
    });
    const early = makeRecording({
      id: 21,
      start: '2026-11-22T23:00:00.100Z',
      end: '2026-11-22T23:15:00Z',
    });
    const { user } = await open([late, early], '/recordings?camera=1&day=2026-11-22&rec=20', server);
    await screen.findByRole('slider');
    act(() => load());
    await user.selectOptions(screen.getByRole('combobox', { name: 'Speed' }), '4×');
    const before = video();
    server.holds = ({ searchParams }) => searchParams.get('start') === '2026-11-22T23:00:00.000Z';
    fireEvent.ended(before);
    // The list of the new day has not come yet.
    expect(await screen.findByRole('progressbar', { name: 'Loading the recordings' })).toBeTruthy();
    expect(video()).toBe(before);
    expect(video().getAttribute('src')).toBe('/api/recordings/21/stream');
    act(() => load());
    expect(video().playbackRate).toBe(4);
  });

  it('goes on with what was recorded while a growing file was played', async () => {
    const growing = at(5, '11:55:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    const { socket, user } = await open([growing], `${day}&rec=5`);
    const slider = await screen.findByRole<HTMLInputElement>('slider');
    act(() => load());
    vi.setSystemTime(Date.parse('2026-11-23T12:03:00Z'));
    await waitFor(() => expect(slider.max).toBe('480'), { timeout: 2000 });
    end(298);
    expect(reads()).toBe(1);
    act(() => load());
    expect(video().currentTime).toBe(298);
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    expect(screen.queryByText(/newest/)).toBeNull();

    // Now there is not more than that.
    end(479.5);
    expect(reads()).toBe(1);
    expect(screen.getByText('That was the newest recorded picture.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Watch live' }).getAttribute('href')).toBe(
      '/live/cam/1',
    );

    // It stays true, and Play goes on from there.
    const recording = at(5, '11:55:00', '12:05:00', { duration_s: 600 });
    socket((given) => given.receive({ type: 'recording', at: '2026-11-23T12:05:00Z', recording }));
    expect(screen.getByText('That was the newest recorded picture.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Play' }));
    act(() => load());
    expect(video().currentTime).toBe(479.5);
  });

  it('does not skip the rest of a file that was closed while it was played', async () => {
    const growing = at(5, '11:45:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    const { socket, address } = await open([growing], `${day}&rec=5`);
    await screen.findByRole('slider');
    act(() => load());
    const tell = (recording: Recording): void =>
      socket((given) => given.receive({ type: 'recording', at: '2026-11-23T12:00:00Z', recording }));
    tell(at(5, '11:45:00', '12:00:00'));
    tell({ ...growing, id: 6, start: '2026-11-23T12:00:00Z' });
    end(600);
    expect(address()).toBe(`${day}&rec=5`);
    act(() => load());
    expect(video().currentTime).toBe(600);
    end(899.8);
    expect(address()).toBe(`${day}&rec=6`);
  });

  it('plays the last seconds of a file that was closed at its tail, and what came after', async () => {
    const growing = at(5, '11:45:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    const { socket, address, user } = await open([growing], `${day}&rec=5`);
    await screen.findByRole('slider');
    act(() => load());
    const tell = (recording: Recording): void =>
      socket((given) => given.receive({ type: 'recording', at: '2026-11-23T12:00:00Z', recording }));
    tell(at(5, '11:45:00', '12:00:00'));
    tell({ ...growing, id: 6, start: '2026-11-23T12:00:00Z' });
    end(898);
    expect(reads()).toBe(1);
    act(() => load());
    expect(video().currentTime).toBe(898);
    end(899.9);
    expect(address()).toBe(`${day}&rec=6`);

    // At the end of that one the viewer waits until it is closed: Play does not begin it again.
    act(() => load());
    vi.setSystemTime(Date.parse('2026-11-23T12:00:02Z'));
    end(1);
    expect(screen.getByText('That was the newest recorded picture.')).toBeTruthy();
    tell({
      ...growing,
      id: 6,
      start: '2026-11-23T12:00:00Z',
      end: '2026-11-23T12:00:01.100Z',
      duration_s: 1.1,
      state: 'complete',
    });
    tell({ ...growing, id: 7, start: '2026-11-23T12:00:01.100Z' });
    await user.click(screen.getByRole('button', { name: 'Play' }));
    expect(address()).toBe(`${day}&rec=7`);
  });

  it('stays paused when the end of what is known is looked at while paused', async () => {
    const growing = at(5, '11:45:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    await open([growing], `${day}&rec=5`);
    await screen.findByRole('slider');
    act(() => load());
    fireEvent.pause(video());
    end(600);
    act(() => load());
    expect(video().currentTime).toBe(600);
    expect(screen.getByRole('button', { name: 'Play' })).toBeTruthy();
  });

  it('does not begin again from the start when loading anew brought nothing more', async () => {
    const stuck = at(5, '11:55:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    await open([stuck], `${day}&rec=5`);
    await screen.findByRole('slider');
    Object.defineProperty(video(), 'duration', { configurable: true, value: 200 });
    act(() => load());
    end(200);
    const plays = vi.spyOn(HTMLMediaElement.prototype, 'play');
    act(() => load());
    expect(plays).not.toHaveBeenCalled();
    expect(screen.getByText('That was the newest recorded picture.')).toBeTruthy();
  });

  it('ends when a growing file does not grow, instead of asking for ever', async () => {
    const stuck = at(5, '11:55:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    await open([stuck], `${day}&rec=5`);
    await screen.findByRole('slider');
    act(() => load());
    end(200);
    act(() => load());
    end(200);
    expect(reads()).toBe(1);
    expect(screen.getByText('That was the newest recorded picture.')).toBeTruthy();
  });

  it('loads a growing file anew to seek to what came after it was opened', async () => {
    const growing = at(5, '11:50:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    await open([growing], `${day}&rec=5`);
    const slider = await screen.findByRole<HTMLInputElement>('slider');
    Object.defineProperty(video(), 'duration', { configurable: true, value: 400 });
    act(() => load());
    fireEvent.change(slider, { target: { value: '300' } });
    expect(reads()).toBe(0);
    fireEvent.change(slider, { target: { value: '500' } });
    fireEvent.change(slider, { target: { value: '520' } });
    expect(reads()).toBe(1);
    // Loading begins at zero; the slider does not.
    video().currentTime = 0;
    fireEvent.timeUpdate(video());
    expect(slider.value).toBe('520');
    Object.defineProperty(video(), 'duration', { configurable: true, value: 598 });
    act(() => load());
    expect(video().currentTime).toBe(520);
  });

  it('can be tried again where loading stopped, and sought past what cannot be decoded', async () => {
    const { user } = await open(morning, `${day}&rec=1`);
    const slider = await screen.findByRole<HTMLInputElement>('slider');
    act(() => load());
    video().currentTime = 300;
    fireEvent.timeUpdate(video());
    fail(2);
    expect(screen.getByRole('alert').textContent).toContain('the connection to the recorder broke');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(reads()).toBe(1);
    expect(screen.queryByRole('alert')).toBeNull();
    act(() => load());
    expect(video().currentTime).toBe(300);
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();

    fail(3);
    expect(screen.getByRole('alert').textContent).toContain('Another place in it may play.');
    expect(slider.getAttribute('aria-disabled')).toBe('false');
    fireEvent.change(slider, { target: { value: '600' } });
    expect(reads()).toBe(2);
    act(() => load());
    expect(video().currentTime).toBe(600);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says why a recording does not play', async () => {
    await open(
      [at(1, '01:00:00', '01:15:00', { video: { codec: 'h265', width: 1, height: 1 } })],
      `${day}&rec=1`,
    );
    await screen.findByRole('slider');
    // Some browsers play the sound and leave the picture out without an error.
    act(() => load(0));
    expect(within(screen.getByLabelText('Player')).getByRole('alert').textContent).toContain(
      'This browser cannot play H.265.',
    );
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    expect(screen.getByRole('slider').getAttribute('aria-disabled')).toBe('true');
  });

  it('says when a file cannot be opened', async () => {
    await open(morning, `${day}&rec=1`);
    await screen.findByRole('slider');
    fireEvent.error(video());
    expect(screen.getByRole('alert').textContent).toContain('the file is gone');
  });

  it('takes a recording that was deleted meanwhile out of the list, with a sentence', async () => {
    const { server } = await open(morning, `${day}&rec=2`);
    expect(await list()).toHaveLength(5);
    act(() => screen.getByRole('button', { name: 'Play' }).focus());
    server.recordings = morning.filter(({ id }) => id !== 2);
    fail(4);
    expect(await screen.findByText(/This recording does not exist any more/)).toBeTruthy();
    expect((await list()).join()).not.toContain('02:15:00 – 02:30:00');
    expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
    await focusIsOn(() => screen.getByRole('main'));
  });

  it('keeps a recording that is still there when it cannot be read', async () => {
    const { server } = await open(morning, `${day}&rec=2`);
    await screen.findByRole('slider');
    fail(2);
    await waitFor(() => {
      expect(server.requests.at(-1)?.pathname).toBe('/api/recordings/2');
    });
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();

    server.failure = 'unreachable';
    fail(2);
    await waitFor(() => {
      expect(server.requests.filter(({ pathname }) => pathname === '/api/recordings/2')).toHaveLength(2);
    });
    expect(await list()).toHaveLength(5);
  });

  it('says so when a link leads to a recording that is not there', async () => {
    await open(morning, `${day}&rec=99`);
    expect(await screen.findByText(/This recording does not exist any more/)).toBeTruthy();
  });

  it('follows the recorder: a file is opened, then closed', async () => {
    const { socket } = await open([at(1, '01:00:00', '01:15:00')]);
    await list();
    const tell = (recording: Recording): void =>
      socket((given) => given.receive({ type: 'recording', at: '2026-11-23T12:00:00Z', recording }));
    const opened = at(5, '11:58:00', '12:00:00', {
      end: null,
      duration_s: null,
      size_bytes: 0,
      state: 'recording',
    });
    tell(opened);
    expect((await list())[0]).toBe('12:58:00 – nowrecording now2 min');
    tell({ ...opened, end: '2026-11-23T12:00:00Z', duration_s: 120, state: 'complete' });
    expect((await list())[0]).toContain('12:58:00 – 13:00:00');
    expect(await list()).toHaveLength(3);
  });

  it('does not claim that a file goes on while the connection is lost', async () => {
    const opened = at(5, '11:58:00', '12:00:00', {
      end: null,
      duration_s: null,
      state: 'recording',
    });
    const { socket, server, user } = await open([opened]);
    expect((await list())[0]).toContain('12:58:00 – nowrecording now');
    socket((given) => given.breakOff());
    expect((await list())[0]).toContain('12:58:00 – not knownwas recording');
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    socket((given) => given.receiveState(server.cameras));
    expect((await list())[0]).toContain('12:58:00 – nowrecording now');
  });

  it('asks again after a lost connection', async () => {
    const { socket, server } = await open([]);
    await screen.findByRole('heading', { name: 'No recording on this day' });
    server.recordings = morning;
    socket((given) => given.receiveState(server.cameras));
    expect(await list()).toHaveLength(5);
  });

  it.each(['2026-02-31', '9999-12-31', '0000-01-01', 'x'])(
    'shows today for an address with the day %s',
    async (impossible) => {
      const { user } = await open([], `/recordings?camera=1&day=${impossible}`);
      expect(screen.getByRole('heading', { name: 'Monday 23 November 2026' })).toBeTruthy();
      await user.click(screen.getByRole('button', { name: 'Previous day' }));
      expect(screen.getByRole('heading', { name: 'Sunday 22 November 2026' })).toBeTruthy();
    },
  );

  it('shows another camera, and says so, when the address names none that exists', async () => {
    await open(morning, '/recordings?camera=77&day=2026-11-23');
    expect(await screen.findByText(/does not exist; this is Front door/)).toBeTruthy();
  });
});
