/**
 * A lowest incomplete offset and the done ones above it, as a bitmap: bit i,
 * least significant first, says that `low + i` is done.
 */
export interface DoneMap {
  readonly low: number;
  readonly bitmap: Uint8Array;
}

export function nothingDoneAbove(low: number): DoneMap {
  return { low, bitmap: new Uint8Array(0) };
}

/** Asks `isDone` for each offset from `low` to `highest` inclusive. */
export function bitmapOf(low: number, highest: number, isDone: (offset: number) => boolean): Uint8Array {
  const span = Math.max(0, highest - low + 1);
  const bitmap = new Uint8Array(Math.ceil(span / 8));
  for (let index = 0; index < span; index += 1) {
    if (isDone(low + index)) bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bitmap;
}

/** The done offsets, ascending. */
export function offsetsIn({ low, bitmap }: DoneMap): number[] {
  const offsets: number[] = [];
  bitmap.forEach((byte, at) => {
    for (let bit = 0; byte >> bit !== 0; bit += 1) if ((byte >> bit) & 1) offsets.push(low + at * 8 + bit);
  });
  return offsets;
}

/** Forgets claims about offsets that the log does not hold. */
export function clampTo(map: DoneMap, end: number): DoneMap {
  const kept = new Set(offsetsIn(map).filter((offset) => offset < end));
  return { low: map.low, bitmap: bitmapOf(map.low, Math.max(map.low - 1, ...kept), (offset) => kept.has(offset)) };
}
