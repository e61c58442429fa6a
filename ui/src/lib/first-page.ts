// SPDX-License-Identifier: MIT
// What is shown before the page's own script has drawn it, over the place where that will be.

const id = 'first-page';

export function firstPage(): HTMLElement {
  const place = document.createElement('div');
  place.id = id;
  place.style.cssText = 'position: fixed; z-index: 1; inset: 0; background: var(--ground)';
  document.body.append(place);
  return place;
}

/** To be called in the moment in which the page is there that it stood for. */
export function dropFirstPage(): void {
  document.getElementById(id)?.remove();
}
