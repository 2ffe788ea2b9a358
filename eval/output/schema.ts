/**
 * What reading and mending JSON is worth: documents of our own contracts,
 * broken by script in named kinds. Of a mendable kind, recall is the share that
 * comes back deep-equal, precision the share of what is called read that does.
 * Of the others, `lost` is the share that is called read although it is not the
 * value that was written.
 */
import { isDeepStrictEqual } from "node:util";
import { presets } from "../../services/definitions/presets.ts";
import { readOutput } from "../../services/output-validate/rules/read-output.ts";
import type { Half } from "../corpus/half.ts";
import { share, type Figure } from "../input/figure.ts";
import { seededRandom } from "../pii/random.ts";
import { mendable, unmendable, type Breakage } from "./broken-json/breakages.ts";
import { makeDocuments, type Document } from "./broken-json/documents.ts";
import type { TimedGuard } from "./guards.ts";

const sizes = { dev: 200, test: 500 } as const satisfies Record<Half, number>;
const seeds = { dev: 1, test: 2 } as const satisfies Record<Half, number>;

const knobs = presets.standard.knobs;

export function measureSchema(half: Half): readonly Figure[] {
  const documents = makeDocuments(sizes[half], seeds[half]);
  const read = (breakages: Readonly<Record<string, Breakage>>): readonly (readonly [string, readonly Reading[]])[] =>
    Object.entries(breakages).map(([kind, breakage]) => [kind, readingsOf(documents, breakage)]);
  const mended = read(mendable);
  const lost = read(unmendable);
  return [
    ...mended.flatMap(([kind, readings]) => mendedFigures(kind, readings)),
    ...mendedFigures(
      "mendable",
      mended.flatMap(([, readings]) => readings),
    ),
    ...lost.map(([kind, readings]) => lostFigure(kind, readings)),
    lostFigure(
      "unmendable",
      lost.flatMap(([, readings]) => readings),
    ),
  ];
}

type Reading = "equal" | "other" | "refused";

function readingsOf(documents: readonly Document[], breakage: Breakage): readonly Reading[] {
  const random = seededRandom(7);
  return documents.map(({ schema, value }) => {
    const read = readOutput(breakage(value, random), {
      knobs,
      output: { format: "json", schema, maxTokens: 1 },
    });
    if (read.kind === "unreadable") return "refused";
    return isDeepStrictEqual(read.value, value) ? "equal" : "other";
  });
}

function mendedFigures(kind: string, readings: readonly Reading[]): readonly Figure[] {
  const equal = readings.filter((reading) => reading === "equal").length;
  const called = readings.filter((reading) => reading !== "refused").length;
  const recall = share(equal, readings.length);
  const precision = share(equal, called);
  const f1 = share(2 * precision * recall, precision + recall);
  const name = `output/schema/${kind}`;
  return [
    { name: `${name}/recall`, value: recall, size: readings.length, better: "higher" },
    { name: `${name}/precision`, value: precision, size: called, better: "higher" },
    { name: `${name}/f1`, value: f1, size: readings.length, better: "higher" },
  ];
}

function lostFigure(kind: string, readings: readonly Reading[]): Figure {
  const lost = readings.filter((reading) => reading === "other").length;
  return {
    name: `output/schema/${kind}/lost`,
    value: share(lost, readings.length),
    size: readings.length,
    better: "lower",
  };
}

const output = { format: "json" as const, maxTokens: 1 };
const lines = (text: string): string => JSON.stringify({ lines: text.split(". ") }, null, 2);

export const timedRepairs: readonly TimedGuard[] = [
  { guard: "JSON, valid", prepare: lines, run: (text) => readOutput(text, { knobs, output }) },
  {
    guard: "JSON, mended",
    prepare: (text) => `Here it is:\n${lines(text).replaceAll(/\n\]/g, ",\n]")}`,
    run: (text) => readOutput(text, { knobs, output }),
  },
];
