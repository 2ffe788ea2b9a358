/**
 * `signatures apply`: packs are judged whole, and published only when all are
 * right. `test`: the same without Kafka, and tries them on texts. `list`: what
 * the stages have now. `diff`: what a file would change.
 */
import { z } from "zod";
import type { ReadSignaturePack, SignaturePack } from "../../../schemas/control/signature-pack.ts";
import { channel } from "../../../schemas/parts/channel.ts";
import { buildScanner } from "../../guards/injection/scanner.ts";
import { tellChanges, type Change } from "../../runtime/audit/change-record.ts";
import type { Publish } from "../../runtime/stage.ts";
import { withKafka } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction } from "../program/command.ts";
import { diffPacks } from "../signatures/diff-packs.ts";
import { describeJudged, judgePacks } from "../signatures/judge-packs.ts";
import { readPackFiles, type PackFile } from "../signatures/pack-files.ts";
import { packsInForce, summarise } from "../signatures/packs-in-force.ts";
import { readJsonLines, tryText, type TriedText } from "../signatures/scan-texts.ts";
import { describeDifference, describeTally, describeTried } from "../signatures/say.ts";

const limitRule = "a whole number of milliseconds, 0 to leave recheck out";
const recheckLimit = z.coerce.number(limitRule).int(limitRule).min(0, limitRule).default(1000);
const applyOptions = z.object({ check: z.boolean().default(false), recheck: recheckLimit });

export const applySignatures: CommandAction = async ({ screen, env }, { words, options }) => {
  const { check, recheck: limitMs } = parseOptions(applyOptions, options);
  const files = await readPackFiles(words);
  const applied = check
    ? new Map<string, ReadSignaturePack>()
    : await withKafka(env, ({ reader }) => packsInForce(reader));
  const judged = await judgePacks(files, { limitMs, inForce: patternsIn(applied.values()), screen });
  const packs = files.map(({ pack }) => pack);
  if (!check) {
    await withKafka(env, async (kafka) => {
      const { publish } = await kafka.producer();
      await tellChanges(publish, operatorOf(options), packChanges(packs, applied));
      await publishPacks(packs, publish);
    });
  }
  screen.result(describePacks(files, check ? "is right" : "is applied"));
  screen.note(describeJudged(judged, limitMs));
  screen.document({ applied: !check, packs: packs.map(summarise), recheck: judged });
  return exitCodes.ok;
};

/** Judged by the rules that every process applies, without recheck. Errors: CommandError with every reason of every file. */
export async function loadPacks(files: readonly string[]): Promise<readonly ReadSignaturePack[]> {
  return (await readPackFiles(files)).map(({ pack }) => pack);
}

/** For the audit; what is in force already changes nothing. */
export function packChanges(
  packs: readonly SignaturePack[],
  inForce: ReadonlyMap<string, Pick<SignaturePack, "version">>,
): readonly Change[] {
  return packs.flatMap(({ pack: target, version }) => {
    const previous = inForce.get(target)?.version;
    const change = { action: "signatures.applied", target, version };
    return previous === version ? [] : [previous === undefined ? change : { ...change, previous }];
  });
}

export async function publishPacks(packs: readonly SignaturePack[], publish: Publish): Promise<void> {
  await publish(
    packs.map((pack) => ({
      topic: "harness-signatures" as const,
      key: pack.pack,
      id: `${pack.pack}@${pack.version}`,
      type: "breakwater.signatures.applied",
      value: pack,
    })),
  );
}

const testOptions = z.object({
  recheck: recheckLimit,
  text: z.string().optional(),
  jsonl: z.string().optional(),
  channel: channel.default("user"),
});

export const testSignatures: CommandAction = async ({ screen }, { words, options }) => {
  const given = parseOptions(testOptions, options);
  const files = await readPackFiles(words);
  const judged = await judgePacks(files, { limitMs: given.recheck, inForce: new Set(), screen });
  const tried = await tryTexts(files, given);
  screen.result(describePacks(files, "is right"));
  screen.note(describeJudged(judged, given.recheck));
  if (tried !== null) screen.table(describeTried(tried));
  screen.document({
    packs: files.map(({ pack }) => summarise(pack)),
    recheck: judged,
    ...(tried === null ? {} : { texts: tried }),
  });
  return exitCodes.ok;
};

/** Null when no text was given. */
async function tryTexts(
  files: readonly PackFile[],
  given: z.output<typeof testOptions>,
): Promise<readonly TriedText[] | null> {
  if (given.text === undefined && given.jsonl === undefined) return null;
  const scanner = buildScanner(files.map(({ compiled }) => compiled));
  const tried: TriedText[] = [];
  if (given.text !== undefined) tried.push(tryText(scanner, { text: given.text, channel: given.channel }, 1));
  if (given.jsonl !== undefined)
    for await (const { line, ...text } of readJsonLines(given.jsonl)) tried.push(tryText(scanner, text, line));
  return tried;
}

export const listSignatures: CommandAction = async ({ screen, env }) => {
  const packs = [...(await withKafka(env, ({ reader }) => packsInForce(reader))).values()].map(summarise);
  screen.document(packs);
  if (packs.length === 0) screen.note("No signature pack is applied.");
  else
    screen.table({
      columns: [
        { head: "pack" },
        { head: "version" },
        { head: "mode" },
        { head: "signatures", align: "right" },
        { head: "actions" },
        { head: "languages", drop: 1, shrink: 12 },
        { head: "categories", wrap: true },
      ],
      rows: packs.map((pack) => [
        pack.pack,
        pack.version,
        modeOf(pack),
        String(pack.signatures),
        describeTally(pack.byAction),
        describeTally(pack.byLanguage),
        describeTally(pack.byCategory),
      ]),
    });
  return exitCodes.ok;
};

export const diffSignatures: CommandAction = async ({ screen, env }, { words }) => {
  const files = await readPackFiles(words);
  const applied = await withKafka(env, ({ reader }) => packsInForce(reader));
  const differences = files.map(({ pack }) => ({
    pack: pack.pack,
    applied: applied.get(pack.pack)?.version ?? null,
    ...diffPacks(applied.get(pack.pack), pack),
  }));
  screen.document(differences);
  screen.result(differences.map(describeDifference).join("\n"));
  return exitCodes.ok;
};

function patternsIn(packs: Iterable<ReadSignaturePack>): ReadonlySet<string> {
  return new Set([...packs].flatMap(({ signatures }) => signatures.map(({ pattern }) => pattern)));
}

function describePacks(files: readonly PackFile[], verb: string): string {
  return files
    .map(({ pack: { pack, version, signatures } }) => {
      const count = signatures.length;
      return `${pack} ${version} ${verb}: ${count} ${count === 1 ? "signature" : "signatures"}`;
    })
    .join("\n");
}

function modeOf({ mode, canary }: { readonly mode: string; readonly canary: number }): string {
  return mode === "live" && canary < 1 ? `canary ${canary * 100} %` : mode;
}
