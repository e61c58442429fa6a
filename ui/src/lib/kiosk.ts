// SPDX-License-Identifier: MIT

/** Whether an address with this query asks for pictures only, as on a screen on the wall. */
export function isKioskSearch(search: string): boolean {
  return new URLSearchParams(search).get('kiosk') === '1';
}
