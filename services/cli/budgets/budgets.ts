/**
 * `budgets`: sets, lists and unsets what clients, features and harnesses may
 * spend. Running stages take it up with their next call.
 */
import { budgetIdOf, budgetRecord, type BudgetRecord } from "../../../schemas/control/budget.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { tellChanges, versions } from "../../runtime/audit/change-record.ts";
import type { Emission } from "../../runtime/stage.ts";
import { withKafka } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";
import { exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction } from "../program/command.ts";
import { scopeOf, setOptions, unsetOptions } from "./budget-options.ts";
import { nextBudget } from "./next-budget.ts";
import { spentBefore } from "./spent-before.ts";
import { readLeases, standingDocument, standingOf, standingTable } from "./standing.ts";

export const setBudget: CommandAction = async ({ screen, env }, { options }) => {
  const given = parseOptions(setOptions, options);
  const budget = await withKafka(env, async (kafka) => {
    const before = (await budgetsIn(kafka.reader)).get(budgetIdOf(scopeOf(given), given.window));
    const atMs = Date.now();
    const spent = before === undefined ? await spentBefore(env, given, atMs) : before.spent_before;
    const next = nextBudget(given, before, { atMs, spentBefore: spent });
    const { publish } = await kafka.producer();
    await tellChanges(publish, operatorOf(options), [
      { action: "budget.set", target: next.budget_id, ...versions(next, before), ...aboutClient(next) },
    ]);
    await publish([emissionOf(next.budget_id, next)]);
    return next;
  });
  const { usd, tokens } = budget.spent_before;
  const gone =
    budget.revision === 1 && budget.window !== "run" ? `; spent in it before: $${usd}, ${tokens} tokens` : "";
  screen.result(`${budget.budget_id} is set${gone}`);
  screen.document(budget);
  return exitCodes.ok;
};

export const unsetBudget: CommandAction = async ({ screen, env }, { options }) => {
  const given = parseOptions(unsetOptions, options);
  const id = budgetIdOf(scopeOf(given), given.window);
  const wasSet = await withKafka(env, async (kafka) => {
    const before = (await budgetsIn(kafka.reader)).get(id);
    if (before === undefined) return false;
    const { publish } = await kafka.producer();
    await tellChanges(publish, operatorOf(options), [
      { action: "budget.unset", target: id, ...versions(undefined, before), ...aboutClient(before) },
    ]);
    await publish([emissionOf(id, null)]);
    return true;
  });
  screen.result(wasSet ? `${id} is unset` : `There is no budget ${id}.`);
  screen.document({ budget_id: id, unset: wasSet });
  return wasSet ? exitCodes.ok : exitCodes.notOk;
};

export const listBudgets: CommandAction = async ({ screen, env }) => {
  const nowMs = Date.now();
  const standings = await withKafka(env, async ({ reader }) => {
    const budgets = [...(await budgetsIn(reader)).values()];
    const book = await readLeases(reader, nowMs);
    return budgets.map((budget) => standingOf(budget, book, nowMs));
  });
  const sorted = standings.toSorted((left, right) => (left.budget.budget_id < right.budget.budget_id ? -1 : 1));
  screen.document({ budgets: sorted.map(standingDocument) });
  if (sorted.length === 0) screen.note("No budget is set.");
  else screen.table(standingTable(sorted));
  return exitCodes.ok;
};

export async function budgetsIn(
  reader: Pick<LogReader, "offsets" | "read">,
): Promise<ReadonlyMap<string, BudgetRecord>> {
  const found = new Map<string, BudgetRecord>();
  for (const [key, value] of await readControlTopic(reader, "harness-budgets")) {
    const budget = budgetRecord.safeParse(value);
    if (budget.success) found.set(key, budget.data);
  }
  return found;
}

function aboutClient({ scope: { client_id: clientId } }: BudgetRecord): { readonly client_id?: string } {
  return clientId === undefined ? {} : { client_id: clientId };
}

function emissionOf(id: string, value: BudgetRecord | null): Emission {
  const revision = value === null ? "unset" : value.revision;
  return { topic: "harness-budgets", key: id, id: `${id}/${revision}/${Date.now()}`, type: "breakwater.budget", value };
}
