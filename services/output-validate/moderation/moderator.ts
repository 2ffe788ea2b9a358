/**
 * Asks a provider's moderation for its opinion on an answer, once, in the
 * journal's order: the start is acknowledged, the request leaves, the finish is
 * acknowledged. It never throws for what a provider can do: without a verdict it
 * says why. After five failures in a row it asks nobody for ten seconds, so that
 * an outage does not hold every answer up to its time limit.
 */
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhenResult, type IPolicy } from "cockatiel";
import type { Moderation } from "../../../schemas/control/harness-definition.ts";
import type { ModerationOutcome } from "../../providers/moderate.ts";
import type { TariffOf } from "../../pricing/tariff.ts";
import type { Providers } from "../../providers/call-provider.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { StageContext } from "../../runtime/stage.ts";
import type { SettlingFinish } from "../decide.ts";
import type { Opinion } from "../guards/judge-moderation.ts";
import { freePrice } from "./free-price.ts";
import { finishedModeration, journaled, startedModeration } from "./moderation-records.ts";
import { inModerationSpan } from "./moderation-span.ts";
import { mostPieces, type Piece } from "./pieces.ts";

export interface ModeratorSettings {
  readonly providers: Pick<Providers, "moderate">;
  readonly tariffOf: TariffOf;
  /** UUIDv7, new for every call. */
  readonly newCallId: () => string;
  readonly logger: { warn(fields: object, message: string): void };
}

export interface ModerationOrder {
  readonly finish: SettlingFinish;
  readonly moderation: Moderation | undefined;
  readonly pieces: readonly Piece[];
}

export interface Moderator {
  /** Errors: TransientError when the partition is lost. */
  readonly ask: (order: ModerationOrder, context: StageContext) => Promise<Opinion>;
}

/** A call takes what is left of its run's time, within these bounds: a late answer is judged too. Milliseconds. */
export const timeLimitMs = { shortest: 1_000, longest: 10_000 } as const;

const failuresBeforePause = 5;
const pauseMs = 10_000;

export function openModerator(settings: ModeratorSettings): Moderator {
  const breakers = new Map<string, IPolicy>();
  const breakerOf = ({ provider, model }: Moderation): IPolicy => {
    const key = `${provider}/${model}`;
    const known = breakers.get(key) ?? newBreaker(settings, { provider, model });
    breakers.set(key, known);
    return known;
  };
  return {
    ask: async (order, context) => {
      const { moderation, pieces } = order;
      if (moderation === undefined) return missing("not_configured");
      if (pieces.length > mostPieces) return missing("answer_too_long");
      try {
        return await breakerOf(moderation).execute(() => askOnce(settings, { ...order, moderation }, context));
      } catch (error) {
        if (error instanceof BrokenCircuitError) return missing("breaker_open");
        throw error;
      }
    },
  };
}

type NamedOrder = ModerationOrder & { readonly moderation: Moderation };

async function askOnce(
  { providers, tariffOf, newCallId }: ModeratorSettings,
  { finish, moderation, pieces }: NamedOrder,
  context: StageContext,
): Promise<Opinion> {
  const { worker, signal } = context;
  const nowMs = context.nowMs();
  const { provider, model } = moderation;
  const price = freePrice({ ...tariffOf(provider), model, atMs: nowMs });
  if (price === null) return missing("price_not_free");
  if (signal.aborted) throw new TransientError("partition_lost", "the record is left to the partition's next owner");
  const leftMs = finish.settlement.task.deadline_at_ms - nowMs;
  const timeoutMs = Math.max(timeLimitMs.shortest, Math.min(timeLimitMs.longest, leftMs));
  const departure = { finish, moderation, pieces, callId: newCallId(), worker, nowMs, timeoutMs, price };
  const started = startedModeration(departure);
  await context.publish([journaled(started)]);
  const outcome = await inModerationSpan(started, () =>
    providers.moderate({
      provider,
      model,
      texts: pieces.map(({ text }) => text),
      callId: started.call_id,
      timeoutMs: Math.max(1, started.deadline_at_ms - context.nowMs()),
      signal: AbortSignal.timeout(timeoutMs),
    }),
  );
  await context.publish([journaled(finishedModeration(started, outcome, context.nowMs()))]);
  return opinionOf(outcome, price.costUsd);
}

function opinionOf(outcome: ModerationOutcome, costUsd: string | null): Opinion {
  const call = { costUsd };
  if (outcome.kind === "failure") return { kind: "missing", code: outcome.outcome, call };
  return { kind: "given", verdicts: outcome.verdicts, version: outcome.servedModel, call };
}

/** Nobody was asked. */
function missing(code: string): Opinion {
  return { kind: "missing", code };
}

function newBreaker({ logger }: ModeratorSettings, { provider, model }: Moderation): IPolicy {
  const isFailure = (result: unknown): boolean =>
    typeof result === "object" && result !== null && "kind" in result && result.kind === "missing" && "call" in result;
  const policy = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: pauseMs,
    breaker: new ConsecutiveBreaker(failuresBeforePause),
  });
  policy.onBreak(() => logger.warn({ provider, model, pauseMs }, "the moderation does not answer and is left alone"));
  return policy;
}
