/**
 * The tables of docs/policies.md, made from the code: every knob of a harness
 * with its meaning, its possible values and what strict, standard and minimal
 * set it to. `node docs/policies.ts` writes them between their marks, `--check`
 * fails when they are stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { policyKnobs, policyPreset, type PolicyPreset } from "../schemas/control/harness-definition.ts";
import { knownContextWindows, presets } from "../services/definitions/presets.ts";
import { tokenizerOf } from "../services/guards/tokens/tokenizer.ts";

export const page = new URL("./policies.md", import.meta.url);

/** JSON Schema of a knob or a group of them, as far as it is read here. */
const knobSchema = z.object({
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  type: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

export interface Knob {
  readonly path: readonly string[];
  readonly values: string;
  readonly meaning: string;
}

/** Every knob of the schema, in its order. Lists and maps are one knob: their entries are the author's. */
export function knobsIn(schema: unknown, path: readonly string[] = []): readonly Knob[] {
  const { description = "", enum: options, type = "", properties } = knobSchema.parse(schema);
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([name, inner]) => knobsIn(inner, [...path, name]));
  const values = options?.map((option) => `\`${option}\``).join(" ") ?? (type === "boolean" ? "`true` `false`" : type);
  return [{ path, values, meaning: description }];
}

export function knobTable(): string {
  const rows = knobsIn(z.toJSONSchema(policyKnobs)).map(({ path, values, meaning }) => [
    `\`${path.join(".")}\``,
    meaning,
    values,
    ...policyPreset.options.map((policy) => shown(valueAt(presets[policy].knobs, path))),
  ]);
  return table(["knob", "means", "values", ...policyPreset.options], rows);
}

export function limitTable(): string {
  const of = (value: (policy: PolicyPreset) => unknown): string[] =>
    policyPreset.options.map((policy) => shown(value(policy)));
  return table(
    ["limit", ...policyPreset.options],
    [
      ["`maxAttempts`", ...of((policy) => presets[policy].maxAttempts)],
      ["`deadlineMs`", ...of((policy) => presets[policy].deadlineMs)],
      ...Object.keys(presets.standard.model).map((name) => [
        `\`models[].${name}\``,
        ...of((policy) => valueAt(presets[policy].model, [name])),
      ]),
    ],
  );
}

export function windowTable(): string {
  const rows = Object.entries(knownContextWindows).map(([model, tokens]) => {
    const provider = model.startsWith("claude") ? "anthropic" : "openai";
    return [`\`${model}\``, String(tokens), tokenizerOf({ provider, model }).name];
  });
  return table(["model", "context window, tokens", "counted by"], rows);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  );
}

/** What stands in a table of its own is pointed to. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(" ");
  return typeof value === "object" && value !== null ? "[see there](personal-data.md)" : `\`${String(value)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const tables: Readonly<Record<string, () => string>> = {
  knobs: knobTable,
  limits: limitTable,
  windows: windowTable,
};

/** The page with the tables of now. */
export function withTables(text: string): string {
  return Object.entries(tables).reduce((page, [name, make]) => {
    const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    return page.replace(marks, (_, open: string, close: string) => `${open}${make()}\n${close}`);
  }, text);
}

if (import.meta.main) {
  const text = readFileSync(page, "utf8");
  const fresh = withTables(text);
  if (!process.argv.includes("--check")) writeFileSync(page, fresh);
  else if (fresh !== text) {
    process.stderr.write("docs/policies.md: a table is stale; npm run docs:generate writes it anew\n");
    process.exitCode = 1;
  }
}
