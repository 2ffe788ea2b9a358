/**
 * `signatures apply`: a pack is compiled and its examples are run before
 * anything is published; one bad signature refuses the whole pack with its
 * reason. `signatures list`: what the stages have now.
 */
import { readFile } from "node:fs/promises";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { signaturePack, type SignaturePack } from "../../../schemas/control/signature-pack.ts";
import { compilePack } from "../../guards/injection/compile-pack.ts";
import type { Publish } from "../../runtime/stage.ts";
import { withKafka } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, unreadable, type CommandAction } from "../program/command.ts";

export const applySignatures: CommandAction = async ({ screen, env }, { words, options }) => {
  const { check } = parseOptions(z.object({ check: z.boolean().default(false) }), options);
  const packs = await loadPacks(words);
  if (!check) {
    await withKafka(env, async (kafka) => {
      const producer = await kafka.producer();
      await publishPacks(packs, (emissions) => producer.publish(emissions));
    });
  }
  const verb = check ? "is right" : "is applied";
  screen.result(
    packs
      .map(
        (pack) =>
          `${pack.pack} ${pack.version} ${verb}: ${pack.signatures.length} ${pack.signatures.length === 1 ? "signature" : "signatures"}`,
      )
      .join("\n"),
  );
  screen.document({
    applied: !check,
    packs: packs.map(({ pack, version, signatures }) => ({ pack, version, signatures: signatures.length })),
  });
  return exitCodes.ok;
};

/** Errors: CommandError with every reason of every file. */
export async function loadPacks(files: readonly string[]): Promise<readonly SignaturePack[]> {
  const packs: SignaturePack[] = [];
  const wrong: string[] = [];
  for (const file of files) {
    const read = await readPack(file);
    if (typeof read === "string") wrong.push(read);
    else packs.push(read);
  }
  if (wrong.length > 0) throw new CommandError(exitCodes.usage, wrong.join("\n"));
  return packs;
}

/** The pack, or why not, a line each. */
async function readPack(file: string): Promise<SignaturePack | string> {
  let raw: unknown;
  try {
    raw = parse(await readFile(file, "utf8"));
  } catch (error) {
    return error instanceof YAMLParseError
      ? `${file}: ${error.message.split("\n")[0]?.replace(/:$/, "") ?? ""}`
      : `${file}: ${unreadable(error)}`;
  }
  const parsed = signaturePack.safeParse(raw);
  if (!parsed.success)
    return parsed.error.issues
      .map((issue) => `${file}: /${issue.path.map(String).join("/")}: ${issue.message}`)
      .join("\n");
  const verdict = compilePack(parsed.data);
  if (verdict.kind === "compiled") return parsed.data;
  return verdict.reasons
    .map((reason) => `${file}: ${reason.path ?? "/"}: ${reason.message} (${reason.rule ?? reason.code})`)
    .join("\n");
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

export const listSignatures: CommandAction = async ({ screen, env }) => {
  const records = await withKafka(env, ({ reader }) => readControlTopic(reader, "harness-signatures"));
  const packs = [...records.values()].flatMap((record) => {
    const parsed = signaturePack.safeParse(record);
    return parsed.success ? [parsed.data] : [];
  });
  screen.document(
    packs.map(({ pack, version, description, signatures }) => ({
      pack,
      version,
      description,
      signatures: signatures.length,
    })),
  );
  if (packs.length === 0) screen.note("No signature pack is applied.");
  else
    screen.table({
      columns: [
        { head: "pack" },
        { head: "version" },
        { head: "signatures", align: "right" },
        { head: "description", wrap: true },
      ],
      rows: packs.map(({ pack, version, signatures, description }) => [
        pack,
        version,
        String(signatures.length),
        description,
      ]),
    });
  return exitCodes.ok;
};
