/**
 * What a chat client is told of a run: its answer, or why there is none, with
 * the status that brings out the SDK's right class of error. A degraded run is
 * an answer when its harness declared one. Pure and total.
 */
import type { HarnessDefinition } from "../../../../schemas/control/harness-definition.ts";
import type { ResultStatus } from "../../../../schemas/parts/codes.ts";
import type { Reason } from "../../../../schemas/parts/finding.ts";
import type { ToolCall } from "../../../../schemas/parts/tools.ts";
import type { RunResult } from "../../../../schemas/records/run-result.ts";
import type { Refusal } from "../../admission/admission.ts";
import type { Standing } from "../../runs/run-desk.ts";

export interface ChatAnswer {
  readonly runId: string;
  readonly harness: string;
  readonly version: string | null;
  /** Null when the model called tools and said nothing beside. */
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
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
  const { status } = result;
  switch (status) {
    case "ok":
    case "released":
      return answered(result, definition);
    case "degraded":
      return result.output === undefined ? unanswered(result, status, nowMs) : answered(result, definition);
    default:
      return unanswered(result, status, nowMs);
  }
}

function answered(result: RunResult, { name, output: { format } }: HarnessDefinition): ChatOutcome {
  const { status, output, tool_calls: calls } = result;
  if ((output !== undefined && !("plain" in output)) || (calls !== undefined && !("plain" in calls)))
    return {
      kind: "failed",
      status,
      refusal: { status: 500, code: "content_sealed", message: "the answer is sealed" },
    };
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
      inputTokens: result.spent.input_tokens,
      outputTokens: result.spent.output_tokens,
      receivedAtMs: result.received_at_ms,
    },
  };
}

type Unanswered = Exclude<ResultStatus, "ok" | "released">;

const unansweredBy: Readonly<Record<Unanswered, { readonly status: Refusal["status"]; readonly meaning: string }>> = {
  refused: { status: 400, meaning: "an input guard refused the request" },
  invalid: { status: 400, meaning: "the request could not be read" },
  failed_validation: { status: 422, meaning: "no answer of the model kept the harness's rules" },
  degraded: { status: 503, meaning: "no answer could be had, and the harness declares none for that" },
  expired: { status: 504, meaning: "the run's time was over before there was an answer" },
  over_budget: { status: 429, meaning: "a budget is used up" },
  cancelled: { status: 409, meaning: "the run was cancelled" },
  rejected: { status: 403, meaning: "a reviewer rejected the answer" },
};

function unanswered(result: RunResult, status: Unanswered, nowMs: number): ChatOutcome {
  const [first] = result.reasons;
  const { status: usual, meaning } = unansweredBy[status];
  const isTheirs = status === "refused" || status === "invalid";
  return {
    kind: "failed",
    status,
    refusal: {
      status: first?.code === "rate_limited" ? 429 : usual,
      code: isTheirs ? (first?.code ?? status) : status,
      message: first === undefined ? meaning : `${meaning}: ${first.message}`,
      ...(isTheirs && first?.path !== undefined ? { param: first.path } : {}),
      ...retryAfter(result.reasons, nowMs),
    },
  };
}

/** The longest that any of the reasons says. */
function retryAfter(reasons: readonly Reason[], nowMs: number): Pick<Refusal, "retryAfterMs"> {
  const waits = reasons.flatMap(({ retry_after_ms: wait, resets_at_ms: at }) =>
    [wait, at === undefined ? undefined : Math.max(0, at - nowMs)].filter((ms) => ms !== undefined),
  );
  return waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) };
}
