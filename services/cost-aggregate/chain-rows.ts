/**
 * What the ledger keeps of the sealed audit: its signed heads, so that a topic
 * whose tail was cut is shown to be so by another store. Pure.
 */
import { z } from "zod";
import { auditHead } from "../../schemas/audit/chain.ts";
import type { AuditHeadRow } from "../ledger/rows.ts";

/** Links are judged by those who prove the chain, on the topic. */
export const chainRecord = z.discriminatedUnion("kind", [z.object({ kind: z.literal("links") }), auditHead]);

export type ChainRecord = z.infer<typeof chainRecord>;

/** Null for links. */
export function headRow(record: ChainRecord): AuditHeadRow | null {
  if (record.kind === "links") return null;
  const { kind: _kind, ...row } = record;
  return row;
}
