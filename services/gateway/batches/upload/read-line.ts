/**
 * One line of an upload: a run as JSON, or what is wrong with it, by field and
 * rule and never by its content. Pure.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { documentRef } from "../../../../schemas/parts/identity.ts";
import { maxRequestBytes, runRequest } from "../../../../schemas/records/run-request.ts";

const { input, options, subject_id } = runRequest.shape;

export const longestIdCharacters = 256;

/** A line in the documents of the API, too. */
export const lineBody = z
  .strictObject({
    id: documentRef.shape.name.max(longestIdCharacters).optional().describe("The line's number when absent"),
    input,
    options,
    subject_id,
  })
  .describe("One run of the batch");

export interface BatchLine extends Omit<z.infer<typeof lineBody>, "id"> {
  /** Its id, or its number. */
  readonly name: string;
  /** Of its bytes without the end of line. */
  readonly sha256: string;
}

export interface LineProblem {
  readonly line: number;
  /** Empty when it is the line as a whole. */
  readonly field: string;
  readonly rule: string;
}

export type LineRead =
  | { readonly kind: "line"; readonly line: BatchLine }
  | { readonly kind: "problem"; readonly problem: LineProblem };

const decoder = new TextDecoder("utf-8", { fatal: true });

/** `number`: from 1. Total. */
export function readLine(bytes: Uint8Array, number: number): LineRead {
  const problem = (rule: string, field = ""): LineRead => ({
    kind: "problem",
    problem: { line: number, field, rule },
  });
  if (bytes.length > maxRequestBytes)
    return problem(`has ${bytes.length} bytes; a line holds at most ${maxRequestBytes}`);
  try {
    const text = textOf(bytes);
    if (text === null) return problem("is not UTF-8");
    const value = jsonOf(text);
    if (value === undefined) return problem("is not JSON");
    const read = lineBody.safeParse(value);
    if (!read.success) {
      const [issue] = read.error.issues;
      return problem(issue?.message ?? "is not as it should be", issue?.path.join("."));
    }
    const { id: name = String(number), ...rest } = read.data;
    return { kind: "line", line: { ...rest, name, sha256: createHash("sha256").update(bytes).digest("hex") } };
  } catch (error) {
    if (error instanceof RangeError) return problem("is nested too deeply");
    throw error;
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
