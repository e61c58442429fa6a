// SPDX-License-Identifier: MIT
// The number in a picture, as src/demo/bar_code.h describes it. These run in a page: they use nothing
// but each other.

/** The number that the brightness of each of the 32 cells says; null when marks or parity do not fit. */
export function barCodeIn(levels) {
  const middle = (levels[0] + levels[1]) / 2;
  const bits = levels.map((one) => (one > middle ? 1 : 0));
  const marks = [...bits.slice(0, 4), ...bits.slice(30)].join('');
  const ones = (first) => bits.filter((_, i) => i >= 4 && i < 30 && i % 2 === first).reduce((a, b) => a + b, 0);
  if (marks !== '101001' || ones(0) % 2 !== 0 || ones(1) % 2 !== 0) return null;
  return bits.slice(4, 28).reduce((number, bit) => number * 2 + bit, 0);
}

/**
 * The number in the picture that a video or a canvas shows. The strip is made small first, and read
 * once; a video's whole picture is converted for it.
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
  return barCodeIn(Array.from({ length: cells }, (_, cell) => level(cell)));
}

/** The number in a decoded picture, a VideoFrame, of which only two rows are looked at. */
export async function readFrame(frame) {
  const cells = 32;
  const { x, y, width, height } = frame.visibleRect;
  const rect = { x, y: y + 2 * Math.floor(height / 60), width: 2 * Math.floor(width / 2), height: 2 };
  const bytes = new Uint8Array(frame.allocationSize({ rect }));
  const isLuma = /^(I4|NV12)/.test(frame.format);
  const [{ offset }] = await frame.copyTo(bytes, { rect });
  const cellWidth = rect.width / cells;
  const level = (cell) => {
    const [from, to] = [Math.ceil((cell + 0.25) * cellWidth), Math.floor((cell + 0.75) * cellWidth)];
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += bytes[offset + (isLuma ? i : 4 * i + 1)];
    return sum / (to - from);
  };
  return barCodeIn(Array.from({ length: cells }, (_, cell) => level(cell)));
}
