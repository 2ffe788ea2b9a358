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
export function weightsFile({ weights, bias }: Solution, thresholds: Thresholds): string {
  const held = {
    bias: Math.round(bias * 10_000) / 10_000,
    ...thresholds,
    chars: packed(weights.subarray(0, blockSize)),
    words: packed(weights.subarray(blockSize)),
  };
  const version = createHash("sha256").update(JSON.stringify(held)).digest("hex").slice(0, 8);
  return `${header}
export const packedWeights = {
  version: "${version}",
  bias: ${held.bias},
  flagAt: ${held.flagAt},
  blockAt: ${held.blockAt},
  chars: {
    step: ${held.chars.step},
    steps:
      "${held.chars.steps}",
  },
  words: {
    step: ${held.words.step},
    steps:
      "${held.words.steps}",
  },
} as const;
`;
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
