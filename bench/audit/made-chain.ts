/** A chain of decisions as a run leaves them, of the embedded system's partitions, with a head signed each 500 links. */
import { v7 as uuidv7 } from "uuid";
import { genesisHash, linkAfter, type Link } from "../../services/audit-chain/link.ts";
import type { SignedHead } from "../../services/audit-chain/signed-head.ts";
import { openHeadSigner } from "../../services/runtime/secrets/head-signer.ts";
import { partitions } from "../pipeline.ts";

export interface MadeChain {
  /** Partition by partition. */
  readonly links: readonly Link[];
  readonly heads: readonly SignedHead[];
}

const signEvery = 500;

/** As input-scan writes it when it admits a run, about 900 bytes. */
export function admitted(runId: string): { readonly event_id: string; readonly [field: string]: unknown } {
  const passed = (guard: string): object => ({ guard, verdict: "passed", findings: [] });
  const email = { rule: "pii.email", version: "1", severity: "medium", span: { start: 32, end: 56 }, field: "text" };
  return {
    kind: "decision",
    event_id: `${runId}/0/input-scan/decision`,
    run_id: runId,
    stage: "input-scan",
    attempt: 0,
    decision: "admitted",
    decided_at_ms: Date.now(),
    client_id: "acme",
    harness: { name: "summarise", version: "79abbfca44caa716" },
    policy: "standard",
    guards: [
      passed("input_contract"),
      passed("injection"),
      { guard: "pii", verdict: "redacted", findings: [email] },
      passed("context_window"),
    ],
    reasons: [],
  };
}

export function madeChain(count: number): MadeChain {
  const signer = openHeadSigner("42".repeat(32));
  const links: Link[] = [];
  const heads: SignedHead[] = [];
  const each = Math.ceil(count / partitions);
  for (let partition = 0; partition < partitions; partition += 1) {
    let last: Pick<Link, "sequence" | "hash"> = { sequence: 0, hash: genesisHash };
    const length = Math.min(each, count - links.length);
    for (let made = 1; made <= length; made += 1) {
      const link = linkAfter(last, {
        partition,
        sourceOffset: BigInt(made),
        record: admitted(uuidv7()),
        tagKey: signer.tagKey,
      });
      links.push(link);
      const { sequence, hash } = link;
      if (made % signEvery === 0 || made === length)
        heads.push(signer.sign({ partition, sequence, hash, signed_at_ms: Date.now() }));
      last = link;
    }
  }
  return { links, heads };
}
