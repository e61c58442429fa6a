// SPDX-License-Identifier: MIT
import { notifyManager } from '@tanstack/react-query';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// It draws on a canvas, which jsdom has none of.
vi.mock('uplot', async () => ({ default: (await import('./fake-uplot')).FakeUplot }));

// Nor can it play anything: what a live picture does is up to the test.
vi.mock('../lib/live/session-factory', async (original) => ({
  ...(await original<object>()),
  makeSession: (await import('./fake-session')).FakeSession.make,
}));

// What jsdom lacks. Every element is in sight; layout has no sizes.
class VisibleObserver {
  readonly #callback: IntersectionObserverCallback;

  constructor(callback: IntersectionObserverCallback) {
    this.#callback = callback;
  }

  observe(): void {
    const entry = { isIntersecting: true } as IntersectionObserverEntry;
    this.#callback([entry], this as unknown as IntersectionObserver);
  }

  disconnect(): void {
    // Nothing was started.
  }
}

class SilentResizeObserver {
  observe(): void {
    // jsdom lays nothing out.
  }

  disconnect(): void {
    // Nothing was started.
  }
}

// A window without a size; a test that wants a phone's says so.
window.matchMedia = () =>
  ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as
    unknown as MediaQueryList;
vi.stubGlobal('CSS', { escape: (text: string) => text.replaceAll(/[^\w-]/g, String.raw`\$&`) });
vi.stubGlobal('IntersectionObserver', VisibleObserver);
vi.stubGlobal('ResizeObserver', SilentResizeObserver);
HTMLMediaElement.prototype.play = function play(this: HTMLMediaElement): Promise<void> {
  this.dispatchEvent(new Event('playing'));
  return Promise.resolve();
};
HTMLMediaElement.prototype.pause = function pause(this: HTMLMediaElement): void {
  this.dispatchEvent(new Event('pause'));
};
// Newer browsers answer with a promise; an effect that hands it to React breaks the page.
const scrollIntoView = (): unknown => Promise.resolve();
Element.prototype.scrollIntoView = scrollIntoView;
File.prototype.text = function text(this: File): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.readAsText(this);
  });
};
HTMLMediaElement.prototype.load = () => undefined;
HTMLMediaElement.prototype.canPlayType = () => '';
HTMLCanvasElement.prototype.getContext = () => null;

// What a query learns is on screen at once, not after a timer.
notifyManager.setScheduler((callback) => callback());

// A condition may take its time on a machine that is busy.
configure({ asyncUtilTimeout: 4000 });

afterEach(cleanup);
