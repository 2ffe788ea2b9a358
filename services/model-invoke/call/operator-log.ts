/**
 * What operators are told about providers: a key that is rejected, as an error
 * and at most every ten minutes, since every run meets it; runs that no model
 * answered; and breakers that open and close.
 */
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { CallStarted } from "../../../schemas/records/call.ts";
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
  const told = new Map<ProviderName, number>();
  return ({ provider, model }, { error }) => {
    const atMs = nowMs();
    if (atMs - (told.get(provider) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    told.set(provider, atMs);
    const fields = { provider, model, status: error?.status, code: error?.code };
    const rest = error?.other_key === true ? "the other keys go on" : "its models are passed over";
    logger.error(fields, `the provider does not take our key: ${rest}`);
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
