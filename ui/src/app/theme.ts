// SPDX-License-Identifier: MIT

/** Dark unless the person in front of this browser wants it otherwise: rooms with monitors are. */
export type Theme = 'dark' | 'light';

const storageKey = 'theme';

export function storedTheme(): Theme {
  try {
    return localStorage.getItem(storageKey) === 'light' ? 'light' : 'dark';
  } catch {
    // A browser that keeps nothing.
    return 'dark';
  }
}

export function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // It is as chosen until the page is closed.
  }
}

/** `global.css` has the colours; the browser's own bar takes that of the header. */
export function showTheme(theme: Theme): void {
  const root = document.documentElement;
  root.dataset['theme'] = theme;
  const colour = getComputedStyle(root).getPropertyValue('--panel');
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', colour);
}
