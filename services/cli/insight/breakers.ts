/**
 * `breakers`: the circuit breakers of models and keys as the model-invoke
 * processes saw them last. One that was never open is not among them.
 */
import { breakerRecord, type BreakerRecord } from "../../../schemas/control/breaker.ts";
import { breakerName } from "../../status/target-names.ts";
import { withKafka } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";
import { exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";
import type { Table } from "../table.ts";

export const listBreakers: CommandAction = async ({ screen, env }) => {
  const breakers = await withKafka(env, ({ reader }) => readBreakers(reader));
  screen.document({ breakers });
  if (breakers.length === 0) screen.note("No breaker has opened yet.");
  else screen.table(breakerTable(breakers, Date.now()));
  return exitCodes.ok;
};

export async function readBreakers(reader: Parameters<typeof readControlTopic>[0]): Promise<BreakerRecord[]> {
  const records = await readControlTopic(reader, "harness-breakers");
  return [...records.values()].flatMap((value) => breakerRecord.safeParse(value).data ?? []);
}

/** An open breaker whose pause is up lets one call through to find out. */
export function breakerTable(breakers: readonly BreakerRecord[], nowMs: number): Table {
  const sorted = breakers.toSorted((left, right) => (breakerName(left) < breakerName(right) ? -1 : 1));
  return {
    columns: [
      { head: "breaker" },
      { head: "state" },
      { head: "why", drop: 2 },
      { head: "since" },
      { head: "next probe" },
      { head: "seen by", drop: 1 },
    ],
    rows: sorted.map((breaker) => [
      breakerName(breaker),
      breaker.state,
      breaker.key?.code ?? "-",
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

function timeText(atMs: number): string {
  return new Date(atMs).toISOString().replace("T", " ").slice(0, 19);
}
