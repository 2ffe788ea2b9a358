/**
 * The leases on budgets, harness-leases: a process asks for an amount and later
 * says what it spent and what it still holds. The log is the arbiter: whether an
 * ask is granted follows from the records before it alone, the same for every
 * reader (services/budgets/lease-book.ts).
 */
import { z } from "zod";
import { budgetAmount, budgetRecord } from "../control/budget.ts";

const leaseIdentity = z.object({
  lease_id: z.string(),
  worker: z.string().describe("Kafka client id of the process that writes"),
});

export const leaseAsked = leaseIdentity.extend({
  kind: z.literal("lease.asked"),
  ask_no: z.int().positive().describe("Rises with each ask of a worker: a repeated write is recognised"),
  budget: budgetRecord.describe("As the asker knows it; the highest revision on the log holds"),
  wish: budgetAmount,
  least: budgetAmount.describe("With less than this the lease is of no use"),
});

export const leaseSettled = leaseIdentity.extend({
  kind: z.literal("lease.settled"),
  budget_id: z.string(),
  spent: budgetAmount.describe("Of this lease, so far"),
  held: budgetAmount.describe("Of this lease, still; the rest is given back"),
  closed: z.boolean().describe("The last word on the lease; later ones do not count"),
});

export const leaseRecord = z.discriminatedUnion("kind", [leaseAsked, leaseSettled]);

export type LeaseAsked = z.infer<typeof leaseAsked>;
export type LeaseSettled = z.infer<typeof leaseSettled>;
export type LeaseRecord = z.infer<typeof leaseRecord>;
