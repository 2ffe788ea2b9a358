/**
 * What the ledger says was spent in the window that is running, for a budget
 * that is set in the middle of it. Costs that are not known count at most.
 */
import type { BudgetAmount } from "../../../schemas/control/budget.ts";
import { windowAt } from "../../budgets/window.ts";
import { costs } from "../../ledger/costs.ts";
import { Decimal, toUsd } from "../../pricing/usd.ts";
import { withLedger } from "../connections.ts";
import { CommandError, exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { SetOptions } from "./budget-options.ts";

/** Errors: CommandError when the ledger does not answer and nobody said what was spent. */
export async function spentBefore(env: NodeJS.ProcessEnv, given: SetOptions, atMs: number): Promise<BudgetAmount> {
  const { window, client, feature, harness, spentUsd, spentTokens } = given;
  const said = spentUsd !== undefined || spentTokens !== undefined;
  if (window === "run" || said) return { usd: spentUsd ?? "0", tokens: spentTokens ?? 0 };
  const filter = { fromMs: windowAt(window, atMs).startMs, client, feature, harness };
  try {
    const [line] = await withLedger(env, (store) => costs(store, [], filter));
    if (line === undefined) return { usd: "0", tokens: 0 };
    return { usd: toUsd(new Decimal(line.boundHighUsd ?? 0)), tokens: line.inputTokens + line.outputTokens };
  } catch (error) {
    if (exitCodeOf(error) !== exitCodes.unreachable) throw error;
    throw new CommandError(
      exitCodes.unreachable,
      `The ledger does not answer, so it is not known what this ${window} has cost already. Nothing was set. Try again, or say it with --spent-usd and --spent-tokens (0 to count from now).`,
    );
  }
}
