/**
 * Shares the breakers of all model-invoke processes through harness-breakers: a
 * process tells of each that opens or closes, and a new one starts from what
 * the others know instead of learning it at the users' cost. Telling is best
 * effort: no call waits for it, and one that fails is logged.
 */
import { breakerKey, breakerRecord, type BreakerRecord } from "../../../schemas/control/breaker.ts";
import { providerName } from "../../../schemas/parts/codes.ts";
import { openControlTable, type ControlTableOptions } from "../../runtime/control-table.ts";
import type { KafkaLogger } from "../../runtime/kafka/client.ts";
import type { Emission } from "../../runtime/stage.ts";
import { breakerLog, type OperatorLogger } from "../call/operator-log.ts";
import { halfOpenAfterMs, Resilience, type Target } from "./resilience.ts";

export interface BreakerSurroundings {
  readonly reader: ControlTableOptions<BreakerRecord>["reader"];
  readonly publish: (emissions: readonly Emission[]) => Promise<unknown>;
  readonly logger: KafkaLogger & OperatorLogger;
  readonly worker: string;
  readonly nowMs: () => number;
}

export interface SharedBreakers {
  readonly resilience: Resilience;
  close(): Promise<void>;
}

/** Resolves when everything that is known is learnt. Errors: TransientError broker_unavailable. */
export async function openSharedBreakers(surroundings: BreakerSurroundings): Promise<SharedBreakers> {
  const { reader, logger, worker } = surroundings;
  const log = breakerLog(logger);
  const resilience = new Resilience({
    onChange: (target, state) => {
      log(target, state);
      if (state !== "half_open") tell(surroundings, target, state);
    },
  });
  const learn = (record: BreakerRecord | undefined): void => {
    if (record === undefined || record.worker === worker) return;
    resilience.learn(record, { state: record.state, openUntilMs: record.open_until_ms });
  };
  const parse = (value: unknown): BreakerRecord => breakerRecord.parse(value);
  const table = await openControlTable({ reader, topic: "harness-breakers", parse, logger });
  for (const record of table.entries().values()) learn(record);
  table.onChange((_, record) => learn(record));
  return { resilience, close: () => table.close() };
}

function tell({ publish, logger, worker, nowMs }: BreakerSurroundings, target: Target, state: "open" | "closed"): void {
  const atMs = nowMs();
  const value: BreakerRecord = {
    kind: "breaker",
    provider: providerName.parse(target.provider),
    model: target.model,
    state,
    open_until_ms: state === "open" ? atMs + halfOpenAfterMs : 0,
    worker,
    at_ms: atMs,
  };
  const key = breakerKey(target);
  const id = `${key}/${worker}/${atMs}`;
  publish([{ topic: "harness-breakers", key, id, type: "breakwater.breaker", value }]).catch((error: unknown) =>
    logger.warn(
      { ...target, error: error instanceof Error ? error.name : "unknown" },
      "a breaker's state could not be told",
    ),
  );
}
