/**
 * Which runs may stand behind others: those published as a batch, and every
 * document of a batch, wherever it was published.
 */
import type { DocumentRef, Origin } from "../schemas/parts/identity.ts";

export interface Placed {
  /** Where its request was published. */
  readonly origin: Pick<Origin, "topic">;
  readonly document?: DocumentRef | undefined;
}

export function isBatch({ origin, document }: Placed): boolean {
  return origin.topic === "harness-requests-batch" || document !== undefined;
}
