/**
 * The status as a gateway reads it: stages and ledger are asked when somebody
 * asks, breakers and orders are followed, budgets by what the gateway follows
 * of them already.
 */
import { breakerRecord } from "../../../schemas/control/breaker.ts";
import type { Budgets } from "../../budgets/burn-down/burn-down-answer.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { readCommand } from "../../runtime/commands/commands.ts";
import { openControlTable } from "../../runtime/control-table.ts";
import type { ServiceRuntime } from "../../runtime/process/run-service.ts";
import { statusReader, type ReadStatus } from "../../status/read-status.ts";
import { openStageStandings } from "../../status/stage-standings.ts";
import type { Standings } from "../analytics/open-standings.ts";

type Runtime = Pick<ServiceRuntime, "kafka" | "reader" | "logger" | "onClose">;

/** Resolves when all is read that was there. Errors: TransientError broker_unavailable. */
export async function openStatus(
  { kafka, reader, logger, onClose }: Runtime,
  {
    ledger,
    standings,
  }: { readonly ledger: Pick<Store, "query">; readonly standings: Pick<Standings, "budgets" | "book"> },
): Promise<ReadStatus> {
  const parseBreaker = (value: unknown) => breakerRecord.parse(value);
  const breakers = await openControlTable({ reader, logger, topic: "harness-breakers", parse: parseBreaker });
  onClose("breakers", () => breakers.close());
  const commands = await openControlTable({ reader, logger, topic: "harness-commands", parse: readCommand });
  onClose("orders", () => commands.close());
  const stages = openStageStandings(kafka, reader);
  onClose("stage standings", () => stages.close());
  return statusReader({
    stages: stages.read,
    breakers: () => Promise.resolve(breakers.entries().values()),
    commands: () => Promise.resolve(commands.entries().values()),
    budgets: (): Promise<Budgets> => Promise.resolve({ budgets: standings.budgets(), book: standings.book }),
    ledger,
  });
}
