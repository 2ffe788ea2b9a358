/**
 * Which tokenizer counts for a model: OpenAI's own where it is public, and for
 * the others an estimate in proportion to it. Both cut a text into pieces whose costs add up, so
 * that a text can be shortened to a number of tokens in one pass.
 */
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import { bytePairs, type EncodingTable } from "./byte-pairs.ts";

export interface Tokenizer {
  readonly name: string;
  /** Exact: the model's own table and splitting; estimated: in proportion to another's. */
  readonly kind: "exact" | "estimated";
  /** Tokens of a text. It may stop as soon as they are more than `limit`, with a number above it. */
  readonly count: (text: string, limit: number) => number;
  /** Tokens of one piece; a fraction where they are estimated. */
  readonly costOf: (piece: string) => number;
  /** Calls `visit` with the end of each piece, in order; it stops when that answers false. */
  readonly eachPiece: (text: string, visit: (end: number) => boolean) => void;
}

const o200kBase = exact("o200k_base", o200k);

/** Families of models by the beginning of their name, the longer names first. */
const families: readonly (readonly [name: RegExp, tokenizer: Tokenizer])[] = [
  [/^(?:ft:)?(?:gpt-4o|gpt-4\.[15]|gpt-5|chatgpt-4o|o[134](?:-|$))/, o200kBase],
  [/^(?:ft:)?(?:gpt-4|gpt-3\.5-turbo)/, exact("cl100k_base", cl100k)],
];

/** Tokens of other models for each of o200k's, at the high end: measured in docs/tokens.md. */
const openaiEstimate = scaled(o200kBase, 1.15);
/** The dearest that was measured; for a provider that nobody measured too. */
const otherEstimate = scaled(o200kBase, 1.25);

/** The same object for models that count alike. OpenAI's names are OpenAI's models wherever they run. */
export function tokenizerOf({ provider, model }: { provider: ProviderName; model: string }): Tokenizer {
  const family = provider === "anthropic" ? undefined : families.find(([name]) => name.test(model));
  return family?.[1] ?? (provider === "openai" ? openaiEstimate : otherEstimate);
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

/** Another model's tokens, in proportion to those of one whose tokenizer is public. */
function scaled(base: Tokenizer, factor: number): Tokenizer {
  return {
    name: `${base.name} x ${factor}`,
    kind: "estimated",
    count: (text, limit) => Math.ceil(base.count(text, limit / factor) * factor),
    costOf: (piece) => base.costOf(piece) * factor,
    eachPiece: base.eachPiece,
  };
}
