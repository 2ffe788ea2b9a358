/**
 * Prints how far the token estimate is from the true count on the texts of this
 * repository and on a few kinds of made-up ones: the figures of docs/tokens.md.
 * `node docs/token-errors.ts`; true counts are those of OpenAI's encodings.
 */
import { globSync, readFileSync } from "node:fs";
import { estimateTokens } from "../services/guards/tokens/estimate.ts";
import { tokenizerOf } from "../services/guards/tokens/tokenizer.ts";

const encodings = ["gpt-4o", "gpt-4"].map((model) => tokenizerOf({ provider: "openai", model }));

/** Errors as shares of the true count: of all texts together, and of the 5th and 95th text in a hundred. */
export function errorsOf(texts: readonly string[], count: (text: string) => number) {
  const pairs = texts.map((text) => ({ estimate: estimateTokens(text, "openai"), count: count(text) }));
  const each = pairs.map((pair) => pair.estimate / pair.count - 1).toSorted((left, right) => left - right);
  const at = (share: number): number => each[Math.min(each.length - 1, Math.floor(each.length * share))] ?? 0;
  const sum = (of: "estimate" | "count"): number => pairs.reduce((total, pair) => total + pair[of], 0);
  return { all: sum("estimate") / sum("count") - 1, low: at(0.05), high: at(0.95) };
}

function percent(share: number): string {
  return `${share < 0 ? "" : "+"}${(100 * share).toFixed(0)} %`;
}

/** The same texts each time: a linear congruential generator. */
function madeUp(alphabet: string): readonly string[] {
  let state = 1;
  const characters = Array.from(alphabet);
  const next = (): string => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return characters[Math.floor((state / 2_147_483_648) * characters.length)] ?? "";
  };
  return Array.from({ length: 50 }, () => Array.from({ length: 1000 }, next).join(""));
}

const files = (pattern: string): readonly string[] => globSync(pattern).map((file) => readFileSync(file, "utf8"));
const letters = "abcdefghijklmnopqrstuvwxyz";

const sets: readonly (readonly [name: string, texts: () => readonly string[]])[] = [
  ["English prose (examples/documents)", () => files("examples/documents/*.txt")],
  ["TypeScript (services)", () => files("services/**/*.ts")],
  [
    "JSON (schemas, examples, golden files)",
    () => files("{schemas/registry,topics/examples,test/contract/golden}/**/*.json"),
  ],
  ["hexadecimal", () => madeUp("0123456789abcdef")],
  ["base64", () => madeUp(`${letters}${letters.toUpperCase()}0123456789+/`)],
  ["random small letters", () => madeUp(letters)],
];

if (import.meta.main) {
  for (const [name, texts] of sets) {
    const rows = encodings.map((encoding) => {
      const { all, low, high } = errorsOf(texts(), (text) => encoding.count(text, Infinity));
      return `${encoding.name} ${percent(all)} (${percent(low)} to ${percent(high)})`;
    });
    process.stdout.write(`${name}: ${rows.join(", ")}\n`);
  }
}
