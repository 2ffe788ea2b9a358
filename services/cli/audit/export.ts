/**
 * `audit export`: an evidence pack of one run, one client or a range of time,
 * for an auditor who trusts nobody here: it is proved with Node alone. That it
 * is made is told to the audit before; it is judged as soon as it is written.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { attribution } from "../../../schemas/parts/identity.ts";
import { judgeChain, type ProvedRange } from "../../audit-chain/judge-chain.ts";
import type { Selection } from "../../audit-chain/judge-selection.ts";
import { judgePack } from "../../audit-chain/read-pack.ts";
import { costTime } from "../../ledger/cost-reports/cost-query.ts";
import { tellChanges, type Change } from "../../runtime/audit/change-record.ts";
import { partitionOf } from "../../runtime/kafka/murmur2.ts";
import { withKafka } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction } from "../program/command.ts";
import { readChain, type ChainReader } from "./read-chain.ts";
import { whatOf } from "./report.ts";
import { sayPack } from "./say-proof.ts";
import { PackWriter, type PackClaim } from "./write-pack.ts";

const exportOptions = z.object({
  run: z.uuid("is no run id").optional(),
  client: attribution.shape.client_id.optional(),
  from: costTime,
  to: costTime,
  out: z.string().min(1).default("evidence"),
});

export const exportAudit: CommandAction = async ({ screen, env }, { options }) => {
  const { run, client, from, to, out } = parseOptions(exportOptions, options);
  if (run === undefined && client === undefined && from === undefined && to === undefined)
    throw new CommandError(exitCodes.usage, "name what to export: --run, --client, --from or --to");
  if (existsSync(path.join(out, "links.jsonl")))
    throw new CommandError(exitCodes.usage, `${out}: there is a pack in it already`);
  const selection = {
    ...(run === undefined ? {} : { run_id: run }),
    ...(client === undefined ? {} : { client_id: client }),
  };
  const by = operatorOf(options);
  const claim = { selection, fromMs: from ?? null, toMs: to ?? null, madeAtMs: Date.now(), madeBy: by.id };
  await withKafka(env, async (kafka) => {
    const { publish } = await kafka.producer();
    await tellChanges(publish, by, [exportChange(claim)]);
    await exportPack(kafka.reader, out, claim);
  });
  screen.note(`The pack is in ${out}: report.html is for people, verify.mjs for proof.`);
  return sayPack(screen, judgePack(out, null));
};

function exportChange({ selection, fromMs, toMs }: PackClaim): Change {
  const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const target = whatOf({ selection, sealed_from: timeOf(fromMs), sealed_to: timeOf(toMs) });
  return { action: "audit.exported", target, ...selection };
}

/** Writes all of the pack. Errors: TransientError broker_unavailable, Error of the file system. */
export async function exportPack(reader: ChainReader, folder: string, claim: PackClaim): Promise<void> {
  const { selection, fromMs, toMs } = claim;
  const writer = new PackWriter(folder, claim);
  const ranges: ProvedRange[] = [];
  const range = {
    partitions: await partitionsOf(reader, selection),
    fromMs: fromMs ?? undefined,
    toMs: toMs ?? undefined,
    trusted: null,
    onLink: (link: unknown) => writer.link(link),
    onHead: (head: unknown) => writer.head(head),
  };
  for await (const { evidence } of readChain(reader, range)) ranges.push(...judgeChain(evidence).ranges);
  writer.finish(ranges);
}

/** All that is audited of a run has its id as key: it stands in one partition. */
async function partitionsOf(reader: ChainReader, { run_id: runId }: Selection): Promise<readonly number[] | undefined> {
  if (runId === undefined) return undefined;
  return [partitionOf(Buffer.from(runId), (await reader.offsets("harness-audit-chain")).size)];
}
