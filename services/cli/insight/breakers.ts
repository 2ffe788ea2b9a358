/**
 * `breakers`: the circuit breakers as the model-invoke processes saw them last.
 * One that was never open is not among them.
 */
import { breakerRecord, type BreakerRecord } from "../../../schemas/control/breaker.ts";
import { withKafka } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";
import { exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";
import type { Table } from "../table.ts";

export const listBreakers: CommandAction = async ({ screen, env }) => {
  const records = await withKafka(env, ({ reader }) => readControlTopic(reader, "harness-breakers"));
  const breakers = [...records.values()].flatMap((value) => breakerRecord.safeParse(value).data ?? []);
  screen.document({ breakers });
  if (breakers.length === 0) screen.note("No breaker has opened yet.");
  else screen.table(breakerTable(breakers, Date.now()));
  return exitCodes.ok;
};

/** An open breaker whose pause is up lets one call through to find out. */
export function breakerTable(breakers: readonly BreakerRecord[], nowMs: number): Table {
  const sorted = breakers.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  return {
    columns: [{ head: "model" }, { head: "state" }, { head: "since" }, { head: "next probe" }, { head: "seen by" }],
    rows: sorted.map((breaker) => [
      nameOf(breaker),
      breaker.state,
      timeText(breaker.at_ms),
      breaker.state === "closed"
        ? "-"
        : breaker.open_until_ms <= nowMs
          ? "with the next run"
          : timeText(breaker.open_until_ms),
      breaker.worker,
    ]),
  };
}

function nameOf({ provider, model }: BreakerRecord): string {
  return `${provider}/${model}`;
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString().replace("T", " ").slice(0, 19);
}
