/** The newest signed head of each partition of the audit chain, as the ledger read it. */
import { z } from "zod";
import { auditHead } from "../../../schemas/audit/chain.ts";
import type { Store } from "../clickhouse.ts";

const row = auditHead.omit({ kind: true }).extend({ sequence: z.coerce.number(), signed_at_ms: z.coerce.number() });

export type HeadRow = z.infer<typeof row>;

/** In the order of their partitions. Errors: StoreError. */
export async function newestHeads(store: Store): Promise<readonly HeadRow[]> {
  const rows = await store.query(
    `SELECT partition, sequence, hash, signed_at_ms, public_key, signature FROM audit_heads
     ORDER BY partition, sequence DESC LIMIT 1 BY partition`,
  );
  return z.array(row).parse(rows);
}
