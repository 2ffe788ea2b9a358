/**
 * How a harness is written in TypeScript: contracts in Zod, few required
 * fields, a preset for the rest. What comes out is the whole definition, with
 * JSON Schema contracts and no default left open. It throws where the author
 * can see it: on loading the file.
 */
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { harnessSpec, type HarnessSpecInput } from "./harness-spec.ts";
import { idleSettings } from "./rules/idle-settings.ts";
import { describeReasons, issueReason, loadDefinition, type LoadedDefinition } from "./load-definition.ts";
import { resolveHarness, unknownWindows } from "./resolve-harness.ts";

export { conversation } from "./prompt/conversation-schema.ts";

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
  const read = readHarness(source);
  if (read.kind === "loaded") return read.definition;
  throw new Error(`${harnessName(source)}${describeReasons(read.reasons)}`);
}

/** What an author wrote, resolved and judged; every reason's path is a JSON pointer into it. */
export function readHarness(source: unknown): LoadedDefinition {
  const parsed = harnessSpec.safeParse(source);
  if (!parsed.success) return { kind: "rejected", reasons: parsed.error.issues.map(issueReason) };
  const unknown = unknownWindows(parsed.data);
  if (unknown.length > 0) return { kind: "rejected", reasons: unknown };
  const definition = resolveHarness(parsed.data);
  const loaded = loadDefinition(definition);
  const idle = idleSettings(parsed.data, definition);
  if (idle.length === 0) return loaded;
  return { kind: "rejected", reasons: loaded.kind === "rejected" ? [...loaded.reasons, ...idle] : idle };
}

function harnessName(source: unknown): string {
  const named = typeof source === "object" && source !== null && "name" in source && typeof source.name === "string";
  return named ? `harness ${String(source.name)}:\n` : "";
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
