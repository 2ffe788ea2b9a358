/**
 * Estimates how many tokens a text costs, without a tokenizer: one pass over
 * the characters, by their kind. It is meant to err high by some ten per cent,
 * so that what is said to fit does fit; what it measured is in its test.
 */
import type { ProviderName } from "../../../schemas/parts/codes.ts";

/** Every message costs a few tokens for its role and its delimiters. */
export const tokensPerMessage = 4;

/** Anthropic's tokenizer makes about a sixth more of the same English text than OpenAI's: the most that was measured. */
const highestFactor = 1.17;

function factorOf(provider: ProviderName): number {
  return provider === "openai" ? 1 : highestFactor;
}

/** A word of up to so many letters is mostly one token; a longer one is cut up. */
const shortWord = 6;
const lettersPerFurtherToken = 4;
/** A space joins the word after it, but not a number: half of all numbers pay for theirs. */
const spaceBeforeDigits = 0.5;
const otherScriptsPerToken = 3;

/** Sums of fractions differ a little with their order; what fits by less than this fits. */
const roundingError = 1e-6;

/** Tokens, rounded up. Without a provider: the higher of all. Linear in the text's length. */
export function estimateTokens(text: string, provider: ProviderName = "anthropic"): number {
  return tokensBy(weighText(text), provider);
}

/** What a text weighs whoever reads it: the part of an estimate that takes a pass over the text. */
export function weighText(text: string): number {
  let tokens = 0;
  let kind = -1;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const next = kindOf(text.charCodeAt(index));
    if (next === kind) continue;
    tokens += costOf(kind, index - start);
    kind = next;
    start = index;
  }
  return tokens + costOf(kind, text.length - start);
}

/** A weight in the tokens of one provider, rounded up. */
export function tokensBy(weight: number, provider: ProviderName): number {
  return Math.ceil(Math.max(0, weight * factorOf(provider) - roundingError));
}

/**
 * An estimate that is the highest over a chain's providers, in the tokens of
 * one of them: what fits a model must not be held to another's tokenizer.
 */
export function tokensFor(highest: number, chain: readonly ProviderName[], provider: ProviderName): number {
  const most = Math.max(...chain.map(factorOf));
  return Math.ceil((highest * factorOf(provider)) / most - roundingError);
}

/** Kinds of characters, as small numbers: this is the innermost loop of every estimate. */
const letter = 0;
const digit = 1;
const space = 2;
const line = 3;
const mark = 4;
const accented = 5;
const wide = 6;
const surrogate = 7;
const other = 8;
type Kind = number;

const asciiKinds = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return letter;
  if (code >= 0x30 && code <= 0x39) return digit;
  if (code === 0x20) return space;
  return code === 0x0a || code === 0x0d || code === 0x09 ? line : mark;
});

function kindOf(code: number): Kind {
  if (code < 0x80) return asciiKinds[code] ?? mark;
  if (code < 0x250) return accented;
  if (code >= 0xd800 && code <= 0xdfff) return surrogate;
  if ((code >= 0x2e80 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3)) return wide;
  return other;
}

function costOf(kind: Kind, length: number): number {
  if (length === 0) return 0;
  switch (kind) {
    case letter:
      return 1 + Math.max(0, length - shortWord) / lettersPerFurtherToken;
    case digit:
      return Math.ceil(length / 3) + spaceBeforeDigits;
    case space:
      return length === 1 ? 0 : 1 + length / 16;
    case line:
      return 1 + (length - 1) / 4;
    case mark:
      return length === 1 ? 0.8 : 1 + (length - 1) / 2;
    case accented:
      return length / 1.2;
    case wide:
      return length * 0.85;
    case surrogate:
      return length * 1.5;
    default:
      return length / otherScriptsPerToken + 0.5;
  }
}
