/**
 * A folded text as hashed features: runs of 3 and of 5 characters within
 * words (their boundaries included) and words with their neighbours. One pass; a
 * token longer than 64 characters counts as several, so that every window of
 * a text is bounded, also where nobody writes spaces.
 */

/** Features of each block fall into this many places (FNV-1a, folded to 15 bits). */
export const blockSize = 2 ** 15;

/** The features of a text in its order, by token: those of token `t` are from `charsFrom[t]` up to `charsFrom[t + 1]`. */
export interface HashedText {
  readonly tokens: number;
  /** Where each token begins in the folded text; one more entry for the text's end. */
  readonly places: Uint32Array;
  readonly chars: Uint16Array;
  readonly charsFrom: Uint32Array;
  readonly words: Uint16Array;
  readonly wordsFrom: Uint32Array;
}

const longestToken = 64;
const space = 0x20;

export function hashText(folded: string): HashedText {
  return new TextHasher().hash(folded);
}

/** Folding leaves only these two. */
function isSpace(unit: number): boolean {
  return unit === space || unit === 0x0a;
}

/** Which units make words: ASCII letters and digits, and all beyond ASCII. */
const inWord = Uint8Array.from({ length: 0x80 }, (_, unit) => (/\w/.test(String.fromCharCode(unit)) ? 1 : 0));

const basis = 0x811c9dc5;
const prime = 0x01000193;
const noWord = -1;

/** Beyond this a text has buffers of its own, so that one long text does not hold memory for ever. */
const keptLength = 2 ** 16;

/** Hashes one text after the other in the same buffers: what it gives holds until the next call. */
export class TextHasher {
  private buffers = buffersFor(1_024);
  private readonly padded = new Uint16Array(longestToken + 2);
  private tokens = 0;
  private charCount = 0;
  private wordCount = 0;
  private lastWord = noWord;

  hash(folded: string): HashedText {
    const kept = this.buffers;
    if (folded.length > kept.length) this.buffers = buffersFor(folded.length * 2);
    this.tokens = this.charCount = this.wordCount = 0;
    this.lastWord = noWord;
    for (let index = 0; index < folded.length;) {
      if (isSpace(folded.charCodeAt(index))) {
        index++;
        continue;
      }
      let end = index + 1;
      while (end < folded.length && end - index < longestToken && !isSpace(folded.charCodeAt(end))) end++;
      this.addToken(folded, index, end);
      index = end;
    }
    const hashed = this.finish(folded.length);
    if (this.buffers.length > keptLength) this.buffers = kept;
    return hashed;
  }

  private begin(start: number): void {
    const { places, charsFrom, wordsFrom } = this.buffers;
    places[this.tokens] = start;
    charsFrom[this.tokens] = this.charCount;
    wordsFrom[this.tokens] = this.wordCount;
  }

  private addToken(folded: string, start: number, end: number): void {
    this.begin(start);
    this.tokens++;
    const { padded } = this;
    padded[0] = space;
    let word = basis;
    let wordLength = 0;
    for (let index = start; index < end; index++) {
      const unit = folded.charCodeAt(index);
      // Which number it is says little: all digits are one.
      const read = unit >= 0x30 && unit <= 0x39 ? 0x30 : unit;
      padded[index - start + 1] = read;
      if (read >= 0x80 || inWord[read] === 1) {
        word = Math.imul(word ^ read, prime);
        wordLength++;
      } else if (wordLength > 0) {
        this.addWord(word);
        word = basis;
        wordLength = 0;
      }
    }
    if (wordLength > 0) this.addWord(word);
    padded[end - start + 1] = space;
    this.addChars(end - start + 2);
  }

  private addWord(word: number): void {
    const { words } = this.buffers;
    words[this.wordCount++] = place(word);
    if (this.lastWord !== noWord) words[this.wordCount++] = place(Math.imul(word ^ this.lastWord, prime));
    this.lastWord = Math.imul(word, prime) >>> 1;
  }

  private addChars(length: number): void {
    const { padded } = this;
    const { chars } = this.buffers;
    let count = this.charCount;
    for (let from = 0; from + 3 <= length; from++) {
      let hash = Math.imul(basis ^ (padded[from] ?? 0), prime);
      hash = Math.imul(hash ^ (padded[from + 1] ?? 0), prime);
      hash = Math.imul(hash ^ (padded[from + 2] ?? 0), prime);
      chars[count++] = place(hash);
      if (from + 5 > length) continue;
      hash = Math.imul(hash ^ (padded[from + 3] ?? 0), prime);
      hash = Math.imul(hash ^ (padded[from + 4] ?? 0), prime);
      chars[count++] = place(hash);
    }
    this.charCount = count;
  }

  private finish(length: number): HashedText {
    this.begin(length);
    const { places, chars, charsFrom, words, wordsFrom } = this.buffers;
    return { tokens: this.tokens, places, chars, charsFrom, words, wordsFrom };
  }
}

/** A token and the space after it are at least two characters; a token of n characters has 2n - 2 runs at most, and one if it is alone. */
function buffersFor(length: number) {
  const tokens = (length >> 1) + Math.ceil(length / longestToken) + 2;
  return {
    length,
    places: new Uint32Array(tokens),
    charsFrom: new Uint32Array(tokens),
    wordsFrom: new Uint32Array(tokens),
    chars: new Uint16Array(length * 2 + 2),
    words: new Uint16Array(length * 2 + 2),
  };
}

function place(hash: number): number {
  return (hash ^ (hash >>> 15)) & (blockSize - 1);
}
