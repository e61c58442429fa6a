// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeSocket } from '../../test/fake-socket';
import { codecsOf, parseLiveMessage, videoCodecOf } from './live-messages';
import { LiveSocket, liveSocketUrl, type ChannelListener, type SocketState } from './live-socket';

const mime = 'video/mp4; codecs="avc1.4d0028,mp4a.40.2"';

type Heard = { listener: ChannelListener; heard: string[] };

function listen(): Heard {
  const heard: string[] = [];
  const listener: ChannelListener = {
    onInit: (init, segment) => heard.push(`init ${String(init.width)} ${String(segment.byteLength)}`),
    onMedia: (bytes) => heard.push(`media ${[...bytes].join(' ')}`),
    onDropped: (frames) => heard.push(`dropped ${String(frames)}`),
    onEnded: (code) => heard.push(`ended ${code}`),
    onLost: () => heard.push('lost'),
  };
  return { listener, heard };
}

let socket: LiveSocket;

function sent(kind: string): unknown[] {
  return FakeSocket.newest.sent.flatMap((message) => message[kind] ?? []);
}

function play(channel: number): void {
  FakeSocket.newest.receive({ channel, init: { mime, width: 640, height: 360 } });
  FakeSocket.newest.receiveBytes(channel, Uint8Array.of(1, 2, 3));
}

describe('LiveSocket', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.all = [];
    socket = new LiveSocket({ url: 'ws://nvr/api/live', createSocket: FakeSocket.create, random: () => 0 });
  });
  afterEach(() => {
    socket.close();
    vi.useRealTimers();
  });

  it('has one connection for all streams, opened by the first', () => {
    expect(FakeSocket.all).toEqual([]);
    const { listener } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    socket.subscribe({ cameraId: 2, stream: 'main' }, listener);
    expect(FakeSocket.all).toHaveLength(1);
    expect(FakeSocket.newest).toMatchObject({ protocol: 'ronin.live.1', binaryType: 'arraybuffer' });
    FakeSocket.newest.open();
    expect(sent('subscribe')).toEqual([
      { channel: 1, camera_id: 1, stream: 'sub' },
      { channel: 2, camera_id: 2, stream: 'main' },
    ]);
  });

  it('hands each stream what is its own, the init segment with what was said of it', () => {
    const one = listen();
    const two = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, one.listener);
    socket.subscribe({ cameraId: 2, stream: 'sub' }, two.listener);
    FakeSocket.newest.open();
    play(2);
    FakeSocket.newest.receiveBytes(2, Uint8Array.of(7));
    FakeSocket.newest.receiveBytes(99, Uint8Array.of(7));
    FakeSocket.newest.receive({ channel: 2, dropped: { frames: 12 } });
    FakeSocket.newest.receive({ channel: 2, ended: { code: 'unreachable', detail: 'Gone.' } });
    expect(one.heard).toEqual([]);
    expect(two.heard).toEqual(['init 640 3', 'media 7', 'dropped 12', 'ended unreachable']);
  });

  it('does not take the end of the stream that it was switched from for that of the other', () => {
    const { listener, heard } = listen();
    const channel = socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    FakeSocket.newest.open();
    channel.switchTo('main');
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'stalled', stream: 'sub' } });
    expect(heard).toEqual([]);
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'refused', stream: 'main' } });
    expect(heard).toEqual(['ended refused']);
  });

  it('acknowledges now and then, and at once what is much', () => {
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listen().listener);
    FakeSocket.newest.open();
    play(1);
    expect(sent('ack')).toEqual([]);
    vi.advanceTimersByTime(300);
    expect(sent('ack')).toEqual([{ channel: 1, bytes: 3 }]);
    vi.advanceTimersByTime(2000);
    expect(sent('ack')).toHaveLength(1);
    FakeSocket.newest.receiveBytes(1, new Uint8Array(300_000));
    expect(sent('ack').at(-1)).toEqual({ channel: 1, bytes: 300_003 });
  });

  it('switches a channel to the other stream, and lets go of one', () => {
    const channel = socket.subscribe({ cameraId: 1, stream: 'sub' }, listen().listener);
    FakeSocket.newest.open();
    channel.switchTo('main');
    channel.restart();
    channel.close();
    channel.close();
    channel.switchTo('sub');
    expect(sent('subscribe').slice(1)).toEqual([
      { channel: 1, camera_id: 1, stream: 'main' },
      { channel: 1, camera_id: 1, stream: 'main' },
    ]);
    expect(sent('unsubscribe')).toEqual([{ channel: 1 }]);
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.newest.isClosed).toBe(true);
    expect(socket.state).toBe('idle');
  });

  it('stays open between two pages, and while somebody holds it', () => {
    const channel = socket.subscribe({ cameraId: 1, stream: 'sub' }, listen().listener);
    FakeSocket.newest.open();
    channel.close();
    vi.advanceTimersByTime(9000);
    const release = socket.hold();
    vi.advanceTimersByTime(60_000);
    expect(socket.state).toBe('open');
    expect(FakeSocket.all).toHaveLength(1);
    release();
    release();
    vi.advanceTimersByTime(10_000);
    expect(socket.state).toBe('idle');
  });

  it('comes back with all its channels when the recorder was restarted', () => {
    const { listener, heard } = listen();
    const states: SocketState[] = [];
    socket.onState((state) => states.push(state));
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    FakeSocket.newest.open();
    play(1);
    FakeSocket.newest.breakOff();
    expect(heard.at(-1)).toBe('lost');
    expect([socket.attempt, socket.retryAt - Date.now()]).toEqual([1, 500]);
    vi.advanceTimersByTime(500);
    FakeSocket.newest.breakOff();
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all).toHaveLength(3);
    FakeSocket.newest.open();
    expect(sent('subscribe')).toEqual([{ channel: 1, camera_id: 1, stream: 'sub' }]);
    play(1);
    expect(heard.at(-1)).toBe('init 640 3');
    expect(states).toEqual(['connecting', 'open', 'lost', 'connecting', 'lost', 'connecting', 'open']);
  });

  it('waits longer each time, half a minute at most', () => {
    socket.hold();
    const waits = Array.from({ length: 9 }, () => {
      FakeSocket.newest.breakOff();
      const wait = socket.retryAt - Date.now();
      vi.advanceTimersByTime(wait);
      return wait;
    });
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('says so when it cannot be opened at all, and goes on trying', () => {
    socket.hold();
    FakeSocket.newest.breakOff();
    expect(socket.state).toBe('lost');
    vi.advanceTimersByTime(500);
    FakeSocket.newest.breakOff();
    expect(socket.state).toBe('blocked');
    vi.advanceTimersByTime(1000);
    expect(socket.state).toBe('blocked');
    FakeSocket.newest.open();
    expect(socket.state).toBe('open');
  });

  it('does not wait for ever for one that neither opens nor fails', () => {
    socket.hold();
    vi.advanceTimersByTime(4000);
    expect(socket.state).toBe('lost');
    expect(FakeSocket.newest.isClosed).toBe(true);
  });

  it('tries at once when the network is back, or the page is seen again', () => {
    socket.hold();
    FakeSocket.newest.breakOff();
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.newest.breakOff();
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.all).toHaveLength(2);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.all).toHaveLength(3);
    socket.retryNow();
    expect(FakeSocket.all).toHaveLength(3);
  });

  it('notices a connection that died in silence, but lets an absent camera be silent', () => {
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listen().listener);
    FakeSocket.newest.open();
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'unreachable' } });
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    play(1);
    vi.advanceTimersByTime(11_000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(FakeSocket.all[0]?.isClosed).toBe(true);
  });

  it('keeps a silent connection whose other end answers: its camera stands still', () => {
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listen().listener);
    FakeSocket.newest.open();
    play(1);
    for (let i = 0; i < 5; i += 1) {
      vi.advanceTimersByTime(6000);
      expect(sent('ping')).toHaveLength(i + 1);
      FakeSocket.newest.receive({ channel: 1, pong: {} });
    }
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(11_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('subscribes again when it was let go of for being slow', () => {
    const { listener, heard } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    FakeSocket.newest.open();
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'too_slow', final: true } });
    expect(heard).toEqual([]);
    expect(sent('subscribe')).toHaveLength(2);
  });

  it('is not upset by what it does not understand', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { listener, heard } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    FakeSocket.newest.open();
    for (const text of ['{', '3', '{"channel":1}', '{"channel":1,"init":{}}', '{"other":{}}']) {
      FakeSocket.newest.receive(text);
    }
    FakeSocket.newest.receiveBytes(1, new Uint8Array());
    FakeSocket.newest.receive({ error: { code: 'bad_message', detail: 'What?' } });
    expect(heard).toEqual([]);
    FakeSocket.newest.receive({ channel: 1, error: { code: 'not_found', detail: 'No camera.' } });
    expect(heard).toEqual(['ended not_found']);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe('a stream that is asked for before its page is there', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.all = [];
    socket = new LiveSocket({ url: '', createSocket: FakeSocket.create, random: () => 0 });
    socket.prefetch({ cameraId: 1, stream: 'sub' });
    socket.prefetch({ cameraId: 1, stream: 'sub' });
    FakeSocket.newest.open();
  });
  afterEach(() => {
    socket.close();
    vi.useRealTimers();
  });

  it('is handed over with all that came', async () => {
    play(1);
    FakeSocket.newest.receive({ channel: 1, dropped: { frames: 1 } });
    FakeSocket.newest.receiveBytes(1, Uint8Array.of(5));
    const { listener, heard } = listen();
    const channel = socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    expect(heard).toEqual([]);
    await Promise.resolve();
    FakeSocket.newest.receiveBytes(1, Uint8Array.of(6));
    expect(heard).toEqual(['init 640 3', 'dropped 1', 'media 5', 'media 6']);
    expect(sent('subscribe')).toHaveLength(1);
    vi.advanceTimersByTime(5000);
    channel.close();
    expect(sent('unsubscribe')).toEqual([{ channel: 1 }]);
  });

  it('is handed over to one who has left already, and to nobody', async () => {
    play(1);
    const { listener, heard } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener).close();
    await Promise.resolve();
    expect(heard).toEqual([]);
  });

  it('is told to be away', async () => {
    play(1);
    FakeSocket.newest.receive({ channel: 1, ended: { code: 'unreachable' } });
    const { listener, heard } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    await Promise.resolve();
    expect(heard).toEqual(['ended unreachable']);
  });

  it('is asked for again where too much came', async () => {
    play(1);
    FakeSocket.newest.receiveBytes(1, new Uint8Array(9_000_000));
    const { listener, heard } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    await Promise.resolve();
    expect(heard).toEqual([]);
    expect(sent('subscribe')).toHaveLength(2);
  });

  it('begins anew when the socket was lost in between', async () => {
    play(1);
    FakeSocket.newest.breakOff();
    const { listener, heard } = listen();
    socket.subscribe({ cameraId: 1, stream: 'sub' }, listener);
    await Promise.resolve();
    expect(heard).toEqual([]);
  });

  it('is let go of when nobody comes', () => {
    vi.advanceTimersByTime(6000);
    expect(sent('unsubscribe')).toEqual([{ channel: 1 }]);
  });
});

describe('what the recorder says', () => {
  it('tells of a stream, and of its own clock', () => {
    const said = { mime, width: 1920, height: 1080, now: '2026-11-23T02:14:05.320Z' };
    const message = parseLiveMessage(JSON.stringify({ channel: 3, init: said }));
    const init = { mime, width: 1920, height: 1080, nowMs: Date.parse('2026-11-23T02:14:05.320Z') };
    expect(message).toEqual({ type: 'init', channel: 3, init });
    const bare = parseLiveMessage(JSON.stringify({ channel: 3, init: { mime, now: 17.5 } }));
    expect(bare).toMatchObject({ init: { width: 0, height: 0, nowMs: 17.5 } });
  });

  it('names the codecs', () => {
    expect(codecsOf(mime)).toBe('avc1.4d0028,mp4a.40.2');
    expect(codecsOf('video/mp4')).toBe('');
    expect(videoCodecOf('video/mp4; codecs="mp4a.40.2, hvc1.1.6.L93.B0"')).toBe('hvc1.1.6.L93.B0');
    expect(videoCodecOf('audio/mp4; codecs="opus"')).toBe('');
  });

  it('is reached where the page came from', () => {
    expect(liveSocketUrl({ protocol: 'https:', host: 'nvr' })).toBe('wss://nvr/api/live');
    expect(liveSocketUrl({ protocol: 'http:', host: 'nvr:1' })).toBe('ws://nvr:1/api/live');
  });
});
