// SPDX-License-Identifier: MIT
/// <reference types="vite/client" />

// The light build ships without declarations; its surface is a subset of the full one.
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
