/**
 * `harness apply`: every definition is checked before the first is published,
 * as the current version, a canary or a shadow. `harness list`: what the stages
 * run now, and what is on trial.
 */
import { stat } from "node:fs/promises";
import { glob } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Actor } from "../../../schemas/audit/change.ts";
import type { CurrentDefinition } from "../../../schemas/control/harness-definition.ts";
import type { PriceRecord } from "../../../schemas/control/price.ts";
import { loadHarnessFile } from "../../definitions/load-files.ts";
import { definitionVersion } from "../../definitions/version.ts";
import { NegotiatedPrices } from "../../pricing/negotiated-prices.ts";
import { tariffsOf } from "../../pricing/tariff.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import { withKafka, type KafkaConnection } from "../connections.ts";
import { readHarnesses } from "../control-topic.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { holdToCompliance } from "../harness/hold-to-compliance.ts";
import { providerDoubts } from "../harness/provider-doubts.ts";
import {
  harnessChanges,
  publishHarnesses,
  publishTrials,
  trialPointers,
  type HarnessFile,
  type Trial,
} from "../harness/publish-harnesses.ts";
import { bookOf, surroundingsOf } from "../harness/surroundings.ts";
import { pricesIn } from "../prices/prices.ts";
import { operatorOf, parseOptions, type CommandAction } from "../program/command.ts";
import { shortened } from "../table.ts";

const shares = "a share of the runs above 0 and below 1, for example 0.1";
const applyOptions = z.object({
  check: z.boolean().default(false),
  shadow: z.boolean().default(false),
  canary: z.coerce.number(shares).gt(0, shares).lt(1, shares).optional(),
});

export const applyHarnesses: CommandAction = async ({ screen, env }, { words, options }) => {
  const { check, shadow, canary } = parseOptions(applyOptions, options);
  if (shadow && canary !== undefined)
    throw new CommandError(exitCodes.usage, "--shadow and --canary are two ways to try a version: give one");
  const trial: Trial | null = shadow
    ? { kind: "shadow" }
    : canary === undefined
      ? null
      : { kind: "canary", share: canary };
  const book = bookOf(env);
  const harnesses = await loadHarnesses(words);
  const unkept = holdToCompliance(harnesses, surroundingsOf(env, book));
  const prices = check
    ? []
    : await withKafka(env, (kafka) => publishTo(kafka, harnesses, { trial, by: operatorOf(options) }));
  const verb = check ? "is right" : describeTrial(trial);
  screen.result(
    harnesses.map(({ definition, version, file }) => `${definition.name}@${version} ${verb} (${file})`).join("\n"),
  );
  const tariffOf = tariffsOf(book.pricedAs, new NegotiatedPrices(prices));
  for (const doubt of [...unkept, ...providerDoubts(harnesses, { ...book, tariffOf }, Date.now())]) screen.note(doubt);
  screen.document({
    applied: !check,
    as: trial ?? { kind: "current" },
    harnesses: harnesses.map(({ file, version, definition }) => ({ name: definition.name, version, file })),
  });
  return exitCodes.ok;
};

function describeTrial(trial: Trial | null): string {
  if (trial === null) return "is applied";
  return trial.kind === "shadow" ? "judges in shadow" : `is tried with ${percent(trial.share)} of the runs`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** Resolves with the prices that are negotiated there. */
async function publishTo(
  kafka: KafkaConnection,
  harnesses: readonly HarnessFile[],
  { trial, by }: { readonly trial: Trial | null; readonly by: Actor },
): Promise<Iterable<PriceRecord>> {
  const { publish } = await kafka.producer();
  const { pointers } = await readHarnesses(kafka.reader);
  // A trial that is refused is not told: nothing came of it.
  const onTrial = trial === null ? null : trialPointers(harnesses, trial, pointers);
  await tellChanges(publish, by, harnessChanges(harnesses, trial, pointers));
  if (onTrial === null) await publishHarnesses(harnesses, publish);
  else await publishTrials(harnesses, onTrial, publish);
  return (await pricesIn(kafka.reader)).values();
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

/** A folder stands for the `harness.ts` and YAML files below it; signature packs live in folders of their own. */
export async function harnessFiles(place: string): Promise<readonly string[]> {
  const found = await stat(place).catch(() => null);
  if (found === null) throw new CommandError(exitCodes.usage, `${place}: no such file or folder`);
  if (found.isFile()) return [place];
  const files: string[] = [];
  for await (const name of glob("**/{harness.ts,*.yaml,*.yml}", { cwd: place })) {
    if (!name.split(path.sep).includes("signatures")) files.push(path.join(place, name));
  }
  return files.toSorted();
}

export const listHarnesses: CommandAction = async ({ screen, env }) => {
  const { current, pointers } = await withKafka(env, ({ reader }) => readHarnesses(reader));
  const harnesses = [...current.values()].toSorted((left, right) =>
    left.definition.name < right.definition.name ? -1 : 1,
  );
  const trialsOf = (name: string) => {
    const { canary, shadow } = pointers.get(name) ?? {};
    return { ...(canary === undefined ? {} : { canary }), ...(shadow === undefined ? {} : { shadow }) };
  };
  screen.document(
    harnesses.map(({ version, definition }) => ({ ...definition, version, ...trialsOf(definition.name) })),
  );
  const onTrial = harnesses.some(({ definition }) => Object.keys(trialsOf(definition.name)).length > 0);
  if (harnesses.length === 0)
    screen.note("No harness is applied; `npx breakwater harness apply harnesses` applies the examples.");
  else
    screen.table({
      columns: [
        { head: "harness" },
        { head: "version" },
        ...(onTrial ? [{ head: "on trial", shrink: 16 }] : []),
        { head: "policy" },
        { head: "output", drop: 1 },
        { head: "models", shrink: 12 },
        { head: "description", shrink: 30, drop: 2 },
      ],
      rows: harnesses.map(({ version, definition }) => [
        definition.name,
        version,
        ...(onTrial ? [describeTrials(trialsOf(definition.name))] : []),
        definition.policy,
        definition.output.format,
        definition.models.map(({ model }) => model).join(" > "),
        shortened(definition.description, 50),
      ]),
    });
  return exitCodes.ok;
};

function describeTrials({ canary, shadow }: Partial<CurrentDefinition>): string {
  const trials = [
    ...(canary === undefined ? [] : [`canary ${canary.version}, ${percent(canary.share)}`]),
    ...(shadow === undefined ? [] : [`shadow ${shadow.version}`]),
  ];
  return trials.length === 0 ? "-" : trials.join("; ");
}
