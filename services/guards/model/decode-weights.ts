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

/** @throws Error when the number of weights is not a power of two that a block has places for. */
export function decodeBlock({ steps, step }: PackedBlock): BlockWeights {
  const bytes = atob(steps);
  const { length } = bytes;
  if (length > blockSize || length === 0 || (length & (length - 1)) !== 0)
    throw new Error(`a block of ${length} weights: no power of two up to ${blockSize}`);
  // A byte from 128 up is taken for the negative number that it is.
  return { steps: Int8Array.from({ length }, (_, index) => bytes.charCodeAt(index)), step };
}
