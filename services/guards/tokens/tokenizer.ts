/**
 * Which tokenizer counts for a model: OpenAI's own where it is public, our
 * estimate everywhere else. Both cut a text into pieces whose costs add up, so
 * that a text can be shortened to a number of tokens in one pass.
 */
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import { bytePairs, type EncodingTable } from "./byte-pairs.ts";
import { eachRun, estimateTokens, weightIn } from "./estimate.ts";

export interface Tokenizer {
  readonly name: string;
  /** Exact: OpenAI's table and splitting; estimated: by the kind of characters. */
  readonly kind: "exact" | "estimated";
  /** Tokens of a text. It may stop as soon as they are more than `limit`, with a number above it. */
  readonly count: (text: string, limit: number) => number;
  /** Tokens of one piece; a fraction where they are estimated. */
  readonly costOf: (piece: string) => number;
  /** Calls `visit` with the end of each piece, in order; it stops when that answers false. */
  readonly eachPiece: (text: string, visit: (end: number) => boolean) => void;
}

/** Families of models by the beginning of their name, the longer names first. */
const families: readonly (readonly [name: RegExp, tokenizer: Tokenizer])[] = [
  [/^(?:ft:)?(?:gpt-4o|gpt-4\.[15]|gpt-5|chatgpt-4o|o[134](?:-|$))/, exact("o200k_base", o200k)],
  [/^(?:ft:)?(?:gpt-4|gpt-3\.5-turbo)/, exact("cl100k_base", cl100k)],
];
const estimates: Readonly<Record<ProviderName, Tokenizer>> = {
  openai: estimated("openai"),
  anthropic: estimated("anthropic"),
};

/** The same object for models that count alike. */
export function tokenizerOf({ provider, model }: { provider: ProviderName; model: string }): Tokenizer {
  const family = provider === "openai" ? families.find(([name]) => name.test(model)) : undefined;
  return family?.[1] ?? estimates[provider];
}

function exact(name: string, table: EncodingTable): Tokenizer {
  const { countPiece, eachPiece } = bytePairs(table);
  const count = (text: string, limit: number): number => {
    let tokens = 0;
    let start = 0;
    eachPiece(text, (end) => {
      tokens += countPiece(text.slice(start, end));
      start = end;
      return tokens <= limit;
    });
    return tokens;
  };
  return { name, kind: "exact", count, costOf: countPiece, eachPiece };
}

function estimated(provider: ProviderName): Tokenizer {
  return {
    name: `estimate for ${provider}`,
    kind: "estimated",
    count: (text) => estimateTokens(text, provider),
    costOf: (piece) => weightIn(piece, provider),
    eachPiece: eachRun,
  };
}
