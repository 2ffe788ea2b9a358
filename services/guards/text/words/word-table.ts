/**
 * A set of words that is asked by hash, so that a text can be looked through
 * without cutting its words out. Hashes are polynomial (Karp and Rabin, 1987):
 * the hash of a word without one of its letters follows from those of its parts.
 * Two words with the same hash count as the same.
 */

const base = 0x2c9277b5;

/** Continues a hash with the next letter. */
export function hashOn(hash: number, unit: number): number {
  return (Math.imul(hash, base) + unit) | 0;
}

export function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = hashOn(hash, word.charCodeAt(at));
  return hash;
}

const longest = 32;
const powers = Int32Array.from({ length: longest + 1 });
powers[0] = 1;
for (let at = 1; at <= longest; at++) powers[at] = Math.imul(powers[at - 1] ?? 0, base);

/** What a hash grows by when `count` more letters follow: the factor of what stands before them. */
export function hashPower(count: number): number {
  return powers[count] ?? 0;
}

/** Open addressing, half empty at most, behind a bitmap that says no in one step; one key can hold several values. */
export class WordTable {
  private readonly bits: Int32Array;
  private readonly mask: number;
  private readonly keys: Int32Array;
  /** One more than the value; 0 is an empty place. */
  private readonly values: Uint16Array;

  constructor(entries: readonly (readonly [word: string, value: number])[]) {
    const size = 2 ** Math.ceil(Math.log2(entries.length * 2 + 2));
    this.mask = size - 1;
    this.keys = new Int32Array(size);
    this.values = new Uint16Array(size);
    this.bits = new Int32Array(size / 4);
    for (const [word, value] of entries) this.add(hashOf(word), value);
  }

  has(hash: number): boolean {
    const bit = hash ^ (hash >>> 13);
    if (((this.bits[(bit >>> 5) & (this.bits.length - 1)] ?? 0) & (1 << (bit & 31))) === 0) return false;
    return this.next(hash, this.placeOf(hash)) >= 0;
  }

  /** The value of the first entry with this hash from `place` on, by its place; -1 when there is none. */
  next(hash: number, place: number): number {
    for (let at = place; this.values[at] !== 0; at = (at + 1) & this.mask) if (this.keys[at] === hash) return at;
    return -1;
  }

  placeOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.mask;
  }

  after(place: number): number {
    return (place + 1) & this.mask;
  }

  valueAt(place: number): number {
    return (this.values[place] ?? 1) - 1;
  }

  private add(hash: number, value: number): void {
    const bit = hash ^ (hash >>> 13);
    const cell = (bit >>> 5) & (this.bits.length - 1);
    this.bits[cell] = (this.bits[cell] ?? 0) | (1 << (bit & 31));
    let at = this.placeOf(hash);
    while (this.values[at] !== 0) {
      if (this.keys[at] === hash && this.valueAt(at) === value) return;
      at = this.after(at);
    }
    this.keys[at] = hash;
    this.values[at] = value + 1;
  }
}
