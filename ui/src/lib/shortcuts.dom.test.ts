// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, it } from 'vitest';

import { shortcutOf } from './shortcuts';

function press(init: KeyboardEventInit, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function element(html: string): Element {
  document.body.innerHTML = html;
  return document.body.querySelector('[data-target]')!;
}

describe('shortcutOf', () => {
  afterEach(() => {
    document.body.innerHTML = '';
  });

  it('tells letters, signs and named keys, with Shift where it matters', () => {
    const of = (init: KeyboardEventInit): string | null => shortcutOf(press(init), true);
    expect(of({ key: 'k' })).toBe('k');
    expect(of({ key: 'K' })).toBe('k');
    expect(of({ key: 'D', shiftKey: true })).toBe('Shift+D');
    expect(of({ key: '?', shiftKey: true })).toBe('?');
    expect(of({ key: 'ArrowUp', shiftKey: true })).toBe('Shift+ArrowUp');
    expect(of({ key: ' ' })).toBe(' ');
  });

  it('leaves letters and signs alone when they are switched off, and no other keys', () => {
    expect(shortcutOf(press({ key: 'k' }), false)).toBeNull();
    expect(shortcutOf(press({ key: '?', shiftKey: true }), false)).toBeNull();
    expect(shortcutOf(press({ key: 'PageDown' }), false)).toBe('PageDown');
    expect(shortcutOf(press({ key: ' ' }), false)).toBe(' ');
  });

  it('leaves what is typed alone, and the keys of the browser', () => {
    expect(shortcutOf(press({ key: 'k', ctrlKey: true }), true)).toBeNull();
    expect(shortcutOf(press({ key: 'k', metaKey: true }), true)).toBeNull();
    expect(shortcutOf(press({ key: 'k', altKey: true }), true)).toBeNull();
    for (const html of [
      '<input data-target>',
      '<select data-target></select>',
      '<div role="dialog"><button data-target>x</button></div>',
      '<div role="alertdialog"><button data-target>x</button></div>',
    ]) {
      expect(shortcutOf(press({ key: 'k' }, element(html)), true)).toBeNull();
    }
    expect(shortcutOf(press({ key: 'k' }, element('<button data-target>x</button>')), true)).toBe('k');
  });

  it('leaves keys alone that somebody has used already', () => {
    const event = press({ key: 'k' });
    event.preventDefault();
    expect(shortcutOf(event, true)).toBeNull();
  });
});
