/**
 * Unpacks the weights of the linear model: bytes in base64, each a signed
 * number of steps, whose size is one for the whole block.
 */
import { blockSize } from "./features.ts";

export interface PackedBlock {
  /** Base64 of one signed byte a weight. */
  readonly steps: string;
  /** What one step adds to the logit. */
  readonly step: number;
}

/** @throws Error when there are not exactly as many weights as a block has places. */
export function decodeBlock({ steps, step }: PackedBlock): Float32Array {
  const bytes = atob(steps);
  if (bytes.length !== blockSize) throw new Error(`a block of ${bytes.length} weights, not ${blockSize}`);
  return Float32Array.from({ length: blockSize }, (_, index) => signed(bytes.charCodeAt(index)) * step);
}

function signed(byte: number): number {
  return byte < 0x80 ? byte : byte - 0x100;
}
