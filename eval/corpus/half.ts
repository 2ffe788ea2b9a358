/**
 * The two halves of every set, by the text alone: a row is in the test half
 * when the first byte of the SHA-256 of its text is odd. Signatures, rules and
 * weights are made on the dev half; figures are told of the test half.
 */
import { createHash } from "node:crypto";

export type Half = "dev" | "test";

export function halfOf(text: string): Half {
  return (digest(text)[0] ?? 0) % 2 === 1 ? "test" : "dev";
}

/** A number that only the text decides, 0 to 2^32 - 1: for samples that are the same on every machine. */
export function lotOf(text: string): number {
  return digest(text).readUInt32BE(4);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
