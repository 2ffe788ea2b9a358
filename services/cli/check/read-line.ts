/**
 * Reads one line of a file of answers: a JSON object with `output` (what a
 * model answered: its text, or a JSON value), and perhaps `tool_calls` (then
 * `output` may be left out), `options` as a request has them, `context`,
 * `input`, `finish_reason` and an `id` that comes back on the decision. A bad line is a
 * sentence that says why, never an error; it does not quote the line.
 */
import { z } from "zod";
import { callOptions } from "../../../schemas/parts/call-options.ts";
import { writtenToolCall } from "../../../schemas/parts/tools.ts";
import type { JsonValue } from "../../guards/output/json-value.ts";
import { describeIssues, parseOrUndefined } from "../scan/read-line.ts";

const texts = z.union([z.string(), z.array(z.string())], "a string or a list of strings");

/** As a model writes it, or with its arguments read. */
const call = writtenToolCall.extend({
  arguments: z.union(
    [z.string(), z.record(z.string(), z.json()).transform((value) => JSON.stringify(value))],
    "an object, or its JSON",
  ),
});

const line = z.object({
  output: z.json().optional().describe("What the model answered"),
  tool_calls: z.array(call).min(1).optional(),
  options: callOptions.optional(),
  context: texts.optional(),
  input: z
    .union([z.string(), z.array(z.string()), z.record(z.string(), z.json())], "texts, or the fields of an input")
    .optional(),
  finish_reason: z.string("a string").optional(),
  id: z.union([z.string(), z.number()], "a string or a number").optional(),
});

export type GivenAnswer = Omit<z.infer<typeof line>, "output"> & { readonly output: JsonValue };

export function readAnswerLine(raw: string): GivenAnswer | { readonly error: string } {
  const value = parseOrUndefined(raw);
  if (value === undefined) return { error: "not JSON" };
  const parsed = line.safeParse(value);
  if (!parsed.success) return { error: describeIssues(parsed.error) };
  const { output = parsed.data.tool_calls === undefined ? undefined : "" } = parsed.data;
  return output === undefined ? { error: "output: it is missing" } : { ...parsed.data, output };
}
