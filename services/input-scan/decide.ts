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
import type { InjectionScanner } from "../guards/injection/scanner.ts";
import type { PseudonymMap, Tokeniser } from "../guards/privacy/cryptography.ts";
import { runGuard, type GuardOutcome } from "./policy.ts";
import { fitContextWindow, type RenderedPrompt } from "./rules/context-window.ts";
import type { Envelope } from "./rules/envelope.ts";
import { readTexts, replaceTexts } from "./rules/input-texts.ts";
import { checkPromptSize } from "./rules/prompt-size.ts";
import { scanInjection } from "./rules/injection.ts";
import { scanPii, type PiiOutcome } from "./rules/pii.ts";

export interface VersionedDefinition {
  readonly version: string;
  readonly definition: HarnessDefinition;
}

export interface Rulebook {
  /** The version that the request pins, or the current one; null when there is none of that name. */
  readonly harness: VersionedDefinition | null;
  readonly scanner: InjectionScanner;
  /** Null when no key is configured: policies that hash or pseudonymise then refuse. */
  readonly tokeniser: Tokeniser | null;
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
      readonly guards: readonly GuardReport[];
    }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[]; readonly guards: readonly GuardReport[] }
  | { readonly kind: "invalid"; readonly code: DeadLetterCode; readonly reasons: readonly Reason[] };

export function decide(envelope: Envelope, { harness, scanner, tokeniser }: Rulebook): Decision {
  if (envelope.kind === "unusable") return { kind: "invalid", code: envelope.code, reasons: envelope.reasons };
  const { request } = envelope;
  if (harness === null) return unknownHarness(request);
  const { definition, version } = harness;
  const contract = runGuard("input_contract", "closed", () => inputContract(definition, request.input));
  if (contract.reasons.length > 0) return { kind: "refused", reasons: contract.reasons, guards: [contract.report] };
  const scanned = scanContent(definition, request, { scanner, tokeniser });
  const guards = [contract.report, ...scanned.guards];
  if (scanned.reasons.length > 0) return { kind: "refused", reasons: scanned.reasons, guards };
  const { prompt, ...fitted } = fitContextWindow(definition, scanned.input);
  const { report, reasons } = fitted.reasons.length > 0 ? fitted : (checkPromptSize(prompt) ?? fitted);
  guards.push(report);
  if (reasons.length > 0) return { kind: "refused", reasons, guards };
  const admittedAs = { name: definition.name, version };
  const { deadlineMs } = definition;
  return { kind: "admitted", request, harness: admittedAs, deadlineMs, prompt, pseudonyms: scanned.pseudonyms, guards };
}

interface Scanned {
  readonly guards: readonly GuardReport[];
  readonly reasons: readonly Reason[];
  /** The input with its personal data replaced where the policy says so. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly pseudonyms: PseudonymMap;
}

/** Both guards run, also when the first refuses: the audit shows all that was wrong. */
function scanContent(
  { input: { schema }, knobs }: HarnessDefinition,
  { input, client_id }: RunRequest,
  { scanner, tokeniser }: Pick<Rulebook, "scanner" | "tokeniser">,
): Scanned {
  const declared = declaredNames(schema);
  const texts = readTexts(input, declared);
  const injection = runGuard("injection", knobs.injection.failMode, () =>
    scanInjection(texts, knobs.injection, scanner),
  );
  const pii = runGuard("pii", knobs.pii.failMode, () => scanPii(texts, knobs.pii, { clientId: client_id, tokeniser }));
  const { replacements, pseudonyms } = "replacements" in pii ? pii : nothingReplaced;
  return {
    guards: [injection.report, pii.report],
    reasons: [...injection.reasons, ...pii.reasons],
    input: replacements.size === 0 ? input : replaceTexts(input, declared, replacements),
    pseudonyms,
  };
}

const nothingReplaced: Pick<PiiOutcome, "replacements" | "pseudonyms"> = {
  replacements: new Map(),
  pseudonyms: new Map(),
};

function unknownHarness({ harness_version }: RunRequest): Decision {
  const anyVersion = harness_version === undefined;
  const message = anyVersion ? "no harness of this name is defined" : "this version of the harness is not defined";
  const path = anyVersion ? "/harness" : "/harness_version";
  return {
    kind: "invalid",
    code: "harness_unknown",
    reasons: [{ code: "harness_unknown", message, path, rule: "harness_known" }],
  };
}

function inputContract(definition: HarnessDefinition, input: unknown): GuardOutcome {
  const reasons = compileContract(definition.input.schema)(input);
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
