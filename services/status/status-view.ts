/**
 * The status of the whole system as the API and `breakwater status` show it.
 * Every part that could not be asked for is null and named in `unknown`: a part
 * that is down never hides the others.
 */
import { z } from "zod";
import { breakerRecord } from "../../schemas/control/breaker.ts";
import { pauseTarget } from "../../schemas/control/command.ts";
import { burnDownRow } from "../budgets/burn-down/burn-down.ts";
import { stageName } from "../../schemas/parts/codes.ts";

const count = z.int().nonnegative();
const wait = count.describe("Milliseconds").nullable();

export const statusParts = ["stages", "breakers", "pauses", "budgets", "ledger"] as const;

export const consumers = [...stageName.options, "alerts", "audit-seal"] as const;

const stageView = z.object({
  stage: z.enum(consumers).describe("A stage, the process that tells operators, or the one that seals the audit"),
  processes: count.nullable().describe("In its consumer group now; one that died counts until its session is over"),
  behind: count.nullable().describe("Records of its topics that are not done, those under way among them"),
  oldest_wait_ms: wait.describe(
    "How long the oldest of them has stood there, milliseconds; 0 when there is none, null when it may not be read",
  ),
});

export const budgetUse = burnDownRow.pick({
  budget_id: true,
  window: true,
  enforcement: true,
  unit: true,
  limit: true,
  spent: true,
  held: true,
  used_share: true,
  resets_at: true,
});

export const statusView = z
  .object({
    at: z.iso.datetime(),
    healthy: z.boolean().describe("Whether there is no problem; of what is unknown nothing is said"),
    problems: z.array(z.string()).describe("A sentence each"),
    unknown: z.array(z.enum(statusParts)).describe("The parts that could not be asked for; what they tell is null"),
    stages: z.array(stageView).describe("In the order in which a run meets them"),
    calls: z
      .object({
        in_flight: count.describe("Announced and not over, as far as the ledger has read"),
        oldest_ms: wait.describe("How long the oldest of them has taken; null when there is none"),
      })
      .nullable()
      .describe("Calls of providers that are under way"),
    in_review: count.nullable().describe("Answers that wait for a person"),
    ledger_delay_ms: wait.describe(
      "How long the oldest record that is not in the ledger yet has waited; 0 when none is",
    ),
    open_breakers: z
      .array(breakerRecord.extend({ name: z.string() }))
      .nullable()
      .describe("Those that let nothing through now; one whose probe is due is not among them"),
    pauses: z
      .array(z.object({ name: z.string(), target: pauseTarget, ordered_at_ms: z.int(), why: z.string().nullable() }))
      .nullable()
      .describe("What operators have paused, the longest first"),
    budgets: z.array(budgetUse).nullable().describe("A row for each limit of a day or a month, the most used first"),
  })
  .describe("Whether the system works, and how it stands");

export type Status = Readonly<z.infer<typeof statusView>>;
export type StatusPart = (typeof statusParts)[number];
export type BudgetUse = Readonly<z.infer<typeof budgetUse>>;
