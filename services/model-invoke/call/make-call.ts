/**
 * One provider call, in the journal's order: the start is acknowledged, then
 * the request leaves, then the finish is acknowledged. A finish that the broker
 * refuses is kept, so that a second try writes it instead of paying again. Once
 * a call has left it is always finished, whoever owns the partition by then.
 */
import type { HarnessDefinition, ModelTier } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { CallFinished, CallStarted } from "../../../schemas/records/call.ts";
import { nothing, type Amount } from "../../budgets/amount.ts";
import { cutMessages } from "../../guards/prompt/cut-messages.ts";
import { endsAsAsked } from "../../guards/prompt/output-limit.ts";
import type { TariffOf } from "../../pricing/tariff.ts";
import type { Providers } from "../../providers/call-provider.ts";
import type { TimeLimits } from "../../providers/http/arrival-watch.ts";
import { tracedInput } from "../../runtime/content/traced-content.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { StageContext } from "../../runtime/stage.ts";
import { chargeOf, worstCharge } from "../budgets/charge.ts";
import type { Reservation } from "../budgets/reservation.ts";
import type { Slot } from "../capacity/model-gate.ts";
import { slotEndOf } from "../capacity/with-slot.ts";
import { askedOf } from "./asked-of.ts";
import { endingOf } from "./call-ending.ts";
import { callRole, chatSpan, type ChatSent } from "./chat-span.ts";
import { finishedRecord, startedRecord, unsentRecord, type CallEnding } from "../interpret.ts";
import type { AttemptHistory } from "../journal/attempt-history.ts";
import { endOf, knownCallOf } from "../journal/known-call.ts";
import type { Step } from "../plan/plan.ts";
import type { Situation } from "../plan/situation.ts";
import type { Resilience } from "../breakers/resilience.ts";
import { callEmission } from "../terminal.ts";

export interface CallParts {
  readonly providers: Pick<Providers, "call"> & { readonly keys: Pick<Providers["keys"], "isOut"> };
  readonly tariffOf: TariffOf;
  readonly resilience: Resilience;
  /** UUIDv7, new for every call. */
  readonly newCallId: () => string;
  /** Told of every call that the provider turned away for its key. */
  readonly onUnauthorized: (started: CallStarted, ending: CallEnding) => void;
  /** Told of every attempt that no model answered. */
  readonly onUnanswered: (task: AttemptTask, reasons: readonly Reason[]) => void;
}

export interface CallOrder {
  readonly task: AttemptTask;
  readonly messages: readonly Message[];
  readonly definition: HarnessDefinition;
  readonly attempt: AttemptHistory;
  readonly step: Extract<Step, { readonly kind: "call" }>;
  readonly slot: Slot;
  /** For the worst case of this call; settled with what it came to. */
  readonly reservation: Pick<Reservation, "leaseIds" | "settle">;
  readonly context: StageContext;
  /** The attempt and the breakers as they are at the moment of asking. */
  readonly situation: () => Situation;
  /** The other call that may be made beside this one, and this one's part in that. */
  readonly race?: Race;
}

export interface Race {
  /** Aborts when the other call's answer was first. */
  readonly lost: AbortSignal;
  /** This one's answer is the first. */
  readonly won: () => void;
  /** The request is on its way. */
  readonly left: (started: CallStarted) => void;
  /** Id of the call that this one is made beside. */
  readonly hedgeOf?: string;
}

/** Resolves when the call is journaled, or when the breaker turned it away and nothing happened. */
export async function makeCall(parts: CallParts, order: CallOrder): Promise<void> {
  let charge = nothing;
  try {
    await charged(parts, order, (amount) => (charge = amount));
  } finally {
    order.reservation.settle(charge);
  }
}

/** Says what the call counts for on budgets as soon as that changes. */
async function charged(parts: CallParts, order: CallOrder, charge: (amount: Amount) => void): Promise<void> {
  const { task, definition, attempt, step, reservation, context, situation, race } = order;
  const tariff = parts.tariffOf(definition.models[step.tier]?.provider ?? "");
  const started = startedRecord({
    task,
    definition,
    tier: step.tier,
    callNo: attempt.calls.length + 1,
    callId: parts.newCallId(),
    worker: context.worker,
    nowMs: context.nowMs(),
    timeoutMs: step.timeoutMs,
    tariff,
    hedgeOf: race?.hedgeOf,
    leaseIds: reservation.leaseIds,
  });
  const ending = await inSlot(order, () =>
    parts.resilience.run(started, async () => {
      await context.publish([callEmission(started)]);
      if (await mustNotLeave(order, started)) return withdrawn;
      attempt.running.add(started.call_id);
      attempt.noteStart(knownCallOf(started));
      charge(worstCharge(started));
      race?.left(started);
      return await chatSpan(started, sentIn(order, started), () => send(parts, order, started));
    }),
  );
  if (ending === null) return;
  if (ending === withdrawn) return await writeFinish(attempt, unsentRecord(started, context.nowMs()), context);
  if (ending.outcome === "unauthorized") parts.onUnauthorized(started, ending);
  const finishedAtMs = context.nowMs();
  const finished = finishedRecord({ task, started, ending, finishedAtMs, tariff, situation: situation() });
  charge(chargeOf(finished));
  // From here on it is known to have ended: what becomes of a call beside it is decided on that.
  attempt.unacknowledged.add(finished);
  attempt.running.delete(started.call_id);
  attempt.noteEnd(knownCallOf(finished), endOf(finished));
  if (finished.settles) race?.won();
  await writeFinish(attempt, finished, context);
  if (finished.settlement?.answer === null) parts.onUnanswered(task, finished.settlement.reasons ?? []);
}

/**
 * The process was frozen, or cut off, while the start was written, and the partition is another's by now: its new owner
 * didn't wait for this call, so it is not sent. The books say so, and no attempt's history knows of it.
 */
async function leaveIfOthersCall({ attempt, context }: CallOrder, started: CallStarted): Promise<void> {
  if (context.lapsedSince?.(started.started_at_ms) !== true) return;
  await context.confirmed?.();
  if (!context.signal.aborted) return;
  await writeFinish(attempt, unsentRecord(started, context.nowMs()), context);
  throw new TransientError("partition_lost", "the record is left to the partition's next owner");
}

/** The slot is free again as soon as the provider has no more to do with the call, and whatever went wrong. */
async function inSlot(
  { slot, definition, step }: CallOrder,
  run: () => Promise<CallEnding | null>,
): Promise<CallEnding | null> {
  try {
    const ending = await run();
    if (ending !== null) slot.end(slotEndOf(ending, definition.models[step.tier]?.stream ?? false));
    return ending;
  } finally {
    slot.giveBack();
  }
}

/** Also for a finish that an earlier try left unwritten. */
export async function writeFinish(
  attempt: AttemptHistory,
  finished: CallFinished,
  context: StageContext,
): Promise<void> {
  const [ack] = await context.publish([callEmission(finished)]);
  if (ack === undefined) throw new Error("the producer acknowledged a finish without saying where it is");
  attempt.unacknowledged.delete(finished);
  if (finished.settles) attempt.noteSettled(ack.offset);
}

/** Says nothing of the provider: its breaker and its slot learn nothing from it. */
const withdrawn: CallEnding = { outcome: "cancelled", answer: null, usage: null };

/** The last look before money is spent: while its start was written, the call's time ran out or the run was cancelled. */
async function mustNotLeave(order: CallOrder, started: CallStarted): Promise<boolean> {
  await leaveIfOthersCall(order, started);
  const { context, situation } = order;
  return started.deadline_at_ms <= context.nowMs() || situation().orders.cancelled !== null;
}

function sentIn({ task, messages, definition, attempt }: CallOrder, started: CallStarted): ChatSent {
  const content = () => tracedInput(definition, task, messagesFor(messages, task, started.tier));
  return { role: callRole(started, task, attempt.calls), content };
}

/** What is left of the call's time, the wait for its start's acknowledgement taken off. */
function send(
  parts: CallParts,
  { task, messages, definition, step, context, race }: CallOrder,
  started: CallStarted,
): Promise<CallEnding> {
  const timeoutMs = Math.max(1, started.deadline_at_ms - context.nowMs());
  const tier = definition.models[step.tier];
  if (tier === undefined) throw new Error(`no tier ${step.tier} in ${definition.name}`);
  return parts.resilience.within(timeoutMs, async (signal) =>
    endingOf(
      await parts.providers.call({
        provider: started.provider,
        model: started.model,
        messages: messagesFor(messages, task, started.tier),
        maxOutputTokens: started.max_output_tokens,
        ...askedOf(definition, task.options),
        callId: started.call_id,
        stream: tier.stream,
        limits: limitsOf(tier, timeoutMs),
        timeoutMs,
        signal: race === undefined ? signal : AbortSignal.any([signal, race.lost]),
      }),
      (finishReason) => endsAsAsked(definition, task.options, finishReason),
    ),
  );
}

/** Headers of an answer that is not streamed come when it is made: only the whole limit holds there. */
function limitsOf(tier: ModelTier, timeoutMs: number): TimeLimits {
  return {
    connectMs: tier.connectTimeoutMs,
    firstByteMs: tier.stream ? tier.firstTokenTimeoutMs : timeoutMs,
    idleMs: tier.idleTimeoutMs,
  };
}

/** What was cut for this tier when the prompt was fitted to the chain is not sent to it. */
function messagesFor(messages: readonly Message[], { fits }: AttemptTask, tier: number): readonly Message[] {
  return cutMessages(messages, fits?.find((fit) => fit.tier === tier)?.cuts ?? []);
}
