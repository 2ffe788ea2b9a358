/**
 * Unpacks the weights of the linear model: bytes in base64, each a signed
 * number of steps, whose size is one for the whole block.
 */
import { blockSize } from "./features.ts";
import type { BlockWeights } from "./windows.ts";

export interface PackedBlock {
  /** Base64 of one signed byte a weight. */
  readonly steps: string;
  /** What one step adds to the logit. */
  readonly step: number;
}

/** @throws Error when there are not exactly as many weights as a block has places. */
export function decodeBlock({ steps, step }: PackedBlock): BlockWeights {
  const bytes = atob(steps);
  if (bytes.length !== blockSize) throw new Error(`a block of ${bytes.length} weights, not ${blockSize}`);
  // A byte from 128 up is taken for the negative number that it is.
  return { steps: Int8Array.from({ length: blockSize }, (_, index) => bytes.charCodeAt(index)), step };
}
