/**
 * An answer for a terminal: its output, and the tools that its caller is to
 * run, one a line. What is sealed is said to be.
 */
import { erasedContent } from "../../../schemas/parts/content.ts";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import { printableLines } from "../screen.ts";

export type Answered = Pick<RunResult, "output" | "tool_calls">;

/** Empty when there is nothing. `book_room {"city":"Oslo"}` stands for a call. */
export function answerText({ output, tool_calls: calls }: Answered): string {
  const words = output === undefined ? "" : outputText(output);
  const parts = [words, ...(calls === undefined ? [] : [callsText(calls)])];
  return printableLines(parts.filter((part) => part !== "").join("\n\n"));
}

function outputText(output: NonNullable<Answered["output"]>): string {
  if (!("plain" in output)) return sealedUnder(output.key_id);
  return typeof output.plain === "string" ? output.plain : JSON.stringify(output.plain, null, 2);
}

function callsText(calls: NonNullable<Answered["tool_calls"]>): string {
  if (!("plain" in calls)) return `Calls of tools: ${sealedUnder(calls.key_id)}`;
  return ["Calls of tools:", ...calls.plain.map((call) => `  ${call.name} ${JSON.stringify(call.arguments)}`)].join(
    "\n",
  );
}

function sealedUnder(keyId: string): string {
  if (keyId === erasedContent.key_id) return "(erased: its key is gone)";
  return `(sealed under the key ${keyId})`;
}
