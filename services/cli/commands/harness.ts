/**
 * `harness apply`: every definition is checked before the first is published;
 * then the version, and when that is acknowledged, the pointer to it.
 * `harness list`: what the stages run now.
 */
import { stat } from "node:fs/promises";
import { glob } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { loadHarnessFile } from "../../definitions/load-files.ts";
import { definitionVersion } from "../../definitions/version.ts";
import { worstCase } from "../../pricing/worst-case.ts";
import type { Publish } from "../../runtime/stage.ts";
import { withKafka } from "../connections.ts";
import { readHarnesses } from "../control-topic.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { shortened } from "../table.ts";

export interface HarnessFile {
  readonly file: string;
  readonly version: string;
  readonly definition: HarnessDefinition;
}

export const applyHarnesses: CommandAction = async ({ screen, env }, { words, options }) => {
  const { check } = parseOptions(z.object({ check: z.boolean().default(false) }), options);
  const harnesses = await loadHarnesses(words);
  if (!check) await withKafka(env, async (kafka) => publishHarnesses(harnesses, await publisherOf(kafka)));
  const verb = check ? "is right" : "is applied";
  screen.result(
    harnesses.map(({ definition, version, file }) => `${definition.name}@${version} ${verb} (${file})`).join("\n"),
  );
  for (const model of unpricedModels(harnesses, Date.now()))
    screen.note(`No price is known for ${model}: its calls will be of unknown cost.`);
  screen.document({
    applied: !check,
    harnesses: harnesses.map(({ file, version, definition }) => ({ name: definition.name, version, file })),
  });
  return exitCodes.ok;
};

async function publisherOf(kafka: { producer(): Promise<{ publish: Publish }> }): Promise<Publish> {
  const producer = await kafka.producer();
  return (emissions) => producer.publish(emissions);
}

/** Errors: CommandError that names each file with what is wrong in it. */
export async function loadHarnesses(places: readonly string[]): Promise<readonly HarnessFile[]> {
  const files = (await Promise.all(places.map(harnessFiles))).flat();
  const harnesses: HarnessFile[] = [];
  const wrong: string[] = [];
  for (const file of new Set(files)) {
    try {
      const definition = await loadHarnessFile(file);
      const twin = harnesses.find((other) => other.definition.name === definition.name);
      if (twin !== undefined) wrong.push(`${file}: the name ${definition.name} is also in ${twin.file}`);
      harnesses.push({ file, definition, version: definitionVersion(definition) });
    } catch (error) {
      wrong.push(indented(error instanceof Error ? error.message : String(error)));
    }
  }
  if (harnesses.length === 0 && wrong.length === 0)
    wrong.push(`no harness.ts and no YAML file in ${places.join(", ")}`);
  if (wrong.length > 0) throw new CommandError(exitCodes.usage, wrong.join("\n"));
  return harnesses;
}

/** The first line names the file; what else is wrong in it stands below. */
function indented(message: string): string {
  return message
    .split("\n")
    .filter((line) => line.trim() !== "")
    .join("\n  ");
}

/** Models that no price is known for: their calls work, and their cost is unknown. */
export function unpricedModels(harnesses: readonly HarnessFile[], atMs: number): readonly string[] {
  const names = harnesses.flatMap(({ definition: { models } }) =>
    models
      .filter((model) => worstCase({ ...model, inputTokens: 1, maxOutputTokens: 1, atMs }).highUsd === null)
      .map(({ provider, model }) => `${provider} ${model}`),
  );
  return [...new Set(names)];
}

/** A folder stands for the `harness.ts` and YAML files below it; signature packs live in folders of their own. */
async function harnessFiles(place: string): Promise<readonly string[]> {
  const found = await stat(place).catch(() => null);
  if (found === null) throw new CommandError(exitCodes.usage, `${place}: no such file or folder`);
  if (found.isFile()) return [place];
  const files: string[] = [];
  for await (const name of glob("**/{harness.ts,*.yaml,*.yml}", { cwd: place })) {
    if (!name.split(path.sep).includes("signatures")) files.push(path.join(place, name));
  }
  return files.toSorted();
}

export async function publishHarnesses(harnesses: readonly HarnessFile[], publish: Publish): Promise<void> {
  const topic = "harness-definitions";
  const type = "breakwater.harness.applied";
  await publish(
    harnesses.map(({ version, definition }) => {
      const key = `${definition.name}@${version}`;
      return { topic, key, id: key, type, value: { kind: "definition", version, definition } };
    }),
  );
  await publish(
    harnesses.map(({ version, definition: { name } }) => ({
      topic,
      key: name,
      id: `${name}@${version}/current`,
      type,
      value: { kind: "current", name, version },
    })),
  );
}

export const listHarnesses: CommandAction = async ({ screen, env }) => {
  const { current } = await withKafka(env, ({ reader }) => readHarnesses(reader));
  const harnesses = [...current.values()].toSorted((left, right) =>
    left.definition.name < right.definition.name ? -1 : 1,
  );
  screen.document(harnesses.map(({ version, definition }) => ({ ...definition, version })));
  if (harnesses.length === 0)
    screen.note("No harness is applied; `npx breakwater harness apply harnesses` applies the examples.");
  else
    screen.table({
      columns: [
        { head: "harness" },
        { head: "version" },
        { head: "policy" },
        { head: "output", drop: 1 },
        { head: "models", shrink: 12 },
        { head: "description", shrink: 30, drop: 2 },
      ],
      rows: harnesses.map(({ version, definition }) => [
        definition.name,
        version,
        definition.policy,
        definition.output.format,
        definition.models.map(({ model }) => model).join(" > "),
        shortened(definition.description, 50),
      ]),
    });
  return exitCodes.ok;
};
