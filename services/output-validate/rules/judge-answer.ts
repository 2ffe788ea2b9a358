/**
 * Runs an answer through the output guards in their order: size, format, what
 * it says (guards/), the values of pseudonyms put back, contract, sanitising.
 * The contract is held against the value that the caller gets, before its
 * strings are made safe for where it goes; whatever must not see the values of
 * pseudonyms stands before them. Of an answer that calls tools, the arguments
 * are held to the tools' schemas, and the words, which are not the run's final
 * ones, to nothing. Combines what they found; each guard's own file says how it
 * finds it. A provider's moderation is heard last, about an answer that would
 * go out.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { WrittenToolCall } from "../../../schemas/parts/tools.ts";
import type { Excerpt } from "../../../schemas/records/review.ts";
import type { PseudonymMap } from "../../guards/privacy/cryptography.ts";
import type { Said } from "../../guards/output/answer-texts.ts";
import { endsAsAsked } from "../../guards/prompt/output-limit.ts";
import { judgeModeration, type Opinion } from "../guards/judge-moderation.ts";
import { runGuards, type Material } from "../guards/run-guards.ts";
import { sanitiseOutput } from "../../guards/output/sanitise-output.ts";
import type { Piece } from "../moderation/pieces.ts";
import { excerptsOf } from "../reviews/excerpts.ts";
import { cutOff, tooLarge } from "../../guards/output/answer-size.ts";
import { contractNotRun, judgeContract } from "../../guards/output/judge-contract.ts";
import { readOutput } from "./read-output.ts";
import { restoreValues } from "./restore-values.ts";
import { judgeArguments, readToolCalls, type CallRules } from "./tool-calls.ts";

export interface Answer {
  /** Empty when it only calls tools. */
  readonly text: string;
  readonly toolCalls?: readonly WrittenToolCall[];
  /** The provider's own word for why it stopped. */
  readonly finishReason: string | undefined;
}

interface Judged {
  readonly guards: readonly GuardReport[];
  readonly reasons: readonly Reason[];
}

/** An answer that keeps its contract, as it would be given, with what guards found in it. */
interface Reviewable extends Said {
  readonly restored: number;
  readonly excerpts: readonly Excerpt[];
  readonly guards: readonly GuardReport[];
}

/** What may go out, or to a person. */
export type Passable = Reviewable & {
  /** What a moderation is to be asked about before that; [] when it is not. */
  readonly pieces: readonly Piece[];
} & (
    | { readonly kind: "accepted" }
    /** A person decides whether it is given. */
    | { readonly kind: "held"; readonly reasons: readonly Reason[] }
  );

export type Judgement =
  | Passable
  /** May be asked for again; `reviewable` is what a person decides on when it cannot. */
  | (Judged & { readonly kind: "rejected"; readonly reviewable?: (Judged & Reviewable) | undefined })
  /** The declared answer is given in its stead. */
  | (Judged & { readonly kind: "replaced" });

type Rules = Pick<HarnessDefinition, "knobs" | "output" | "prompt">;

/** What the answer is held against, and what the run's pseudonyms stand for, when it has any. */
export interface Case extends Material {
  readonly pseudonyms?: PseudonymMap | undefined;
  /** What its caller asked for of tools; absent: nothing. */
  readonly options?: CallRules | undefined;
}

export function judgeAnswer(answer: Answer, rules: Rules, { pseudonyms, options = {}, ...material }: Case): Judgement {
  const { toolCalls: calls = [] } = answer;
  const oversize = tooLarge([answer.text, ...calls.map((call) => call.name + call.arguments)].join(""));
  if (oversize !== null) return rejectedForSize([oversize], []);
  const read = readAnswer(answer, rules, options);
  if ("kind" in read) return read;
  const said = runGuards(read, rules, material);
  const earlier = [read.report, ...said.reports];
  if (said.action === "fallback") {
    return { kind: "replaced", reasons: said.reasons, guards: [...earlier, contractNotRun("the answer is held back")] };
  }
  const excerpts = excerptsOf(said.reports, read, material.context);
  const doubts = { rules, options, wanting: said.reasons, review: said.review, excerpts, pieces: said.pieces };
  if (pseudonyms === undefined) return judgeSaid(read, { ...doubts, restored: 0, earlier });
  const restoration = restoreValues(read, pseudonyms);
  if (restoration.kind === "too_large" || tooLarge(serialised(restoration.said)) !== null)
    return rejectedForSize([restoredTooLarge], earlier);
  const { count, report } = restoration;
  return judgeSaid(restoration.said, { ...doubts, restored: count, earlier: [...earlier, report] });
}

type Rejected = Extract<Judgement, { readonly kind: "rejected" }>;

/** The words of an answer that calls tools are read as they are, whatever its output is to be. */
function readAnswer(
  { text, toolCalls = [], finishReason }: Answer,
  rules: Rules,
  options: CallRules,
): Rejected | (Said & { readonly report: GuardReport }) {
  const isAsAsked = toolCalls.length === 0 && endsAsAsked(rules, options, finishReason);
  const cut = isAsAsked ? null : cutOff(finishReason, rules.output.maxTokens);
  const called = readToolCalls(toolCalls, options, rules.knobs.output.repair);
  if (called !== null) {
    const { calls, reasons, report } = called;
    if (cut !== null) return rejectedForSize([cut, ...reasons], [report]);
    if (reasons.length === 0) return { output: text, calls, report };
    return {
      kind: "rejected",
      reasons,
      guards: [report, contractNotRun("the tools are not called as they should be")],
    };
  }
  const read = readOutput(text, rules);
  // A JSON value that closes is whole, whatever the limit cut off behind it.
  if (cut !== null && rules.output.format === "text") return rejectedForSize([cut], [read.report]);
  if (read.kind === "read") return { output: read.value, calls: [], report: read.report };
  const reasons = cut === null ? [read.reason] : [cut, read.reason];
  return { kind: "rejected", reasons, guards: [read.report, contractNotRun("the answer could not be read")] };
}

function serialised({ output, calls }: Said): string {
  return JSON.stringify(output) + (calls.length === 0 ? "" : JSON.stringify(calls));
}

interface Judging {
  readonly rules: Rules;
  readonly options: CallRules;
  readonly restored: number;
  readonly earlier: readonly GuardReport[];
  /** Why the guards want another answer. */
  readonly wanting: readonly Reason[];
  /** Why they want a person to decide. */
  readonly review: readonly Reason[];
  readonly excerpts: readonly Excerpt[];
  readonly pieces: readonly Piece[];
}

/** What becomes of an answer that would go out, or to a person, by what the moderation says of it. */
export function hearOpinion(passable: Passable, opinion: Opinion, { knobs }: Pick<Rules, "knobs">): Judgement {
  const { report, action, reasons, review } = judgeModeration(passable.pieces, opinion, knobs.content);
  const guards = [...passable.guards, report];
  if (action === "fallback") return { kind: "replaced", reasons, guards };
  const { output, calls, restored, excerpts } = passable;
  const why = [...(passable.kind === "held" ? passable.reasons : []), ...review];
  const held = { output, calls, restored, excerpts, guards, reasons: [...why, ...reasons] };
  if (action === "retry") return { kind: "rejected", reasons, guards, ...(why.length > 0 && { reviewable: held }) };
  if (why.length > 0) return { kind: "held", ...held, pieces: [] };
  return { kind: "accepted", output, calls, restored, excerpts, guards, pieces: [] };
}

function judgeSaid({ output, calls }: Said, judging: Judging): Judgement {
  const { rules, options, restored, earlier, wanting, review, excerpts, pieces } = judging;
  const { reasons: broken, report } =
    calls.length === 0 ? judgeContract(output, rules.output) : judgeArguments(calls, options);
  const contracted = [...earlier, report];
  const reasons = [...broken, ...wanting];
  const rejected = { kind: "rejected" as const, reasons, guards: contracted };
  if (broken.length > 0 || (wanting.length > 0 && review.length === 0)) return rejected;
  const safe = sanitiseOutput(output, rules.output);
  if (safe.fault !== null)
    return { kind: "rejected", reasons: [safe.fault, ...wanting], guards: [...contracted, safe.report] };
  const grown = safe.report.verdict === "sanitised";
  if (grown && tooLarge(serialised({ output: safe.value, calls })) !== null)
    return rejectedForSize([sanitisedTooLarge], contracted);
  const given = { output: safe.value, calls, restored, excerpts, guards: [...contracted, safe.report] };
  if (review.length === 0) return { kind: "accepted", ...given, pieces };
  const held = { ...given, reasons: [...review, ...wanting] };
  return wanting.length > 0 ? { ...rejected, reviewable: held } : { kind: "held", ...held, pieces };
}

const restoredTooLarge: Reason = {
  code: "answer_too_large",
  message: "the answer is larger than 1 MiB with its values put back",
};

const sanitisedTooLarge: Reason = {
  code: "answer_too_large",
  message: "the answer is larger than 1 MiB when it is made safe for where it goes",
};

function rejectedForSize(reasons: readonly Reason[], earlier: readonly GuardReport[]): Rejected {
  const findings = reasons.map(({ code, message }) => ({
    rule: code,
    version: "1",
    severity: "high" as const,
    field: "answer",
    message,
  }));
  const size: GuardReport = { guard: "output_size", verdict: "failed", findings };
  return { kind: "rejected", reasons, guards: [...earlier, size, contractNotRun("the answer is not whole")] };
}
