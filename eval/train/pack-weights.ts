/**
 * Writes the weights as the TypeScript file that services/guards/model reads:
 * one signed byte a weight, in base64, and the size of a step for each block.
 */
import { createHash } from "node:crypto";
import { blockSize } from "../../services/guards/model/features.ts";
import type { PackedBlock } from "../../services/guards/model/decode-weights.ts";
import type { Solution } from "./logistic.ts";
import type { Thresholds } from "./thresholds.ts";

/** The same solution and thresholds give the same file; its version is a hash of what it holds. */
export function weightsFile(solution: Solution, thresholds: Thresholds): string {
  const { bias, chars, words } = packedModel(solution);
  const held = { bias, ...thresholds, chars, words };
  const version = createHash("sha256").update(JSON.stringify(held)).digest("hex").slice(0, 8);
  return `${header}
export const packedWeights = {
  version: "${version}",
  bias: ${held.bias},
  flagAt: ${held.flagAt},
  blockAt: ${held.blockAt},
${blockSource("chars", chars, 2)}${blockSource("words", words, 2)}} as const;
`;
}

/** A block as a property of an object whose properties are indented so far. */
export function blockSource(name: string, { step, steps }: PackedBlock, indent: number): string {
  const lines = [`${name}: {`, `  step: ${step},`, "  steps:", `    "${steps}",`, "},"];
  return lines.map((line) => `${" ".repeat(indent)}${line}\n`).join("");
}

/** `places`: how many of each block were trained. */
export function packedModel({ weights, bias }: Solution, places = blockSize) {
  return {
    bias: Math.round(bias * 10_000) / 10_000,
    chars: packed(weights.subarray(0, places)),
    words: packed(weights.subarray(blockSize, blockSize + places)),
  };
}

const header = `/**
 * Weights of the linear model, written by \`npm run eval -- train\`: not edited
 * by hand. What they were made of and what they are good for stands in
 * docs/model-card.md. Thresholds are logits.
 */`;

export function packed(weights: Float64Array): PackedBlock {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const step = Math.fround(largest / 127);
  const steps = Int8Array.from(weights, (weight) => (step === 0 ? 0 : Math.round(weight / step)));
  return { steps: Buffer.from(steps.buffer).toString("base64"), step };
}
