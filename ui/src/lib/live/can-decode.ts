// SPDX-License-Identifier: MIT

/** Whether the page may decode: only in a secure context (https, or this computer itself). */
export function canDecode(): boolean {
  return typeof VideoDecoder !== 'undefined' && globalThis.isSecureContext;
}
