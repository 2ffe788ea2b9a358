/**
 * What the guard needs of cryptography, as interfaces: the keys and the
 * algorithms live in services/runtime/secrets. Hash tokens are the same for the
 * same value of the same client; boxes open only for the run they were made for.
 */
import type { z } from "zod";
import type { HarnessRef } from "../../../schemas/parts/identity.ts";
import type { sealedContent } from "../../../schemas/parts/content.ts";

export type Box = z.infer<typeof sealedContent>;

/** Pseudonym to value, for one run. */
export type PseudonymMap = ReadonlyMap<string, string>;

export interface Tokeniser {
  /** 12 hex digits, at least one of them a letter. `value` is normalised already. */
  tokenOf(scope: { readonly clientId: string; readonly entity: string }, value: string): string;
}

export interface AnswerKeys {
  /** 32 hex digits. `input`: as it came in. */
  keyOf(asked: {
    readonly clientId: string;
    readonly harness: HarnessRef;
    readonly subjectId?: string | undefined;
    readonly input: unknown;
    /** What the caller asked for beside it: another wish is another question. */
    readonly options?: unknown;
  }): string;
}

export interface Sealer {
  seal(runId: string, pseudonyms: PseudonymMap): Box;
}

export interface Opener {
  /** Null when no key at hand opens the box, or it is not of this run. */
  open(runId: string, box: Box): PseudonymMap | null;
}
