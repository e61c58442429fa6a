// SPDX-License-Identifier: MIT
import { BoxReader, guarded, joined, Mp4Error, trackIdOf, type Box, type Mp4Init } from './fmp4';

/** The pieces of `bytes` without those in `cuts`; the sizes of `around` shrink by what they lose. */
function without(bytes: Uint8Array, cuts: readonly Box[], around: readonly Box[]): Uint8Array {
  const lost = cuts.reduce((sum, { start, end }) => sum + end - start, 0);
  const out = new Uint8Array(bytes.byteLength - lost);
  let from = 0;
  let to = 0;
  for (const { start, end } of cuts) {
    out.set(bytes.subarray(from, start), to);
    to += start - from;
    from = end;
  }
  out.set(bytes.subarray(from), to);
  const view = new DataView(out.buffer);
  for (const box of around) {
    const before = cuts.reduce((sum, cut) => sum + (cut.end <= box.start ? cut.end - cut.start : 0), 0);
    const inside = cuts.reduce(
      (sum, cut) => sum + (cut.start >= box.start && cut.end <= box.end ? cut.end - cut.start : 0),
      0,
    );
    view.setUint32(box.start - before, box.end - box.start - inside);
  }
  return out;
}

/** The same stream with its picture alone. */
export function initWithoutAudio(bytes: Uint8Array, { video }: Mp4Init): Uint8Array {
  return guarded(() => {
    const file = new BoxReader(bytes);
    const moov = file.boxes().find(({ type }) => type === 'moov');
    if (moov === undefined) throw new Mp4Error('no moov');
    const extending = file.first(moov, 'mvex');
    const cuts = [
      ...file.inside(moov, 'trak').filter((trak) => trackIdOf(file, trak) !== video.id),
      ...file.inside(extending, 'trex').filter((one) => file.view.getUint32(one.body + 4) !== video.id),
    ].sort((a, b) => a.start - b.start);
    return without(bytes, cuts, [moov, extending]);
  });
}

/** Moves where the runs of the picture begin: the heads in front of it are shorter by `by`. */
function moveData(bytes: Uint8Array, by: number): void {
  const file = new BoxReader(bytes);
  for (const moof of file.boxes(0, bytes.byteLength).filter(({ type }) => type === 'moof')) {
    for (const traf of file.inside(moof, 'traf')) {
      for (const run of file.inside(traf, 'trun')) {
        const at = run.body + 8;
        file.view.setInt32(at, file.view.getInt32(at) - by);
      }
    }
  }
}

/** Only the heads of sound are taken out; its few bytes stay in `mdat`, where nothing points at them. */
export function fragmentsWithoutAudio(bytes: Uint8Array, init: Mp4Init): Uint8Array {
  if (init.audioIds.length === 0) return bytes;
  return guarded(() => {
    const file = new BoxReader(bytes);
    const parts: Uint8Array[] = [];
    for (const box of file.boxes()) {
      if (box.type !== 'moof') {
        parts.push(bytes.subarray(box.start, box.end));
        continue;
      }
      const cuts = file
        .inside(box, 'traf')
        .filter((traf) => file.view.getUint32(file.first(traf, 'tfhd').body + 4) !== init.video.id)
        .map((traf) => ({ ...traf, start: traf.start - box.start, end: traf.end - box.start }));
      const piece = bytes.subarray(box.start, box.end);
      if (cuts.length === 0) {
        parts.push(piece);
        continue;
      }
      const own = { ...box, start: 0, end: box.end - box.start };
      const shorter = without(piece, cuts, [own]);
      moveData(shorter, piece.byteLength - shorter.byteLength);
      parts.push(shorter);
    }
    return joined(parts);
  });
}
