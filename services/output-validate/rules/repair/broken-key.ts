/**
 * Keys that a model wrote by half: without one of their quotes, or without the
 * colon behind them. Only where a key must stand: behind the brace that opens
 * an object, or behind a comma in it.
 */
import { tokenAt, type Token } from "./lenient-token.ts";

const withoutClosingQuote = /["']([A-Za-z_$][\w$-]{0,99})\s{0,9}:/y;
/** A whole member and the beginning of the next, as one key. */
const twoKeys = /^["'][A-Za-z_$][\w$-]{0,99}\s{0,9}:\s{0,9}(?:-?\d[\d.eE+-]{0,30}\s{0,9},|(?:true|false|null)\s{0,9},)/;
const withoutOpeningQuote = /([A-Za-z_$][\w$-]{0,99})["']\s{0,9}:/y;

/** Null when the key at `index` is a whole one, or none may stand there. `strict`: the tokens before it. */
export function halfQuotedKeyAt(text: string, index: number, strict: readonly string[]): Token | null {
  if (strict.at(-1) !== "{" && strict.at(-1) !== ",") return null;
  const key = match(withoutClosingQuote, text, index) ?? match(withoutOpeningQuote, text, index);
  const whole = tokenAt(text, index);
  const written = text.slice(index, whole.end);
  const isWhole = /^["']/.test(written) && /^\s{0,9}:/.test(text.slice(whole.end, whole.end + 10));
  if (key !== null && (!isWhole || written.includes("\n"))) return key;
  // Either they stand in it, or the quotes of two keys are missing.
  const mayBeTwo = isWhole && (written.includes("\n") || twoKeys.test(written));
  return mayBeTwo ? { ...whole, doubt: "unclear" } : null;
}

/** Ends before the colon. */
function match(pattern: RegExp, text: string, index: number): Token | null {
  pattern.lastIndex = index;
  const [all, name] = pattern.exec(text) ?? [];
  return all === undefined ? null : { end: index + all.length - 1, strict: JSON.stringify(name), doubt: null };
}

/** Whether `next` is the value of the key that `strict` ends in. */
export function lacksColon(strict: readonly string[], next: Token): boolean {
  const before = strict.at(-2);
  if (before !== "{" && before !== ",") return false;
  return /^"[\w$-]{1,100}"$/.test(strict.at(-1) ?? "") && !/^[:,}\]\s]$/.test(next.strict);
}
