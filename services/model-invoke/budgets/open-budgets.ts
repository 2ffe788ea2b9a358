/**
 * Opens the budgets of this process: the control topic and the log of leases,
 * both read to their ends and then followed. A budget that is set, changed or
 * unset counts from the next call on. Closing gives back what no call needs.
 */
import { budgetRecord, type BudgetRecord } from "../../../schemas/control/budget.ts";
import { openControlTable, type ControlTableOptions } from "../../runtime/control-table.ts";
import type { JournalLog } from "../journal/read-back.ts";
import { Budgets } from "./budgets.ts";
import { DeadLeases } from "./dead-leases.ts";
import { observeBudgets } from "./standing/budget-metrics.ts";
import { LeaseDesk, type LeaseDeskSettings } from "./lease-desk.ts";

export interface BudgetSurroundings extends LeaseDeskSettings {
  readonly reader: LeaseDeskSettings["reader"] & ControlTableOptions<BudgetRecord>["reader"] & JournalLog;
  readonly logger: ControlTableOptions<BudgetRecord>["logger"] & LeaseDeskSettings["logger"];
  readonly liveClientIds: () => Promise<ReadonlySet<string>>;
}

export interface OpenBudgets {
  readonly budgets: Budgets;
  readonly close: () => Promise<void>;
}

const tendMs = 1000;
const lookMs = 5000;

/** Errors: TransientError broker_unavailable. */
export async function openBudgets(surroundings: BudgetSurroundings): Promise<OpenBudgets> {
  const { reader, logger, worker, nowMs, liveClientIds } = surroundings;
  const desk = new LeaseDesk(surroundings);
  await desk.start();
  const budgets = new Budgets({ desk, nowMs, logger });
  desk.onChange((budgetId) => budgets.changed(budgetId));
  const parse = (value: unknown): BudgetRecord => budgetRecord.parse(value);
  const table = await openControlTable({ reader, topic: "harness-budgets", parse, logger });
  for (const budget of table.entries().values()) budgets.set(budget);
  table.onChange((budgetId, budget) => (budget === undefined ? budgets.unset(budgetId) : budgets.set(budget)));
  const dead = new DeadLeases({
    log: reader,
    liveClientIds,
    worker,
    openLeases: () => desk.openLeases(),
    tell: (budgetId, state) => desk.tell(budgetId, state),
  });
  observeBudgets(() => [...table.entries().values()].map((budget) => ({ budget, account: desk.account(budget) })));
  const tending = setInterval(() => budgets.tend(), tendMs);
  const looking = setInterval(() => {
    dead.look().catch((error: unknown) => logger.warn({ err: error }, "leases of dead processes could not be settled"));
  }, lookMs);
  return {
    budgets,
    close: async () => {
      clearInterval(tending);
      clearInterval(looking);
      await table.close();
      budgets.giveBack();
      await desk.close();
    },
  };
}
