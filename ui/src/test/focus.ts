// SPDX-License-Identifier: MIT
import { waitFor } from '@testing-library/react';
import { expect } from 'vitest';

/** The focus gets there, a moment after what had it is gone. */
export async function focusIsOn(element: () => HTMLElement): Promise<void> {
  await waitFor(() => expect(document.activeElement).toBe(element()));
}
