// SPDX-License-Identifier: MIT
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Camera } from '../api/types';
import { FakeHls } from '../test/fake-hls';
import { FakeServer, type Answer } from '../test/fake-server';
import { renderApp, type RenderedApp } from '../test/render-app';
import { makeCamera } from '../test/samples';
import { App } from './app';

type FakeMicrophone = { why: string | null; closed: number; say: () => void };
const microphone = vi.hoisted((): FakeMicrophone => ({ why: null, closed: 0, say: () => undefined }));
vi.mock('../lib/hls-loader', () => ({ loadHls: () => Promise.resolve(new FakeHls()) }));
vi.mock('../lib/microphone', () => ({
  microphoneRateHz: 16_000,
  MicrophoneError: class extends Error {},
  whyNoMicrophone: () => microphone.why,
  openMicrophone: (onSamples: (samples: Int16Array) => void) => {
    microphone.say = () => onSamples(Int16Array.of(16_384));
    return Promise.resolve({ close: () => (microphone.closed += 1) });
  },
}));

/** The socket at /api/talk, whose other end is the test. */
class TalkSocket {
  static all: TalkSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  bufferedAmount = 0;
  sent: unknown[] = [];

  constructor(readonly url: string) {
    TalkSocket.all.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    // Nothing was opened.
  }

  ready(): void {
    act(() => {
      this.onopen?.();
      this.onmessage?.({ data: '{"ready":{"camera_id":1,"codec":"pcmu","sample_rate_hz":8000}}' });
    });
  }
}

const gate = makeCamera({ name: 'Gate' });
const yes: Answer = { status: 200, body: { available: true, codec: 'pcmu', sample_rate_hz: 8000, reason: null } };
const no: Answer = { status: 200, body: { available: false, codec: null, sample_rate_hz: null, reason: 'The camera has no ONVIF back channel.' } };

function open(path: string, camera: Camera = gate, answer: Answer = yes): RenderedApp {
  const server = new FakeServer();
  server.cameras = [camera];
  server.handlers.set('GET /api/cameras/1/talk', () => answer);
  return renderApp(App, path, server);
}

function asked({ server }: RenderedApp): boolean {
  return server.requests.some(({ pathname }) => pathname.endsWith('/talk'));
}

const button = (): Promise<HTMLElement> => screen.findByRole('button', { name: 'Speak to Gate' });

beforeEach(() => {
  FakeHls.all = [];
  TalkSocket.all = [];
  Object.assign(microphone, { why: null, closed: 0 });
  vi.stubGlobal('MediaSource', { isTypeSupported: () => true });
  vi.stubGlobal('WebSocket', TalkSocket);
  Element.prototype.setPointerCapture = () => undefined;
});

describe('Speaking to a camera', () => {
  it('is offered where the camera has a loudspeaker, and asked of an enlarged one only', async () => {
    const app = open('/live');
    await screen.findByRole('article', { name: 'Gate' });
    expect(asked(app)).toBe(false);

    await app.user.click(screen.getByRole('button', { name: 'Enlarge Gate' }));

    expect((await button()).getAttribute('aria-pressed')).toBe('false');
  });

  it('is not offered by a camera without one, or that is away', async () => {
    const app = open('/live/cam/1', gate, no);
    await waitFor(() => expect(asked(app)).toBe(true));
    expect(screen.queryByRole('button', { name: /Speak/ })).toBeNull();
  });

  it('begins and ends with a key, and says how it is', async () => {
    const app = open('/live/cam/1');
    (await button()).focus();
    await app.user.keyboard('{Enter}');
    expect(await screen.findByText('Connecting to the loudspeaker…')).toBeTruthy();
    TalkSocket.all[0]?.ready();
    expect(screen.getByText('You are heard.')).toBeTruthy();
    expect((await button()).getAttribute('aria-pressed')).toBe('true');
    act(() => microphone.say());
    expect(screen.getByRole<HTMLMeterElement>('meter', { name: 'Loudness of your voice' }).getAttribute('value')).toBe('0.5');

    await app.user.keyboard('{ }');

    expect((await button()).getAttribute('aria-pressed')).toBe('false');
    expect(TalkSocket.all).toHaveLength(1);
  });

  it('lasts as long as the button is held', async () => {
    const app = open('/live/cam/1');
    const target = await button();
    await app.user.pointer({ keys: '[MouseLeft>]', target });
    expect(target.getAttribute('aria-pressed')).toBe('true');
    await new Promise((done) => setTimeout(done, 350)); // longer than a tap
    await app.user.pointer({ keys: '[/MouseLeft]', target });
    expect(target.getAttribute('aria-pressed')).toBe('false');
  });

  it('goes on after a tap until the next one', async () => {
    const app = open('/live/cam/1');
    await app.user.click(await button());
    expect((await button()).getAttribute('aria-pressed')).toBe('true');
    await app.user.click(await button());
    expect((await button()).getAttribute('aria-pressed')).toBe('false');
  });

  it('ends when the page is hidden or left', async () => {
    const app = open('/live/cam/1');
    await app.user.click(await button());
    TalkSocket.all[0]?.ready();
    await screen.findByText('You are heard.');
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    fireEvent(document, new Event('visibilitychange'));
    expect(microphone.closed).toBe(1);
    await app.user.click(await button());
    TalkSocket.all[1]?.ready();
    await screen.findByText('You are heard.');
    await app.user.keyboard('{Escape}');
    expect(app.address()).toBe('/live');
    expect(microphone.closed).toBe(2);
  });

  it('says why there is no microphone, or what the recorder says', async () => {
    microphone.why = 'Browsers give the microphone only to pages opened by https.';
    const app = open('/live/cam/1');
    await app.user.click(await button());
    expect(await screen.findByText(microphone.why)).toBeTruthy();
    expect(TalkSocket.all).toHaveLength(0);
    microphone.why = null;
    await app.user.click(await button());
    act(() => TalkSocket.all[0]?.onmessage?.({ data: '{"ended":{"code":"busy","detail":"Somebody else speaks."}}' }));
    expect(await screen.findByText('Somebody else speaks.')).toBeTruthy();
    expect((await button()).getAttribute('aria-pressed')).toBe('false');
  });
});
