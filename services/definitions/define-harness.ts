/**
 * How a harness is written in TypeScript: contracts in Zod, few required
 * fields, a preset for the rest. What comes out is the whole definition, with
 * JSON Schema contracts and no default left open. It throws where the author
 * can see it: on loading the file.
 */
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { harnessSpec, type HarnessSpecInput } from "./harness-spec.ts";
import { describeReasons, issueReason, loadDefinition } from "./load-definition.ts";
import { resolveHarness } from "./resolve-harness.ts";

export interface HarnessSource extends Omit<HarnessSpecInput, "input" | "output"> {
  readonly input: {
    readonly schema: z.ZodObject;
    readonly longField?: string;
    readonly contextField?: string;
    readonly channels?: HarnessSpecInput["input"]["channels"];
  };
  /** With a schema the output is JSON, without one it is text. */
  readonly output?: { readonly schema?: z.ZodType; readonly maxTokens?: number };
}

/** @throws Error naming the harness and, a line each, the path and rule of every mistake. */
export function defineHarness(source: HarnessSource): HarnessDefinition {
  const { input, output, ...rest } = source;
  return wholeHarness({
    ...rest,
    input: { ...input, schema: toJsonSchema(input.schema, "input") },
    output: output?.schema === undefined ? { ...output } : { ...output, schema: toJsonSchema(output.schema, "output") },
  });
}

/** The same for contracts that are JSON Schema already, for example from YAML. */
export function wholeHarness(source: unknown): HarnessDefinition {
  const parsed = harnessSpec.safeParse(source);
  if (!parsed.success) throw new Error(describeReasons(parsed.error.issues.map(issueReason)));
  const loaded = loadDefinition(resolveHarness(parsed.data));
  if (loaded.kind === "rejected") throw new Error(`harness ${parsed.data.name}:\n${describeReasons(loaded.reasons)}`);
  return loaded.definition;
}

/**
 * Fields with a default may be absent from an input and are there in an output.
 * Beside a format's name Zod writes its own pattern for it, with look-ahead that
 * a linear engine does not have: the name says it all.
 */
function toJsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, z.core.util.JSONType> {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined && formats.has(jsonSchema.format)) delete jsonSchema.pattern;
    },
  });
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(body)));
}

/** Formats that a contract checks by name. */
const formats: ReadonlySet<string> = new Set([
  "date",
  "date-time",
  "time",
  "duration",
  "email",
  "uri",
  "uuid",
  "ipv4",
  "ipv6",
  "hostname",
]);
