/**
 * Estimates how many tokens a text costs, without a tokenizer: one pass over
 * the characters, by their kind. It is meant to err high by a few per cent, so
 * that what is said to fit does fit; what it measured is in its test.
 */
import type { ProviderName } from "../../schemas/parts/codes.ts";

/** Every message costs a few tokens for its role and its delimiters. */
export const tokensPerMessage = 4;

/** Anthropic's tokenizer makes about a sixth more of the same English text than OpenAI's. */
const providerFactor: Readonly<Record<ProviderName, number>> = { openai: 1, anthropic: 1.17 };

const lettersPerToken = 5.6;
const otherScriptsPerToken = 3;

/** Tokens, rounded up. Without a provider: the higher of all. Linear in the text's length. */
export function estimateTokens(text: string, provider: ProviderName = "anthropic"): number {
  let tokens = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    const kind = kindOf(code);
    let end = index + 1;
    while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end++;
    tokens += costOf(kind, end - index);
    index = end;
  }
  return Math.ceil(tokens * providerFactor[provider]);
}

type Kind = "letter" | "digit" | "space" | "line" | "mark" | "accented" | "wide" | "surrogate" | "other";

function kindOf(code: number): Kind {
  if (code < 0x80) return asciiKind(code);
  if (code < 0x250) return "accented";
  if (code >= 0xd800 && code <= 0xdfff) return "surrogate";
  if (code >= 0x2e80 && code <= 0x9fff) return "wide";
  if (code >= 0xac00 && code <= 0xd7a3) return "wide";
  return "other";
}

function asciiKind(code: number): Kind {
  if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return "letter";
  if (code >= 0x30 && code <= 0x39) return "digit";
  if (code === 0x20) return "space";
  if (code === 0x0a || code === 0x0d || code === 0x09) return "line";
  return "mark";
}

function costOf(kind: Kind, length: number): number {
  switch (kind) {
    case "letter":
      return Math.max(1, length / lettersPerToken);
    case "digit":
      return Math.ceil(length / 3);
    case "space":
      return length === 1 ? 0 : 1 + length / 16;
    case "line":
      return 1 + (length - 1) / 4;
    case "mark":
      return length === 1 ? 0.8 : 1 + (length - 1) / 2;
    case "accented":
      return length / 1.2;
    case "wide":
      return length * 0.85;
    case "surrogate":
      return length * 1.5;
    case "other":
      return length / otherScriptsPerToken + 0.5;
  }
}
