/**
 * The model's calls of tools, as every provider writes them: from what came in
 * the body to what the journal carries. Arguments stay the model's own text,
 * right or wrong: output-validate judges them. An id that is missing, too long
 * or there twice is replaced, so that each call can be answered by its id.
 */
import type { WrittenToolCall } from "../../schemas/parts/tools.ts";

export interface GivenCall {
  readonly id?: string | null | undefined;
  readonly name: string;
  /** A text, or the value itself. */
  readonly arguments?: unknown;
}

const longestId = 128;
const longestName = 256;

/**
 * `callId`: of the provider call, which makes the replaced ids unique. Null when arguments are nested so deep that they
 * cannot be written.
 */
export function writtenCalls(given: readonly GivenCall[], callId: string): readonly WrittenToolCall[] | null {
  try {
    return readCalls(given, callId);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readCalls(given: readonly GivenCall[], callId: string): readonly WrittenToolCall[] {
  const ids = new Set<string>();
  return given.map(({ id, name, arguments: written }, index) => {
    const isUsable = typeof id === "string" && id !== "" && id.length <= longestId && !ids.has(id);
    const own = isUsable ? id : `${callId}-${index}`;
    ids.add(own);
    return { id: own, name: name.slice(0, longestName), arguments: textOf(written) };
  });
}

/** A tool without parameters is often called with nothing at all. */
function textOf(written: unknown): string {
  if (typeof written !== "string") return JSON.stringify(written ?? {});
  return written.trim() === "" ? "{}" : written;
}
