/**
 * Chains as the sealer makes them, of two partitions, with heads signed by a
 * key of the test's own.
 */
import { linkAfter, genesisHash, type Link } from "../../services/audit-chain/link.ts";
import type { SignedHead } from "../../services/audit-chain/signed-head.ts";
import { uuid } from "./ledger-records.ts";
import { openHeadSigner } from "../../services/runtime/secrets/head-signer.ts";

export interface SealedChain {
  readonly links: readonly Link[];
  readonly heads: readonly SignedHead[];
  /** The sequence that each partition begins with. */
  readonly first: ReadonlyMap<number, number>;
}

export const sealingSeed = "07".repeat(32);
const signer = openHeadSigner(sealingSeed);

export interface ChainShape {
  readonly lengths: readonly number[];
  /** A head behind every so many links, and behind the last. */
  readonly signEvery: number;
  readonly texts: readonly string[];
}

export function sealedChain({ lengths, signEvery, texts }: ChainShape): SealedChain {
  const links: Link[] = [];
  const heads: SignedHead[] = [];
  for (const [partition, length] of lengths.entries()) {
    let last: Pick<Link, "sequence" | "hash"> = { sequence: 0, hash: genesisHash };
    for (let made = 1; made <= length; made += 1) {
      const text = texts[made % texts.length];
      const record = {
        kind: "decision",
        event_id: `${partition}/${made}`,
        ...runOfRecord(partition, made),
        n: made,
        text,
      };
      const { tagKey } = signer;
      const link = linkAfter(last, { partition, sourceOffset: BigInt(made * 2), record, tagKey });
      links.push(link);
      last = link;
      if (made % signEvery === 0 || made === length)
        heads.push(signer.sign({ partition, ...placeOf(link), signed_at_ms: made }));
    }
  }
  return { links, heads, first: new Map(lengths.flatMap((length, partition) => (length > 0 ? [[partition, 1]] : []))) };
}

/** Two runs in each partition, one of acme and one of globex, and records that are about neither. */
function runOfRecord(partition: number, made: number): { readonly run_id?: string; readonly client_id?: string } {
  const clientId = ["acme", "globex"][made % 3];
  return clientId === undefined ? {} : { run_id: uuid(partition * 10 + (made % 3)), client_id: clientId };
}

function placeOf({ sequence, hash }: Link): Pick<SignedHead, "sequence" | "hash"> {
  return { sequence, hash };
}
