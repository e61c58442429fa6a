// SPDX-License-Identifier: MIT
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { noCycles } from './scripts/no-cycles';
import { precompress } from './scripts/precompress';
import { preloadMain } from './scripts/preload-main';

const daemon = process.env['RONIN_DAEMON'] ?? 'http://127.0.0.1:8080';

// Vite and vitest each want this one as a default export.
export default defineConfig({
  plugins: [react(), noCycles(import.meta.dirname), preloadMain('/src/app/main.tsx'), precompress()],
  build: {
    // `vite build --outDir DIR` wins over this; the precompress plugin follows whichever was chosen.
    outDir: process.env['RONIN_UI_OUT'] ?? 'dist',
    emptyOutDir: true,
    target: ['chrome114', 'firefox125', 'safari17'],
    // Nothing may become a data: URL: the worker and the icon have to pass the daemon's CSP.
    assetsInlineLimit: 0,
    // The two hls.js builds are above the default limit and are only fetched by pages with video.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      '/api': { target: daemon, ws: true, changeOrigin: false },
      '/health': { target: daemon },
    },
  },
  test: {
    restoreMocks: true,
    // Limits for what hangs; on a busy machine a long test takes its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A page to draw on takes two seconds to make for each file, so only who draws has one.
    projects: [
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx', 'src/**/*.dom.test.ts'],
          setupFiles: ['src/test/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'logic',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.dom.test.ts'],
        },
      },
    ],
    // Two workers: the build machine has two cores and usually compiles C++ at the same time.
    maxWorkers: 2,
    minWorkers: 1,
  },
});
