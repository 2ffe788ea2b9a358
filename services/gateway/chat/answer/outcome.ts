/**
 * What a chat client is told of a run: its answer, or why there is none, with
 * the status that brings out the SDK's right class of error. A degraded run is
 * an answer when its harness declared one. Pure and total.
 */
import { hiddenBy } from "../../../../schemas/parts/content.ts";
import type { HarnessDefinition } from "../../../../schemas/control/harness-definition.ts";
import type { ResultStatus } from "../../../../schemas/parts/codes.ts";
import type { ToolCall } from "../../../../schemas/parts/tools.ts";
import type { RunResult } from "../../../../schemas/records/run-result.ts";
import type { Refusal } from "../../admission/admission.ts";
import type { Standing } from "../../runs/run-desk.ts";
import { erasedRefusal, runFailure } from "../../runs/run-failure.ts";

export interface ChatAnswer {
  readonly runId: string;
  readonly harness: string;
  readonly version: string | null;
  /** Null when the model called tools and said nothing beside. */
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** The words end at the caller's own limit. */
  readonly isCut: boolean;
  /** Of all calls that the run paid for. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly receivedAtMs: number;
}

export type ChatOutcome =
  | { readonly kind: "answered"; readonly status: ResultStatus; readonly answer: ChatAnswer }
  | { readonly kind: "failed"; readonly status: ResultStatus | "in_review" | "running"; readonly refusal: Refusal };

export interface Reading {
  readonly definition: HarnessDefinition;
  readonly nowMs: number;
}

export function outcomeOf(standing: Standing, reading: Reading): ChatOutcome {
  switch (standing.kind) {
    case "ended":
      return outcomeOfResult(standing.result, reading);
    case "in_review":
      return { kind: "failed", status: "in_review", refusal: unfinished(409, "held_for_review") };
    case "running":
      return { kind: "failed", status: "running", refusal: unfinished(504, "still_running") };
  }
}

function unfinished(status: 409 | 504, code: "held_for_review" | "still_running"): Refusal {
  const why = code === "held_for_review" ? "a person decides on the answer" : "there is no answer yet";
  return { status, code, message: `${why}; GET /v1/runs/<id> tells how the run ended` };
}

function outcomeOfResult(result: RunResult, { definition, nowMs }: Reading): ChatOutcome {
  const refusal = runFailure(result, nowMs);
  return refusal === null ? answered(result, definition) : { kind: "failed", status: result.status, refusal };
}

const locked: Refusal = {
  status: 503,
  code: "content_sealed",
  message: "the answer is sealed for its data subject, and this gateway has no key that opens it",
};

function answered(result: RunResult, { name, output: { format } }: HarnessDefinition): ChatOutcome {
  const { status, output, tool_calls: calls } = result;
  if (hiddenBy(output, calls) === "erased") return { kind: "failed", status, refusal: erasedRefusal };
  if ((output !== undefined && !("plain" in output)) || (calls !== undefined && !("plain" in calls)))
    return { kind: "failed", status, refusal: locked };
  const given = output?.plain;
  const text = typeof given === "string" && format === "text" ? given : JSON.stringify(given);
  return {
    kind: "answered",
    status,
    answer: {
      runId: result.run_id,
      harness: name,
      version: result.harness?.version ?? null,
      text: given === undefined || (text === "" && calls !== undefined) ? null : text,
      toolCalls: calls?.plain ?? [],
      isCut: result.ended_at_limit === true,
      inputTokens: result.spent.input_tokens,
      outputTokens: result.spent.output_tokens,
      receivedAtMs: result.received_at_ms,
    },
  };
}
