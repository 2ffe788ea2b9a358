/**
 * What operators have ordered, as far as it concerns an attempt, and the
 * waiting of runs that are paused. A paused run keeps its place for a minute
 * and then goes to the end of its topic, so that it holds up neither the
 * offsets of its partition nor the memory of a new owner; when half of the
 * process' places are taken by paused runs, a further one goes after a second.
 * So paused runs never stop those of others.
 */
import type { ModelTier } from "../../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import { openCommands, type Commands } from "../../runtime/commands/commands.ts";
import type { StageRuntime } from "../../runtime/run-stage.ts";
import { clientHeader, type ConsumedRecord, type Outcome, type StageContext } from "../../runtime/stage.ts";
import type { AttemptHistory } from "../journal/attempt-history.ts";
import type { Journal } from "../journal/journal.ts";
import { jsonOf } from "../journal/read-back.ts";
import type { Orders } from "../plan/situation.ts";

/** How long a paused run keeps its place, milliseconds. */
export const holdMs = 60_000;
/** The same when half of the places are held already. */
export const crowdedHoldMs = 1000;

export interface OrderSurroundings extends Pick<StageRuntime, "reader" | "logger" | "onClose" | "config"> {
  /** Its attempts look again whenever something is ordered. */
  readonly journal: Pick<Journal, "wake">;
}

/** Errors: TransientError broker_unavailable, also when the topic does not exist. */
export async function openStandingOrders(surroundings: OrderSurroundings): Promise<StandingOrders> {
  const { journal, onClose, config } = surroundings;
  const commands = await openCommands(surroundings);
  onClose("commands", () => commands.close());
  commands.onChange(() => journal.wake());
  return new StandingOrders(commands, config.BREAKWATER_MAX_IN_FLIGHT);
}

export class StandingOrders {
  readonly #commands: Pick<Commands, "cancellation" | "pauseOfRun" | "isModelPaused">;
  readonly #mostHeld: number;
  #held = 0;

  /** `places`: how many records this process takes at once. */
  constructor(commands: Pick<Commands, "cancellation" | "pauseOfRun" | "isModelPaused">, places: number) {
    this.#commands = commands;
    this.#mostHeld = Math.floor(places / 2);
  }

  of(task: AttemptTask, models: readonly ModelTier[]): Orders {
    return {
      cancelled: this.#commands.cancellation(task),
      paused: this.#commands.pauseOfRun({ client_id: task.client_id, harness: task.harness.name }),
      pausedTiers: new Set(models.flatMap((model, tier) => (this.#commands.isModelPaused(model) ? [tier] : []))),
    };
  }

  /**
   * Waits for a change, or until the run must make room: true then. An attempt that has called is kept where it is: a new owner
   * reads its calls from where its record stands.
   */
  async mustMakeRoom(attempt: AttemptHistory, untilMs: number, context: StageContext): Promise<boolean> {
    const longestMs = this.#held < this.#mostHeld ? holdMs : crowdedHoldMs;
    const roomAtMs = context.nowMs() + longestMs;
    this.#held += 1;
    try {
      await attempt.changed(Math.min(untilMs, roomAtMs) - context.nowMs(), context.signal);
    } finally {
      this.#held -= 1;
    }
    const isFresh = attempt.calls.length === 0 && !context.signal.aborted;
    return isFresh && context.nowMs() >= roomAtMs;
  }
}

/** The same record once more, at the end of its topic. */
export function putBack(
  { topic, value, headers }: ConsumedRecord,
  { run_id, attempt, client_id }: AttemptTask,
): Outcome {
  const id = headers["ce_id"] ?? `${run_id}/${attempt}/attempt`;
  const emission = { topic, key: run_id, id, type: "breakwater.attempt", value: jsonOf(value) };
  return { emissions: [{ ...emission, headers: { [clientHeader]: client_id } }] };
}
