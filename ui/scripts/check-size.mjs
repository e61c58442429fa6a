// SPDX-License-Identifier: MIT
/* global console, process */
// node check-size.mjs DIST: what the built UI makes a browser load before the live pictures are
// there, in kB of gzip, against its limit. Everything else is loaded when it is needed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const limitKb = 160;
const tolerance = 1.02;
const [dist] = process.argv.slice(2);
const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
const files = new Set([...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file));
let total = 0;
for (const file of files) {
  const kb = gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).byteLength / 1000;
  total += kb;
  console.log(`${kb.toFixed(1).padStart(7)} kB  ${file}`);
}
console.log(`${total.toFixed(1).padStart(7)} kB of ${limitKb}`);
if (files.size < 2 || total > limitKb * tolerance) {
  console.error('The live page loads too much; fetch what it does not need at once by import().');
  process.exitCode = 1;
}
