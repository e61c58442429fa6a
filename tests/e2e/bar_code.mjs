// SPDX-License-Identifier: MIT
/**
 * Run in a page: the number in the picture that a video or a canvas shows, as src/demo/bar_code.h
 * describes it; null without one. Cheap enough for every frame: the strip is made small first, and
 * read once.
 */
export function readBarCode(picture) {
  const cells = 32;
  const perCell = 4;
  const width = picture.videoWidth ?? picture.width;
  const height = Math.floor((picture.videoHeight ?? picture.height) / 15);
  if (height === 0) return null;
  if (globalThis.barCodeContext === undefined) {
    const canvas = Object.assign(document.createElement('canvas'), { width: cells * perCell, height: 1 });
    globalThis.barCodeContext = canvas.getContext('2d', { willReadFrequently: true });
  }
  const context = globalThis.barCodeContext;
  context.drawImage(picture, 0, height / 4, width, height / 2, 0, 0, cells * perCell, 1);
  const { data } = context.getImageData(0, 0, cells * perCell, 1);
  // The middle half of each cell.
  const level = (cell) => data[(cell * perCell + 1) * 4 + 1] + data[(cell * perCell + 2) * 4 + 1];
  const levels = Array.from({ length: cells }, (_, cell) => level(cell));
  const middle = (levels[0] + levels[1]) / 2;
  const bits = levels.map((one) => (one > middle ? 1 : 0));
  const marks = [...bits.slice(0, 4), ...bits.slice(30)].join('');
  const ones = (first) => bits.filter((_, i) => i >= 4 && i < 30 && i % 2 === first).reduce((a, b) => a + b, 0);
  if (marks !== '101001' || ones(0) % 2 !== 0 || ones(1) % 2 !== 0) return null;
  return bits.slice(4, 28).reduce((number, bit) => number * 2 + bit, 0);
}
