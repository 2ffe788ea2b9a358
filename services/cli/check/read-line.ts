/**
 * Reads one line of a file of answers: a JSON object with `output` (what a
 * model answered: its text, or a JSON value), and perhaps `context`, `input`,
 * `finish_reason` and an `id` that comes back on the decision. A bad line is a
 * sentence that says why, never an error; it does not quote the line.
 */
import { z } from "zod";
import { describeIssues, parseOrUndefined } from "../scan/read-line.ts";

const texts = z.union([z.string(), z.array(z.string())], "a string or a list of strings");

const line = z.object({
  output: z.json().describe("What the model answered"),
  context: texts.optional(),
  input: z
    .union([z.string(), z.array(z.string()), z.record(z.string(), z.json())], "texts, or the fields of an input")
    .optional(),
  finish_reason: z.string("a string").optional(),
  id: z.union([z.string(), z.number()], "a string or a number").optional(),
});

export type GivenAnswer = z.infer<typeof line>;

export function readAnswerLine(raw: string): GivenAnswer | { readonly error: string } {
  const value = parseOrUndefined(raw);
  if (value === undefined) return { error: "not JSON" };
  const parsed = line.safeParse(value);
  return parsed.success ? parsed.data : { error: describeIssues(parsed.error) };
}
