/**
 * Remembers which attempts are settled, with a fingerprint of the request's
 * body, for a window of time. Kept outside the JavaScript heap: 28 bytes a slot
 * and at most 75 for each attempt, so that an hour at 500 attempts a second
 * stays under 135 MB and costs the garbage collector nothing. Forgets by sixths
 * of the window, a whole slice at a time.
 */

/** `conflict`: settled for another body. */
export type Standing = "unknown" | "settled" | "conflict";

const slices = 6;
const wordsPerSlot = 7;
const attemptWord = 6;
const firstCapacity = 1024;
/** Slots in use before the slice doubles. */
const fullness = 0.75;

interface Slice {
  readonly number: number;
  words: Uint32Array;
  used: number;
}

export class SettledTable {
  readonly #sliceMs: number;
  #slices: Slice[] = [];

  constructor(windowMs: number) {
    this.#sliceMs = Math.max(1, Math.ceil(windowMs / slices));
  }

  /** `runId`: a UUID. `bodySha256`: 64 hex digits, of which the first 16 are kept. Adding twice keeps the first. */
  add(attempt: { readonly runId: string; readonly attempt: number; readonly bodySha256: string }, atMs: number): void {
    const number = Math.floor(atMs / this.#sliceMs);
    let slice = this.#slices.find((candidate) => candidate.number === number);
    if (slice === undefined) {
      slice = { number, words: new Uint32Array(firstCapacity * wordsPerSlot), used: 0 };
      this.#slices.push(slice);
    }
    if (slice.used + 1 > (slice.words.length / wordsPerSlot) * fullness) grow(slice);
    const key = wordsOf(attempt.runId, attempt.bodySha256, attempt.attempt);
    const at = slotOf(slice.words, key);
    if (slice.words[at + attemptWord] !== 0) return;
    slice.words.set(key, at);
    slice.used++;
  }

  standing(runId: string, attempt: number, bodySha256: string): Standing {
    const key = wordsOf(runId, bodySha256, attempt);
    for (const { words } of this.#slices) {
      const at = slotOf(words, key);
      if (words[at + attemptWord] === 0) continue;
      return words[at + 4] === key[4] && words[at + 5] === key[5] ? "settled" : "conflict";
    }
    return "unknown";
  }

  /** Drops the slices that are wholly older than the window. */
  forget(nowMs: number): void {
    const oldest = Math.floor(nowMs / this.#sliceMs) - slices;
    this.#slices = this.#slices.filter(({ number }) => number >= oldest);
  }

  get size(): number {
    return this.#slices.reduce((sum, { used }) => sum + used, 0);
  }

  get bytes(): number {
    return this.#slices.reduce((sum, { words }) => sum + words.byteLength, 0);
  }
}

/** Run id in four words, body in two, the attempt in the last: never 0 in a slot that is taken. */
function wordsOf(runId: string, bodySha256: string, attempt: number): Uint32Array {
  const hex = runId.replaceAll("-", "");
  const words = new Uint32Array(wordsPerSlot);
  for (let index = 0; index < 4; index++) words[index] = Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16);
  words[4] = Number.parseInt(bodySha256.slice(0, 8), 16);
  words[5] = Number.parseInt(bodySha256.slice(8, 16), 16);
  words[attemptWord] = attempt;
  return words;
}

/** Offset of the slot that holds this run's attempt, or of the free one where it belongs. */
function slotOf(words: Uint32Array, key: Uint32Array): number {
  const capacity = words.length / wordsPerSlot;
  let slot = hashOf(key) & (capacity - 1);
  for (;;) {
    const at = slot * wordsPerSlot;
    if (words[at + attemptWord] === 0 || sameAttempt(words, at, key)) return at;
    slot = (slot + 1) & (capacity - 1);
  }
}

function sameAttempt(words: Uint32Array, at: number, key: Uint32Array): boolean {
  for (let index = 0; index < 4; index++) if (words[at + index] !== key[index]) return false;
  return words[at + attemptWord] === key[attemptWord];
}

/** Mixes run id and attempt (UUIDv7 share their first words), by murmur3's finaliser. */
function hashOf(key: Uint32Array): number {
  let hash = key[attemptWord] ?? 0;
  for (let index = 0; index < 4; index++) {
    hash ^= key[index] ?? 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

function grow(slice: Slice): void {
  const old = slice.words;
  slice.words = new Uint32Array(old.length * 2);
  for (let at = 0; at < old.length; at += wordsPerSlot) {
    if (old[at + attemptWord] === 0) continue;
    const slot = old.subarray(at, at + wordsPerSlot);
    slice.words.set(slot, slotOf(slice.words, slot));
  }
}
