/**
 * Looks once over a folded text for signs that something in it is written in
 * another way: letters set apart, digits among letters, escapes, long runs of
 * letters and digits, short numbers in a row. It decides only where a
 * closer look is worth its time: plain texts show none.
 */

export interface Signs {
  /** At least four single characters, one after another, each set apart. */
  readonly spaced: boolean;
  /** A digit or a sign inside a word or before it: `pr3v`, `$ys`. */
  readonly leet: boolean;
  /** A run of letters and digits that base64 or hexadecimal could be. */
  readonly encoded: boolean;
  /** `%`, `&`, `\` or `u+` before what could be a code. */
  readonly escaped: boolean;
}

const letter = 1;
const digit = 2;
const stand = 4;
const escape = 8;
const equals = 0x3d;
const plus = 0x2b;
const letterU = 0x75;

/** What each ASCII character can be; all others but pictures are letters here. */
const kinds = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  if (/[a-z]/.test(character)) return letter;
  if (/[0-9]/.test(character)) return digit;
  if (/[@$!|]/.test(character)) return stand;
  return /[%&\\]/.test(character) ? escape : 0;
});

/** Emoji, arrows, bullets, dingbats: what is left of halves of pairs after folding is hardly ever a letter. */
export function isPicture(unit: number): boolean {
  return (unit >= 0xd800 && unit <= 0xdfff) || (unit >= 0x2000 && unit <= 0x2bff) || unit === 0xb7 || unit === 0x30fb;
}

const shortestRun = 8;
const apart = 4;
/** Words are hardly ever as long; base64 of twelve bytes is. */
const longRun = 16;

export function signsOf(folded: string): Signs {
  const seen = { spaced: false, leet: false, encoded: false, escaped: false };
  let run = 0;
  let bits = 0;
  let singles = 0;
  let pairs = 0;
  let before = 0;
  for (let at = 0; at <= folded.length; at++) {
    const unit = at < folded.length ? folded.charCodeAt(at) : 0;
    const kind = unit < 0x80 ? (kinds[unit] ?? 0) : isPicture(unit) ? 0 : letter;
    if ((kind & (letter | digit)) !== 0) {
      if (before === stand && kind === letter) seen.leet = true;
      run++;
      bits |= kind;
    } else {
      if (kind === escape) seen.escaped = true;
      if (run !== 0) {
        if (bits === (letter | digit)) seen.leet = true;
        singles = run === 1 ? singles + 1 : 0;
        pairs = (bits & digit) !== 0 && run > 1 && run <= shortestRun ? pairs + 1 : 0;
        if (singles >= apart) seen.spaced = true;
        if (pairs >= apart || (run >= shortestRun && bits === (letter | digit)) || run >= longRun) seen.encoded = true;
        run = 0;
        bits = 0;
      }
      if (unit === equals) seen.encoded = true;
      if (unit === plus && folded.charCodeAt(at - 1) === letterU) seen.escaped = true;
    }
    before = kind;
  }
  return seen;
}
