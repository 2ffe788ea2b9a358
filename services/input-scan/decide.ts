/**
 * Decides what becomes of a request: admitted with its prompt, refused with
 * reasons (an input guard, for the user), or invalid (it cannot be a run, for
 * the operator too). Synchronous, total, without a clock: the same request,
 * definition and signatures give the same decision.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { HarnessRef } from "../../schemas/parts/identity.ts";
import type { RunRequest } from "../../schemas/records/run-request.ts";
import { compileContract, declaredNames } from "../guards/contract.ts";
import { drawOf } from "../guards/draw.ts";
import type { PseudonymMap } from "../guards/privacy/cryptography.ts";
import { runGuard, type GuardOutcome } from "./policy.ts";
import { fitContextWindow, type RenderedPrompt } from "./rules/context-window.ts";
import type { Envelope } from "./rules/envelope.ts";
import { refuseLongPrompt, refuseThrottled, type Throttle } from "./rules/limits.ts";
import { readTexts, replaceTexts } from "./rules/texts/input-texts.ts";
import { checkPromptSize } from "./rules/prompt-size.ts";
import { scanTexts, type GuardTools, type ScannedTexts } from "./rules/texts/scan-texts.ts";
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
}

export type Decision =
  | {
      readonly kind: "admitted";
      readonly request: RunRequest;
      readonly harness: HarnessRef;
      /** From the request's broker timestamp, milliseconds. */
      readonly deadlineMs: number;
      readonly prompt: RenderedPrompt;
      /** What the pseudonyms in the prompt stand for: to be sealed before it is written. */
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
  | { readonly kind: "refused"; readonly reasons: readonly Reason[]; readonly guards: readonly GuardReport[] }
  | { readonly kind: "invalid"; readonly code: DeadLetterCode; readonly reasons: readonly Reason[] };

/** What `decide` says: it is asked only of runs that have not ended early. */
export type Ruling = Exclude<Decision, { readonly kind: "cancelled" | "expired" }>;

export function decide(envelope: Envelope, rules: Rulebook): Ruling {
  if (envelope.kind === "unusable") return { kind: "invalid", code: envelope.code, reasons: envelope.reasons };
  const { request } = envelope;
  if (rules.harness === null) return unknownHarness(request);
  const { definition, version } = rules.harness;
  const throttled = refuseThrottled(rules.throttle);
  if (throttled !== null) return { kind: "refused", reasons: throttled.reasons, guards: [throttled.report] };
  const judged = judgeContent(definition, request, { ...rules, draw: drawOf(rules.runId, "signatures") });
  if (judged.reasons.length > 0) return { kind: "refused", reasons: judged.reasons, guards: judged.guards };
  const { prompt, report, reasons } = makePrompt(definition, judged.input, rules);
  const guards = [...judged.guards, report];
  if (reasons.length > 0) return { kind: "refused", reasons, guards };
  const { pseudonyms } = judged;
  const harness = { name: definition.name, version };
  const { deadlineMs, degrade } = definition;
  const answerIsKept = degrade?.lastGoodAnswer !== undefined;
  return { kind: "admitted", request, harness, deadlineMs, prompt, pseudonyms, answerIsKept, guards };
}

type Input = Readonly<Record<string, unknown>>;

export interface Judged extends Pick<ScannedTexts, "guards" | "reasons" | "pseudonyms"> {
  /** The input with its personal data replaced where the policy says so. */
  readonly input: Input;
}

/** Contract and guards, without the prompt: also what a version in shadow does. */
export function judgeContent(
  { input: source, knobs }: HarnessDefinition,
  { input, client_id }: Pick<RunRequest, "input" | "client_id">,
  tools: GuardTools,
): Judged {
  const contract = runGuard("input_contract", "closed", () => inputContract(source.schema, input));
  const { report, reasons } = contract;
  if (reasons.length > 0) return { guards: [report], reasons, input, pseudonyms: new Map() };
  const declared = declaredNames(source.schema);
  const scanned = scanTexts(readTexts(input, declared, source), knobs, { ...tools, clientId: client_id });
  const { replacements, pseudonyms } = scanned;
  return {
    guards: [report, ...scanned.guards],
    reasons: scanned.reasons,
    input: replacements.size === 0 ? input : replaceTexts(input, declared, replacements),
    pseudonyms,
  };
}

function makePrompt(
  definition: HarnessDefinition,
  input: Input,
  { runId, receivedAtMs, clientPromptTokens }: Rulebook,
): GuardOutcome & { readonly prompt: RenderedPrompt } {
  const spotlit = spotlight(definition, input, runId);
  const settings = { atMs: receivedAtMs, frames: spotlit.frames };
  const fitted = fitContextWindow(spotlit.definition, spotlit.input, settings);
  const { context } = fitted.prompt;
  const prompt = { ...fitted.prompt, context: context === undefined ? undefined : spotlit.unmark(context) };
  if (fitted.reasons.length > 0) return { ...fitted, prompt };
  const tooLong = refuseLongPrompt(prompt.tokens, [definition.limits?.promptTokens, clientPromptTokens]);
  return { ...(tooLong ?? checkPromptSize(prompt) ?? fitted), prompt };
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

function inputContract(schema: HarnessDefinition["input"]["schema"], input: unknown): GuardOutcome {
  const reasons = compileContract(schema)(input);
  const findings = reasons.map(({ path, rule, message }) => ({
    rule: `input_contract.${rule ?? "schema"}`,
    version: "1",
    severity: "medium" as const,
    message,
    ...(path === undefined ? {} : { field: path }),
  }));
  return {
    report: { guard: "input_contract", verdict: reasons.length === 0 ? "passed" : "blocked", findings },
    reasons: reasons.map((reason) => ({ ...reason, code: "input_contract" })),
  };
}
