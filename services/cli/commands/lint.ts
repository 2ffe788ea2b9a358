/**
 * `harness lint`: judges definitions without publishing any: rules that can never
 * match, and where they fall short of compliance presets. Needs no Kafka. The
 * exit status is 0 when there is nothing to mend, 1 when a preset is not kept, 2
 * when apply would refuse a file.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { complianceScheme } from "../../../schemas/control/harness-definition.ts";
import { loadHarnessFile } from "../../definitions/load-files.ts";
import { definitionVersion } from "../../definitions/version.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { describeLinted, lintHarness, type LintedHarness } from "../harness/lint-harness.ts";
import type { HarnessFile } from "../harness/publish-harnesses.ts";
import { bookOf, surroundingsOf } from "../harness/surroundings.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { ownFolder } from "../scan/find-harness.ts";
import { harnessFiles } from "./harness.ts";

const lintOptions = z.object({ preset: z.array(complianceScheme).default([]) });

export const lintHarnesses: CommandAction = async ({ screen, env }, { words, options }) => {
  const { preset: asked } = parseOptions(lintOptions, options);
  const surroundings = surroundingsOf(env, bookOf(env));
  const linted = (await harnessesToLint(words[0])).map((read) =>
    "definition" in read ? lintHarness(read, asked, surroundings) : read,
  );
  screen.result(linted.map(describeLinted).join("\n"));
  screen.document({ harnesses: linted });
  if (linted.some(({ impossible }) => impossible.length > 0)) return exitCodes.usage;
  const isShort = linted.some(({ presets }) => presets.some(({ shortfalls }) => shortfalls.length > 0));
  return isShort ? exitCodes.notOk : exitCodes.ok;
};

/** A file or folder, a harness of harnesses/ by its name, or all of those. */
async function harnessesToLint(word: string | undefined): Promise<readonly (HarnessFile | LintedHarness)[]> {
  const here = path.resolve("harnesses");
  const isPlace = word !== undefined && existsSync(word);
  const files = await harnessFiles(isPlace ? word : existsSync(here) ? here : ownFolder);
  const read = await Promise.all(files.map(readOrJudge));
  if (isPlace || word === undefined) return read;
  const named = read.filter((one) => "definition" in one && one.definition.name === word);
  if (named.length > 0) return named;
  const names = read.flatMap((one) => ("definition" in one ? one.definition.name : []));
  throw new CommandError(exitCodes.usage, `${word} is neither a file nor one of harnesses/ (${names.join(", ")})`);
}

async function readOrJudge(file: string): Promise<HarnessFile | LintedHarness> {
  try {
    const definition = await loadHarnessFile(file);
    return { file, definition, version: definitionVersion(definition) };
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split("\n");
    const impossible = lines.map((line) => line.replace(`${file}: `, "")).filter((line) => line.trim() !== "");
    return { file, impossible, presets: [] };
  }
}
