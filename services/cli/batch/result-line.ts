/**
 * A terminal result as a line of the results file.
 */
import type { RunResult } from "../../../schemas/records/run-result.ts";
import type { ResultLine } from "./batch-files.ts";
import type { DocumentProblem } from "./documents/find-documents.ts";
import type { PlannedDocument } from "./documents/plan.ts";

export function lineOfResult(
  result: RunResult,
  { name, sha256, notes }: Pick<PlannedDocument, "name" | "sha256" | "notes">,
): ResultLine {
  const { spent, output, tool_calls: calls } = result;
  return {
    run_id: result.run_id,
    document: name,
    sha256,
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
    status: result.status,
    output: output !== undefined && "plain" in output ? output.plain : null,
    ...(calls !== undefined && "plain" in calls ? { tool_calls: calls.plain } : {}),
    ...(result.stale === undefined ? {} : { stale: result.stale }),
    reasons: result.reasons,
    attempts: result.attempts,
    calls: spent.calls,
    input_tokens: spent.input_tokens,
    output_tokens: spent.output_tokens,
    cost_usd: costOf(spent),
    provider: result.answered_by?.provider ?? null,
    model: result.answered_by?.model ?? null,
    finished_at: new Date(result.finished_at_ms).toISOString(),
  };
}

/** A run that made no call cost nothing; one with an unpriced call cost an unknown sum. */
function costOf({ calls, cost_usd: costUsd, unpriced_calls: unpriced }: RunResult["spent"]): string | null {
  if (calls === 0) return "0";
  return unpriced > 0 ? null : costUsd;
}

/** The same answer under another name; its run is paid once, by the first. */
export function lineOfDuplicate(first: ResultLine, { name, duplicateOf }: PlannedDocument): ResultLine {
  return {
    ...first,
    document: name,
    calls: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: "0",
    ...(duplicateOf === undefined ? {} : { duplicate_of: duplicateOf }),
  };
}

export function lineOfProblem({ name, code, message }: DocumentProblem): ResultLine {
  return {
    run_id: null,
    document: name,
    sha256: null,
    status: "not_published",
    output: null,
    reasons: [{ code, message }],
    attempts: 0,
    calls: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: "0",
    provider: null,
    model: null,
    finished_at: null,
  };
}
