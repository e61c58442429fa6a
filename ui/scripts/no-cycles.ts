// SPDX-License-Identifier: MIT
import { relative } from 'node:path';

import type { Plugin } from 'vite';

/** Modules of ours that import each other in a circle end the build, which finds them anyway. */
export function noCycles(root: string): Plugin {
  return {
    name: 'no-cycles',
    apply: 'build',
    onLog(_level, { code, ids = [] }) {
      if (code !== 'CIRCULAR_DEPENDENCY' || ids.some((id) => id.includes('node_modules'))) return;
      const names = ids.map((id) => relative(root, id));
      this.error(`Imports in a circle: ${names.join(' -> ')}`);
    },
  };
}
