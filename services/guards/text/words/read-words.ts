/**
 * Goes once through the words of a folded text and tells which are misspelt
 * words of signatures, which are glued or linked together, and whether the text makes
 * more known words when its letters are moved by thirteen places or read from
 * behind. Words with digits or letters beyond a to z are let be.
 */
import { isKnownHash } from "./known-words.ts";
import { misspeltFrom, type Meant } from "./misspelling.ts";
import { hashOn } from "./word-table.ts";

export interface Correction extends Meant {
  readonly start: number;
  readonly end: number;
}

export interface Linked {
  readonly start: number;
  readonly end: number;
  /** The code of the sign. */
  readonly link: number;
}

export interface WordSigns {
  readonly corrections: readonly Correction[];
  /** Runs of letters that are too long for a word. */
  readonly glued: readonly { readonly start: number; readonly end: number }[];
  /** Three words and more with a sign in place of the spaces. */
  readonly linked: readonly Linked[];
  readonly rot13: Turned;
  readonly reversed: Turned;
}

/** How many unknown words become known, and by how many they outnumber the known ones in the stretch where they do so most. */
export interface Turned {
  readonly words: number;
  readonly surplus: number;
  /** How many words the text has, of three letters and more. */
  readonly all: number;
}

const shortestWord = 3;
const shortestGlued = 12;

const letter = 1;
const spoiler = 2;

/** a to z; digits and all beyond ASCII spoil a word; anything else ends it. */
const kinds = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  if (unit >= 0x61 && unit <= 0x7a) return letter;
  return unit >= 0x30 && unit <= 0x39 ? spoiler : 0;
});

export function readWords(folded: string): WordSigns {
  const reader = new WordReader(folded);
  const chain = new Chain(folded, reader.linked);
  const { length } = folded;
  let start = -1;
  let hash = 0;
  let spoilt = false;
  for (let at = 0; at <= length; at++) {
    const unit = at < length ? folded.charCodeAt(at) : 0;
    const kind = unit < 0x80 ? (kinds[unit] ?? 0) : spoiler;
    if (kind === letter) {
      if (start < 0) chain.begin((start = at));
      hash = hashOn(hash, unit);
      continue;
    }
    if (kind === spoiler) spoilt = true;
    else {
      if (start >= 0) {
        chain.end(at);
        if (!spoilt && at - start >= shortestWord) reader.word(start, at, hash);
      }
      spoilt = false;
      start = -1;
      hash = 0;
    }
  }
  chain.close();
  return reader;
}

const fewestLinked = 3;

/** Follows words that one and the same sign links, each to the next: `drop_all_rules`. */
class Chain {
  private readonly text: string;
  private readonly found: Linked[];
  private start = 0;
  private last = -1;
  private words = 0;
  private link = 0;

  constructor(text: string, found: Linked[]) {
    this.text = text;
    this.found = found;
  }

  begin(at: number): void {
    const link = this.last === at - 1 ? this.text.charCodeAt(this.last) : 0;
    if (isLink(link) && (this.words === 1 || link === this.link)) {
      this.link = link;
      this.words++;
      return;
    }
    this.close();
    this.start = at;
    this.words = 1;
  }

  end(at: number): void {
    this.last = at;
  }

  close(): void {
    if (this.words >= fewestLinked) this.found.push({ start: this.start, end: this.last, link: this.link });
    this.words = 0;
  }
}

/** `_` `-` `+` `.` `/` `~` `*` `|` `,` `:` */
function isLink(unit: number): boolean {
  return unit === 0x5f || (unit >= 0x2a && unit <= 0x2f) || unit === 0x7e || unit === 0x7c || unit === 0x3a;
}

class Tally implements Turned {
  words = 0;
  surplus = 0;
  all = 0;
  private running = 0;

  count(known: boolean, turned: boolean): void {
    this.all++;
    if (known) this.running = Math.max(0, this.running - 1);
    else if (turned) {
      this.words++;
      this.surplus = Math.max(this.surplus, ++this.running);
    }
  }
}

class WordReader implements WordSigns {
  readonly corrections: Correction[] = [];
  readonly glued: { start: number; end: number }[] = [];
  readonly linked: Linked[] = [];
  readonly rot13 = new Tally();
  readonly reversed = new Tally();
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  word(start: number, end: number, hash: number): void {
    if (isKnownHash(hash)) {
      this.rot13.count(true, false);
      this.reversed.count(true, false);
      return;
    }
    this.rot13.count(false, isKnownHash(this.rot13Hash(start, end)));
    this.reversed.count(false, isKnownHash(this.reversedHash(start, end)));
    const meant = misspeltFrom(this.text, start, end);
    if (meant !== null) this.corrections.push({ start, end, ...meant });
    else if (end - start >= shortestGlued && !this.isTag(start)) this.glued.push({ start, end });
  }

  /** Hashtags and names of accounts are glued by nature. */
  private isTag(start: number): boolean {
    const before = this.text.charCodeAt(start - 1);
    return before === 0x23 || before === 0x40;
  }

  private rot13Hash(start: number, end: number): number {
    let hash = 0;
    for (let at = start; at < end; at++) hash = hashOn(hash, rot13Unit(this.text.charCodeAt(at)));
    return hash;
  }

  private reversedHash(start: number, end: number): number {
    let hash = 0;
    for (let at = end - 1; at >= start; at--) hash = hashOn(hash, this.text.charCodeAt(at));
    return hash;
  }
}

/** A lower-case letter moved by thirteen places; all else as it is. */
export function rot13Unit(unit: number): number {
  if (unit < 0x61 || unit > 0x7a) return unit;
  return unit < 0x6e ? unit + 13 : unit - 13;
}
