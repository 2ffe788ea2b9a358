/**
 * A run that was let in, until its answer is out: waits at the desk, remembers
 * what the result says was spent, and at the end frees the client's place and
 * settles its tokens, once.
 */
import type { RunResult } from "../../../schemas/records/run-result.ts";
import type { Acceptance, Handed, RunDesk } from "../runs/run-desk.ts";
import type { Admitted } from "./admission.ts";
import type { TokensTaken } from "./minute-taken.ts";

export interface LetIn {
  readonly acceptance: Extract<Acceptance, { kind: "accepted" }>;
  readonly handed: Handed;
  readonly desk: Pick<RunDesk, "wait" | "cancel">;
  /** Whose key the run came with. */
  readonly keyId: string;
  readonly free: () => void;
  readonly tokens: TokensTaken;
  readonly logger: { readonly warn: (fields: object, message: string) => void };
}

export function admitted({ acceptance, handed, keyId, desk, free, tokens, logger }: LetIn): Admitted {
  const { runId, joined } = acceptance;
  let result: RunResult | null = null;
  let isReleased = false;
  return {
    kind: "admitted",
    runId,
    joined,
    wait: async (options) => {
      const standing = await desk.wait(runId, options);
      if (standing.kind === "ended") result = standing.result;
      return standing;
    },
    release: async ({ left }) => {
      if (isReleased) return;
      isReleased = true;
      free();
      if (!joined && result !== null) await tokens.settle(result.spent.input_tokens + result.spent.output_tokens);
      if (!left || result !== null || !isAlone(handed, joined)) return;
      const by = { kind: "api_key", id: keyId } as const;
      await desk.cancel(runId, "its caller went away", by).catch((error: unknown) => {
        logger.warn({ run_id: runId, cause: String(error) }, "a run whose caller went away could not be cancelled");
      });
    },
  };
}

/** Nobody else can be waiting for it: whoever gave an Idempotency-Key may come back, or be there twice. */
function isAlone({ idempotencyKey }: Handed, joined: boolean): boolean {
  return !joined && idempotencyKey === undefined;
}
