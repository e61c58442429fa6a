// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { MicrophoneError, type Microphone } from './microphone';
import { TalkClient, talkUrl, type TalkState } from './talk-client';

vi.mock('./microphone-worklet?worker&url', () => ({ default: '/microphone-worklet.js' }));

class Socket {
  static all: Socket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  bufferedAmount = 0;
  isClosed = false;
  readonly sent: unknown[] = [];

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    Socket.all.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
  }

  receive(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  ready(): void {
    this.onopen?.();
    this.receive({ ready: { camera_id: 7, codec: 'pcmu', sample_rate_hz: 8000 } });
  }
}

class Voice implements Microphone {
  static all: Voice[] = [];
  isClosed = false;

  constructor(
    readonly say: (samples: Int16Array) => void,
    readonly end: () => void,
  ) {
    Voice.all.push(this);
  }

  close(): void {
    this.isClosed = true;
  }
}

const word = Int16Array.of(0, 16_384, -8192);

function setUp(open?: () => Promise<Microphone>): {
  client: TalkClient;
  states: TalkState[];
  levels: number[];
} {
  Socket.all = [];
  Voice.all = [];
  const states: TalkState[] = [];
  const levels: number[] = [];
  const client = new TalkClient({
    cameraId: 7,
    url: 'ws://recorder/api/talk',
    onState: (state) => states.push(state),
    onLevel: (level) => levels.push(level),
    createSocket: (url, protocol) => new Socket(url, protocol) as unknown as WebSocket,
    open: open ?? ((say, end) => Promise.resolve(new Voice(say, end))),
  });
  return { client, states, levels };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Who speaks to a camera', () => {
  it('is heard once the microphone is on and the camera is ready', async () => {
    const { client, states, levels } = setUp();
    client.speak();
    await settle();
    Voice.all[0]?.say(word);
    expect(states).toEqual([{ kind: 'connecting' }]);

    Socket.all[0]?.ready();
    Voice.all[0]?.say(word);

    expect(states).toEqual([{ kind: 'connecting' }, { kind: 'speaking' }]);
    expect(Socket.all[0]?.protocol).toBe('ronin.talk.1');
    expect(Socket.all[0]?.sent).toEqual([
      JSON.stringify({ start: { camera_id: 7, sample_rate_hz: 16_000 } }),
      word,
    ]);
    expect(levels).toEqual([0.5]);
  });

  it('is not heard after the button was let go, and at once with the next press', async () => {
    const { client, states } = setUp();
    client.speak();
    await settle();
    Socket.all[0]?.ready();
    client.pause();
    client.pause();
    Voice.all[0]?.say(word);
    expect(Socket.all[0]?.sent).toHaveLength(1);

    await vi.advanceTimersByTimeAsync(4000);
    client.speak();
    Voice.all[0]?.say(word);

    expect(Socket.all).toHaveLength(1);
    expect(Socket.all[0]?.sent).toHaveLength(2);
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'speaking', 'idle', 'speaking']);
  });

  it('lets go of microphone and camera some seconds after the last word', async () => {
    const { client } = setUp();
    client.speak();
    await settle();
    Socket.all[0]?.ready();
    client.pause();
    await vi.advanceTimersByTimeAsync(5000);

    expect(Socket.all[0]?.isClosed).toBe(true);
    expect(Voice.all[0]?.isClosed).toBe(true);
    client.speak();
    expect(Socket.all).toHaveLength(2);
  });

  it('is told in a sentence what the recorder says', async () => {
    const { client, states } = setUp();
    client.speak();
    await settle();
    Socket.all[0]?.receive({ ended: { code: 'busy', detail: 'Somebody else speaks to this camera.' } });

    expect(states.at(-1)).toEqual({ kind: 'failed', sentence: 'Somebody else speaks to this camera.' });
    expect(client.isWanted).toBe(false);
    expect(Voice.all[0]?.isClosed).toBe(true);
  });

  it('is told when the connection or the microphone is lost', async () => {
    for (const lose of [() => Socket.all[0]?.onclose?.(), () => Voice.all[0]?.end()]) {
      const { client, states } = setUp();
      client.speak();
      await settle();
      Socket.all[0]?.ready();
      lose();
      expect(states.at(-1)?.kind).toBe('failed');
      expect([Socket.all[0]?.isClosed, Voice.all[0]?.isClosed]).toEqual([true, true]);
    }
  });

  it('is told nothing of a connection that only waited for the next word', async () => {
    const { client, states } = setUp();
    client.speak();
    await settle();
    Socket.all[0]?.ready();
    client.pause();
    Socket.all[0]?.receive({ ended: { code: 'silent', detail: 'Nothing was said.' } });

    expect(states.at(-1)).toEqual({ kind: 'idle' });
  });

  it('is told why there is no microphone', async () => {
    const { client, states } = setUp(() => Promise.reject(new MicrophoneError('There is none.')));
    client.speak();
    await settle();

    expect(states.at(-1)).toEqual({ kind: 'failed', sentence: 'There is none.' });
    expect(Socket.all[0]?.isClosed).toBe(true);
  });

  it('leaves no microphone on that comes after the end', async () => {
    let give: (microphone: Microphone) => void = () => undefined;
    const { client } = setUp(() => new Promise((resolve) => (give = resolve)));
    client.speak();
    client.stop();
    const late = new Voice(() => undefined, () => undefined);
    give(late);
    await settle();

    expect(late.isClosed).toBe(true);
    expect(Socket.all[0]?.isClosed).toBe(true);
  });

  it('sends nothing that would be heard late', async () => {
    const { client } = setUp();
    client.speak();
    await settle();
    const [socket] = Socket.all;
    socket?.ready();
    if (socket !== undefined) socket.bufferedAmount = 20_000;
    Voice.all[0]?.say(word);
    expect(socket?.sent).toHaveLength(1);
  });

  it('takes no harm from messages that it does not understand', async () => {
    const { client, states } = setUp();
    client.speak();
    await settle();
    for (const data of ['7', 'null', '[]', '{', '{"dropped":{"ms":20}}']) Socket.all[0]?.onmessage?.({ data });
    Socket.all[0]?.onmessage?.({ data: new ArrayBuffer(4) });
    expect(states).toEqual([{ kind: 'connecting' }]);
  });
});

describe('The address', () => {
  it('is as safe as the page', () => {
    expect(talkUrl({ protocol: 'https:', host: 'nvr' })).toBe('wss://nvr/api/talk');
    expect(talkUrl({ protocol: 'http:', host: '127.0.0.1:8080' })).toBe('ws://127.0.0.1:8080/api/talk');
  });
});
