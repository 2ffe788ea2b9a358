/**
 * Reads one line of a file of texts: a JSON object with `text`, perhaps
 * `channel`, and an `id` that comes back on the decision. A bad line is a
 * sentence that says why, never an error; it does not quote the line.
 */
import { z } from "zod";
import { channel, type Channel } from "../../../schemas/parts/channel.ts";
import { maxRequestBytes } from "../../../schemas/records/run-request.ts";

export interface GivenLine {
  readonly text: string;
  /** Undefined when the line names none. */
  readonly channel?: Channel | undefined;
  readonly id?: string | number | undefined;
}

const line = z.object({
  text: z.string("a string"),
  channel: channel.optional(),
  id: z.union([z.string(), z.number()], "a string or a number").optional(),
});

export function readLine(raw: string): GivenLine | { readonly error: string } {
  const value = parseOrUndefined(raw);
  if (value === undefined) return { error: "not JSON" };
  const parsed = line.safeParse(value);
  if (!parsed.success) return { error: describeIssues(parsed.error) };
  if (Buffer.byteLength(parsed.data.text) > maxRequestBytes)
    return { error: `text: longer than ${maxRequestBytes} bytes` };
  return parsed.data;
}

/** JSON has no undefined, so it stands for what is none. */
export function parseOrUndefined(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

export function describeIssues({ issues }: z.ZodError): string {
  const problems = issues.map(({ path, message }) => `${path.map(String).join(".") || "line"}: ${message}`);
  return problems.join("; ").replaceAll("Invalid option: ", "");
}
