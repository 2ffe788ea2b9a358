/** How many answers wait for a person now, as far as the ledger knows. */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";

const counted = z.array(z.object({ waiting: z.coerce.number().int() }));

/** Of one client, or of all. Errors: StoreError. */
export async function countInReview(store: Pick<Store, "query">, client?: string): Promise<number> {
  const rows = await store.query(
    `SELECT count() AS waiting FROM runs_in_review${client === undefined ? "" : " WHERE client_id = {client:String}"}`,
    client === undefined ? {} : { client },
  );
  return counted.parse(rows)[0]?.waiting ?? 0;
}
