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
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return { error: "not JSON" };
  }
  const parsed = line.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join(".") || "line"}: ${message}`,
    );
    return { error: problems.join("; ").replaceAll("Invalid option: ", "") };
  }
  if (Buffer.byteLength(parsed.data.text) > maxRequestBytes)
    return { error: `text: longer than ${maxRequestBytes} bytes` };
  return parsed.data;
}
