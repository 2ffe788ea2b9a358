/**
 * `audit verify`: proves what is on harness-audit-chain, or an evidence pack,
 * partition by partition, and names the first record of each that is not what
 * was sealed. Believes nothing but hashes and signatures.
 */
import { z } from "zod";
import type { Fault } from "../../audit-chain/find-fault.ts";
import { judgeChain, type Evidence, type Verdict } from "../../audit-chain/judge-chain.ts";
import { judgePack, signersOf, type PackVerdict } from "../../audit-chain/read-pack.ts";
import type { ReadHead } from "../../audit-chain/signed-head.ts";
import { costTime } from "../../ledger/cost-reports/cost-query.ts";
import { withKafka } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, unreadable, type CommandAction, type CommandContext } from "../program/command.ts";
import { readChain, type ChainReader, type ChainRange } from "./read-chain.ts";
import { headsInFile, headsInLedger } from "./read-heads.ts";
import { proofDocument, sayPack, sayProof } from "./say-proof.ts";

const partitionRule = "the number of a partition";
const verifyOptions = z.object({
  partition: z.array(z.coerce.number(partitionRule).int(partitionRule).min(0, partitionRule)).optional(),
  from: costTime,
  to: costTime,
  key: z.array(z.string().regex(/^[A-Za-z0-9_-]{43}$/, "a public key: 32 bytes as base64url")).optional(),
  heads: z.string().optional(),
});

type VerifyOptions = z.output<typeof verifyOptions>;

export interface Proof {
  readonly links: number;
  /** Links that stand there once more, as they are. */
  readonly repeats: number;
  readonly heads: number;
  /** Ids of the keys that signed them. */
  readonly signedBy: readonly string[];
  readonly ranges: Verdict["ranges"];
  /** The first of each partition, in their order. */
  readonly faults: readonly Fault[];
  /** Whether the ledger's heads were looked at; null where they say nothing. */
  readonly askedLedger: boolean | null;
}

type TopicProof = Omit<Proof, "askedLedger">;

export const verifyAudit: CommandAction = async (context, { words, options }) => {
  const given = parseOptions(verifyOptions, options);
  if (words[0] !== undefined) return sayPack(context.screen, provenPack(words[0], given));
  const proof = await provenTopic(context, given);
  context.screen.document(proofDocument(proof));
  sayProof(context.screen, proof);
  return proof.links > 0 && proof.faults.length === 0 ? exitCodes.ok : exitCodes.notOk;
};

async function provenTopic({ env }: CommandContext, given: VerifyOptions): Promise<Proof> {
  const trusted = trustedIn(given);
  const kept = given.heads === undefined ? [] : headsInFile(given.heads, trusted);
  const isWhole = given.from === undefined && given.to === undefined;
  // Before the topic is read: what is signed meanwhile is no head of something that is missing.
  const inLedger = isWhole ? await headsInLedger(env, trusted) : null;
  const range = { partitions: given.partition, fromMs: given.from, toMs: given.to, trusted };
  const proof = await withKafka(env, ({ reader }) => proveTopic(reader, range, [...kept, ...(inLedger ?? [])]));
  return { ...proof, askedLedger: isWhole ? inLedger !== null : null };
}

/** `witnesses`: heads of elsewhere; of a range of time, only those within it count. */
export async function proveTopic(
  reader: ChainReader,
  range: ChainRange,
  witnesses: readonly ReadHead[],
): Promise<TopicProof> {
  const proofs: TopicProof[] = [];
  const seen = new Set<number>();
  for await (const { partition, evidence, repeats } of readChain(reader, range)) {
    const last = evidence.links.at(-1)?.sequence ?? 0;
    const others = witnesses.filter(({ head }) => head?.partition === partition);
    const counted = range.toMs === undefined ? others : others.filter(({ head }) => (head?.sequence ?? 0) <= last);
    proofs.push(proofOf({ ...evidence, heads: [...evidence.heads, ...counted] }, repeats));
    seen.add(partition);
  }
  // A topic that was made anew with fewer partitions lost all that was in the others.
  const lost = witnesses.filter(({ head }) => head === null || !seen.has(head.partition));
  const first = new Map(lost.flatMap(({ head }) => (head === null ? [] : [[head.partition, 1]])));
  if (range.partitions === undefined && lost.length > 0) proofs.push(proofOf({ links: [], heads: lost, first }, 0));
  return proofs.reduce(joined, { links: 0, repeats: 0, heads: 0, signedBy: [], ranges: [], faults: [] });
}

function proofOf(evidence: Evidence, repeats: number): TopicProof {
  const { links, ranges, fault } = judgeChain(evidence);
  const { heads } = evidence;
  const faults = fault === null ? [] : [fault];
  return { links, repeats, heads: heads.length, signedBy: signersOf(heads), ranges, faults };
}

function joined(left: TopicProof, right: TopicProof): TopicProof {
  return {
    links: left.links + right.links,
    repeats: left.repeats + right.repeats,
    heads: left.heads + right.heads,
    signedBy: [...new Set([...left.signedBy, ...right.signedBy])],
    ranges: [...left.ranges, ...right.ranges],
    faults: [...left.faults, ...right.faults],
  };
}

/** Errors: CommandError that names what cannot be read. */
function provenPack(place: string, given: VerifyOptions): PackVerdict {
  const trusted = trustedIn(given);
  const kept = given.heads === undefined ? [] : headsInFile(given.heads, trusted);
  try {
    return judgePack(place, trusted, kept);
  } catch (error) {
    const file = error instanceof Error && "path" in error ? String(error.path) : place;
    throw new CommandError(exitCodes.usage, `${file}: ${unreadable(error)}`);
  }
}

function trustedIn({ key }: VerifyOptions): ReadonlySet<string> | null {
  return key === undefined ? null : new Set(key);
}
