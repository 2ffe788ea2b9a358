/**
/**
 * What operators are told about providers: that one turns us away, as an error
 * and at most every ten minutes for each cause, since every run meets it; runs
 * that no model answered; and breakers of models and keys that open and close.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { CallStarted } from "../../../schemas/records/call.ts";
import type { KeyChange } from "../../providers/keys/key-breakers.ts";
import type { CallEnding } from "../interpret.ts";
import type { BreakerState, Target } from "../breakers/resilience.ts";

export interface OperatorLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const repeatMs = 600_000;

export function unauthorizedAlarm(
  logger: OperatorLogger,
  nowMs: () => number,
): (started: CallStarted, ending: CallEnding) => void {
  const told = new Map<string, number>();
  return ({ provider, model }, { error }) => {
    const atMs = nowMs();
    const cause = causeOf(error);
    const topic = `${provider}: ${cause}`;
    if (atMs - (told.get(topic) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    told.set(topic, atMs);
    logger.error({ provider, model, status: error?.status, code: error?.code }, cause);
  };
}

function causeOf(error: CallEnding["error"]): string {
  if (error?.other_key === true) return "the provider does not take one of our keys: the others go on";
  switch (error?.code) {
    case "provider_unknown":
      return "a harness names a provider that is not configured here: its tiers are passed over";
    case "api_key_missing":
      return "no key of the provider is set: its tiers are passed over";
    default:
      return "the provider takes no key of ours: its tiers are passed over";
  }
}

/** By place and fingerprint; a key that is rejected when none is left is told of above, as an error. */
export function keyLog(logger: OperatorLogger): (change: KeyChange) => void {
  return ({ provider, model, fingerprint, position, trouble }) => {
    const fields = { provider, model, key: position, fingerprint };
    if (trouble === null) return logger.info(fields, "the key works again");
    const forMs = Math.max(0, trouble.untilMs - Date.now());
    logger.warn({ ...fields, code: trouble.code, forMs }, `the key is ${trouble.kind} and left alone`);
  };
}

/** Which run no model answered, and why, in codes: prompts and answers are in none of them. */
export function unansweredLog(logger: OperatorLogger): (task: AttemptTask, reasons: readonly Reason[]) => void {
  return ({ run_id, attempt, client_id, harness }, reasons) => {
    const why = reasons.map(({ code, rule }) => (rule === undefined ? code : `${rule} ${code}`));
    logger.warn(
      { run_id, attempt, client_id, harness: `${harness.name}@${harness.version}`, why },
      "no model answered",
    );
  };
}

export function breakerLog(logger: OperatorLogger): (target: Target, state: BreakerState) => void {
  return ({ provider, model }, state) => {
    if (state === "open") logger.warn({ provider, model }, "the model keeps failing: its breaker is open");
    else logger.info({ provider, model, state }, "the breaker changed");
  };
}
