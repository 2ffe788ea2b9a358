/**
 * A stage that does what its records say, run by the real shell as a process of
 * its own. A record's value is `{ "id", "do" }`; what it does is written to the
 * file in CONFORMANCE_LOG, a line each, before and after. CONFORMANCE_FOLDER
 * holds the files that `wait`, `transient` and `abortable` records look for.
 */
import { appendFileSync, existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { PoisonRecordError, TransientError } from "../../services/runtime/errors.ts";
import { runStage } from "../../services/runtime/run-stage.ts";
import { defineStage, type ConsumedRecord, type Outcome, type StageContext } from "../../services/runtime/stage.ts";

const task = z.object({
  id: z.string(),
  do: z.enum(["emit", "slow", "wait", "transient", "poison", "refuse", "abortable", "bug"]),
});

const folder = process.env["CONFORMANCE_FOLDER"] ?? ".";
const logFile = process.env["CONFORMANCE_LOG"] ?? "conformance.log";
const say = (line: string): void => appendFileSync(logFile, `${process.pid} ${line}\n`);
const allowed = (id: string): boolean => existsSync(path.join(folder, id));

async function work(record: ConsumedRecord, context: StageContext): Promise<Outcome> {
  const { id, do: what } = task.parse(JSON.parse(String(record.value)));
  say(`start ${id}`);
  if (what === "slow") await sleep(Number(record.offset % 17n) * 20);
  if (what === "wait") while (!allowed(id)) await sleep(20);
  if (what === "abortable") {
    while (!context.signal.aborted && !allowed(id)) await sleep(20);
    if (context.signal.aborted) {
      say(`aborted ${id}`);
      throw context.signal.reason;
    }
  }
  if (what === "transient" && !allowed(id)) throw new TransientError("registry_unavailable", "not yet");
  if (what === "poison") throw new PoisonRecordError("not_json", "asked to");
  if (what === "bug") throw new TypeError("asked to");
  const key = record.key === null ? id : String(record.key);
  const emission = {
    topic: "harness-scanned",
    key,
    id: `out-${id}`,
    type: "test",
    value: { id, by: context.worker },
  } as const;
  const deadLetter = { code: "harness_unknown", message: "asked to", disposition: "rejected" } as const;
  return what === "refuse" ? { emissions: [emission], deadLetter } : { emissions: [emission] };
}

await runStage({
  name: "input-scan",
  open: () =>
    defineStage({
      name: "input-scan",
      sources: ["harness-requests"],
      ...(process.env["CONFORMANCE_KEEPS"] === "true" ? { keepsEmitted: ["harness-scanned"] as const } : {}),
      process: async (record, context) => {
        const outcome = await work(record, context);
        say(`end ${outcome.emissions[0]?.id.slice(4)}`);
        return outcome;
      },
      takeOver: ({ partition, sources }) => {
        const [source] = sources;
        say(`takeover ${partition} ${source?.fromOffset}-${source?.endOffset} ${source?.oldestTimestampMs !== null}`);
        return Promise.resolve();
      },
      release: (partition) => say(`release ${partition}`),
    }),
});
