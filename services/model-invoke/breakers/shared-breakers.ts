/**
 * Shares the breakers of all model-invoke processes through harness-breakers,
 * those of models and those of keys: a process tells of each that opens or
 * closes, and a new one starts from what the others know instead of learning it
 * at the users' cost. Telling is best effort: no call waits for it, and one
 * that fails is logged.
 */
import { breakerKey, breakerRecord, type BreakerRecord } from "../../../schemas/control/breaker.ts";
import type { KeyChange } from "../../providers/keys/key-breakers.ts";
import type { Providers } from "../../providers/call-provider.ts";
import { openControlTable, type ControlTableOptions } from "../../runtime/control-table.ts";
import type { KafkaLogger } from "../../runtime/kafka/client.ts";
import type { Emission } from "../../runtime/stage.ts";
import { breakerLog, keyLog, type OperatorLogger } from "../call/operator-log.ts";
import { observeBreakers } from "./breaker-metrics.ts";
import { halfOpenAfterMs, Resilience } from "./resilience.ts";

export interface BreakerSurroundings {
  readonly reader: ControlTableOptions<BreakerRecord>["reader"];
  readonly publish: (emissions: readonly Emission[]) => Promise<unknown>;
  readonly logger: KafkaLogger & OperatorLogger;
  readonly worker: string;
  readonly nowMs: () => number;
  readonly keys: Pick<Providers["keys"], "learn" | "onChange" | "states">;
}

export interface SharedBreakers {
  readonly resilience: Resilience;
  close(): Promise<void>;
}

/** Resolves when everything that is known is learnt. Errors: TransientError broker_unavailable. */
export async function openSharedBreakers(surroundings: BreakerSurroundings): Promise<SharedBreakers> {
  const { reader, logger, worker, keys, nowMs } = surroundings;
  const log = breakerLog(logger);
  const resilience = new Resilience({
    onChange: ({ provider, model }, state) => {
      log({ provider, model }, state);
      if (state === "half_open") return;
      tell(surroundings, { provider, model, state, open_until_ms: state === "open" ? nowMs() + halfOpenAfterMs : 0 });
    },
  });
  observeBreakers(resilience, keys);
  const logKey = keyLog(logger);
  keys.onChange((change) => {
    logKey(change);
    tell(surroundings, keyState(change));
  });
  const learn = (record: BreakerRecord | undefined): void => {
    if (record === undefined || record.worker === worker) return;
    if (record.key === undefined) resilience.learn(record, { state: record.state, openUntilMs: record.open_until_ms });
    else keys.learn(keyChange(record, record.key));
  };
  const parse = (value: unknown): BreakerRecord => breakerRecord.parse(value);
  const table = await openControlTable({ reader, topic: "harness-breakers", parse, logger });
  for (const record of table.entries().values()) learn(record);
  table.onChange((_, record) => learn(record));
  return { resilience, close: () => table.close() };
}

type Told = Pick<BreakerRecord, "provider" | "model" | "key" | "state" | "open_until_ms">;

function keyState({ provider, model, fingerprint, position, trouble }: KeyChange): Told {
  const key = { fingerprint, position };
  if (trouble === null) return { provider, model, key, state: "closed", open_until_ms: 0 };
  const { kind, code, untilMs } = trouble;
  return { provider, model, key: { ...key, trouble: kind, code }, state: "open", open_until_ms: untilMs };
}

function keyChange({ provider, model, open_until_ms }: BreakerRecord, key: NonNullable<BreakerRecord["key"]>) {
  const { fingerprint, trouble: kind, code = "unknown" } = key;
  const trouble = kind === undefined ? null : { kind, code, untilMs: open_until_ms };
  return { provider, model, fingerprint, trouble };
}

function tell({ publish, logger, worker, nowMs }: BreakerSurroundings, told: Told): void {
  const atMs = nowMs();
  const value: BreakerRecord = { kind: "breaker", ...told, worker, at_ms: atMs };
  const key = breakerKey(told);
  const id = `${key}/${worker}/${atMs}`;
  publish([{ topic: "harness-breakers", key, id, type: "breakwater.breaker", value }]).catch((error: unknown) =>
    logger.warn(
      { breaker: key, error: error instanceof Error ? error.name : "unknown" },
      "a breaker's state could not be told",
    ),
  );
}
