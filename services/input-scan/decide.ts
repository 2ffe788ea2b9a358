/**
 * Decides what becomes of a request: admitted with its prompt, refused with
 * reasons (an input guard, for the user), or invalid (it cannot be a run, for
 * the operator too). Synchronous, total, without a clock: the same request,
 * definition and signatures give the same decision.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../schemas/parts/call-options.ts";
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { HarnessRef } from "../../schemas/parts/identity.ts";
import type { RunRequest } from "../../schemas/records/run-request.ts";
import type { SparedPrompt } from "../../schemas/audit/decision.ts";
import { drawOf } from "../guards/draw.ts";
import type { PseudonymMap } from "../guards/privacy/cryptography.ts";
import { sparedPromptOf } from "../guards/prompt/spared-prompt.ts";
import type { Tariff } from "../pricing/tariff.ts";
import type { GuardOutcome } from "./policy.ts";
import { fitContextWindow, type RenderedPrompt } from "./rules/context-window.ts";
import type { Envelope } from "./rules/envelope.ts";
import { judgeContent, type Judged } from "./rules/judge-content.ts";
import { refuseLongPrompt, refuseThrottled, type Throttle } from "./rules/limits.ts";
import { checkPromptSize } from "./rules/prompt-size.ts";
import type { GuardTools } from "./rules/texts/scan-texts.ts";
import { spotlight } from "./rules/spotlight.ts";

export interface VersionedDefinition {
  readonly version: string;
  readonly definition: HarnessDefinition;
}

export interface Rulebook extends Omit<GuardTools, "draw"> {
  /** The version that the run gets; null when there is none of that name. */
  readonly harness: VersionedDefinition | null;
  /** Marks in the prompt and the shares of canaries follow from it. */
  readonly runId: string;
  /** When the request came: its broker timestamp. */
  readonly receivedAtMs: number;
  /** The client has asked too often; null when it has not. */
  readonly throttle: Throttle | null;
  /** Tokens of the longest prompt that the client may send; undefined when it has no limit of its own. */
  readonly clientPromptTokens: number | undefined;
  /** Prices that go before the list; without them the list holds. */
  readonly negotiated?: Tariff["negotiated"];
}

export type Decision =
  | {
      readonly kind: "admitted";
      readonly request: RunRequest;
      readonly harness: HarnessRef;
      /** From the request's broker timestamp, milliseconds. */
      readonly deadlineMs: number;
      readonly prompt: RenderedPrompt;
      /** Of the caller, as the harness permits them and with their personal data replaced. */
      readonly options: CallOptions | undefined;
      /** What the pseudonyms in the prompt and the options stand for: to be sealed before it is written. */
      readonly pseudonyms: PseudonymMap;
      /** The harness gives it again when no model answers the same input. */
      readonly answerIsKept: boolean;
      readonly guards: readonly GuardReport[];
    }
  /** Before anything was scanned: by an operator, or because its time was over. */
  | {
      readonly kind: "cancelled" | "expired";
      readonly reasons: readonly Reason[];
      readonly guards: readonly GuardReport[];
    }
  | {
      readonly kind: "refused";
      readonly reasons: readonly Reason[];
      readonly guards: readonly GuardReport[];
      /** Absent when the same request is welcome later, or no prompt can be made of it. */
      readonly spared?: SparedPrompt;
    }
  | { readonly kind: "invalid"; readonly code: DeadLetterCode; readonly reasons: readonly Reason[] };

/** What `decide` says: it is asked only of runs that have not ended early. */
export type Ruling = Exclude<Decision, { readonly kind: "cancelled" | "expired" }>;

export function decide(envelope: Envelope, rules: Rulebook): Ruling {
  if (envelope.kind === "unusable") return { kind: "invalid", code: envelope.code, reasons: envelope.reasons };
  const { request } = envelope;
  if (rules.harness === null) return unknownHarness(request);
  const { definition, version } = rules.harness;
  const isSealed = request.subject_id !== undefined || definition.retention !== undefined;
  if (isSealed && rules.tokeniser === null) return { kind: "refused", reasons: [unsealable(request)], guards: [] };
  const throttled = refuseThrottled(rules.throttle);
  if (throttled !== null) return { kind: "refused", reasons: throttled.reasons, guards: [throttled.report] };
  const judged = judgeContent(definition, request, { ...rules, draw: drawOf(rules.runId, "signatures") });
  const spared = () => sparedBy(definition, request.input, rules);
  if (judged.reasons.length > 0)
    return { kind: "refused", reasons: judged.reasons, guards: judged.guards, ...spared() };
  const { prompt, report, reasons } = makePrompt(definition, judged, rules);
  const guards = [...judged.guards, report];
  if (reasons.length > 0) return { kind: "refused", reasons, guards, ...spared() };
  const { options, pseudonyms } = judged;
  const harness = { name: definition.name, version };
  const { deadlineMs, degrade } = definition;
  const answerIsKept = degrade?.lastGoodAnswer !== undefined;
  return { kind: "admitted", request, harness, deadlineMs, prompt, options, pseudonyms, answerIsKept, guards };
}

function unsealable({ subject_id: subjectId }: Pick<RunRequest, "subject_id">): Reason {
  const [why, path] =
    subjectId === undefined
      ? ["its harness says how long content is kept", "/harness"]
      : ["it names a data subject", "/subject_id"];
  const message = `${why}, and there is no key to seal it under: set BREAKWATER_SECRET_KEY`;
  return { code: "no_secret_key", message, path };
}

function sparedBy(
  definition: HarnessDefinition,
  input: RunRequest["input"],
  { receivedAtMs: atMs, negotiated }: Rulebook,
): { readonly spared?: SparedPrompt } {
  const spared = sparedPromptOf(definition, input, { atMs, negotiated });
  return spared === null ? {} : { spared };
}

function makePrompt(
  definition: HarnessDefinition,
  { input, options }: Pick<Judged, "input" | "options">,
  { runId, receivedAtMs, clientPromptTokens, negotiated }: Rulebook,
): GuardOutcome & { readonly prompt: RenderedPrompt } {
  const spotlit = spotlight(definition, input, runId);
  const settings = { atMs: receivedAtMs, negotiated, frames: spotlit.frames, options };
  const fitted = fitContextWindow(spotlit.definition, spotlit.input, settings);
  const { context } = fitted.prompt;
  const prompt = { ...fitted.prompt, context: context === undefined ? undefined : spotlit.unmark(context) };
  if (fitted.reasons.length > 0) return { ...fitted, prompt };
  const tooLong = refuseLongPrompt(prompt.tokens, [definition.limits?.promptTokens, clientPromptTokens]);
  return { ...(tooLong ?? checkPromptSize(prompt, options) ?? fitted), prompt };
}

function unknownHarness({ harness_version }: RunRequest): Ruling {
  const anyVersion = harness_version === undefined;
  const message = anyVersion ? "no harness of this name is defined" : "this version of the harness is not defined";
  const path = anyVersion ? "/harness" : "/harness_version";
  return {
    kind: "invalid",
    code: "harness_unknown",
    reasons: [{ code: "harness_unknown", message, path, rule: "harness_known" }],
  };
}
