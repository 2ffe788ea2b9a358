/**
 * How long a caller is ready to wait, as RFC 7240 has it say: `Prefer:
 * respond-async` (do not wait), `wait=<seconds>`, or both (wait so long, then
 * answer that it goes on). What it cannot mean is ignored, as the RFC wants.
 */
export interface Preference {
  /** The caller comes back for the answer: its leaving cancels nothing. */
  readonly isAsync: boolean;
  readonly waitMs: number;
  /** What was followed, for `preference-applied`. */
  readonly applied: readonly string[];
}

/** `longestWaitMs` holds whatever is preferred. */
export function readPreference(header: string | undefined, longestWaitMs: number): Preference {
  const wishes = (header ?? "").split(/[,;]/).map((wish) => wish.trim().toLowerCase());
  const isAsync = wishes.includes("respond-async");
  const wait = wishes
    .map((wish) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(wish)?.[1])
    .find((seconds) => seconds !== undefined);
  const applied = [...(isAsync ? ["respond-async"] : []), ...(wait === undefined ? [] : [`wait=${wait}`])];
  const usualMs = isAsync ? 0 : longestWaitMs;
  return { isAsync, waitMs: Math.min(longestWaitMs, wait === undefined ? usualMs : Number(wait) * 1000), applied };
}
