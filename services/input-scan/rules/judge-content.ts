/**
 * Judges what a request holds, without its prompt: the input against its
 * contract, the conversation in it against the protocol of tools, the caller's
 * options against what the harness permits, and all texts of both by the guards
 * that read texts. Also what a version in shadow does.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import { compileContract, declaredNames } from "../../guards/contract.ts";
import { numberCalls, readConversation, type Breach } from "../../guards/prompt/conversation.ts";
import { runGuard, type GuardOutcome } from "../policy.ts";
import { judgeOptions } from "./caller-options.ts";
import { readOptionTexts, replaceOptionTexts } from "./texts/option-texts.ts";
import { readTexts, replaceTexts } from "./texts/input-texts.ts";
import { scanTexts, type GuardTools, type ScannedTexts } from "./texts/scan-texts.ts";

type Input = Readonly<Record<string, unknown>>;

const notPermitted = "option_not_permitted";

/** What of a request the guards change: its personal data is replaced where the policy says so. */
interface Content {
  readonly input: Input;
  /** Of the caller, as the harness permits them. */
  readonly options: CallOptions | undefined;
}

export interface Judged extends Content, Pick<ScannedTexts, "guards" | "reasons" | "pseudonyms"> {}

export function judgeContent(
  definition: HarnessDefinition,
  request: Pick<RunRequest, "input" | "options" | "client_id">,
  tools: GuardTools,
): Judged {
  const contract = runGuard("input_contract", "closed", () => inputContract(definition.input.schema, request.input));
  const options = judgeOptions(definition, request.options);
  const conversation = judgeConversation(definition, request.input);
  const outcomes = [contract, conversation.outcome, options].filter((outcome) => outcome !== null);
  const guards = outcomes.map(({ report }) => report);
  const reasons = mostTelling(outcomes.flatMap(({ reasons: own }) => own));
  const content = { input: conversation.input, options: options?.options };
  if (reasons.length > 0) return { ...content, guards, reasons, pseudonyms: new Map() };
  const scanned = scanContent(content, { definition, tools: { ...tools, clientId: request.client_id } });
  return { ...scanned, guards: [...guards, ...scanned.guards] };
}

/** What the harness does not permit explains why its contract is broken; how a conversation must go does not matter then. */
function mostTelling(reasons: readonly Reason[]): readonly Reason[] {
  const of = (code: string): readonly Reason[] => reasons.filter((reason) => reason.code === code);
  const [first, ...others] = [of(notPermitted), of("input_contract")].filter((some) => some.length > 0);
  return first === undefined ? reasons : [...first, ...others.flat(), ...of("option_invalid")];
}

interface Scan {
  readonly definition: HarnessDefinition;
  readonly tools: GuardTools & { readonly clientId: string };
}

function scanContent(content: Content, { definition, tools }: Scan): Judged {
  const { input: source, prompt, knobs } = definition;
  const declared = declaredNames(source.schema);
  const conversation = prompt.messages;
  const inputTexts = readTexts(content.input, declared, { ...source, conversation });
  const scanned = scanTexts([...inputTexts, ...readOptionTexts(content.options)], knobs, tools);
  const { guards, reasons, replacements, pseudonyms } = scanned;
  const judged = { ...content, guards, reasons, pseudonyms };
  if (replacements.size === 0 || reasons.length > 0) return judged;
  const ofOptions = new Map([...replacements].map(([index, text]) => [index - inputTexts.length, text]));
  const replaced = {
    input: replaceTexts(content.input, { declared, conversation, replacements }),
    options: content.options && replaceOptionTexts(content.options, ofOptions),
  };
  const broken = brokenByReplacing(definition, replaced);
  return { ...judged, ...replaced, options: replaced.options ?? undefined, reasons: broken };
}

/** A value can stand where nothing can be put in its place: in a tool's name, or in what makes a schema one. */
function brokenByReplacing(
  definition: HarnessDefinition,
  { input, options }: { readonly input: Input; readonly options: CallOptions | null | undefined },
): readonly Reason[] {
  const conversation = judgeConversation(definition, input).outcome?.reasons ?? [];
  const paths = [
    ...conversation.map(({ path = "" }) => path),
    ...(options === null || (judgeOptions(definition, options)?.reasons ?? []).length > 0 ? ["/options"] : []),
  ];
  const message = "holds personal data in the name or the schema of a tool, where it cannot be taken out";
  return paths.map((path) => ({ code: "pii", message, path, rule: "pii.replaceable" }));
}

interface JudgedConversation {
  /** Null when there is nothing to say about it. */
  readonly outcome: GuardOutcome | null;
  /** With numbers in place of the callers' ids of calls. */
  readonly input: Input;
}

/** What is no list of messages at all is left to the contract. */
function judgeConversation(
  { prompt: { messages: name }, callers }: HarnessDefinition,
  input: Input,
): JudgedConversation {
  if (name === undefined || !Object.hasOwn(input, name)) return { outcome: null, input };
  const read = readConversation(input[name], callers);
  if (read.kind === "broken") return { outcome: conversationBroken(name, read.breaches), input };
  return { outcome: null, input: callers?.tools === true ? { ...input, [name]: numberCalls(read.messages) } : input };
}

function conversationBroken(name: string, breaches: readonly Breach[]): GuardOutcome {
  const guard = "conversation";
  const reasons = breaches.map(({ path, rule, message }) => {
    const code = rule.startsWith("callers.") ? notPermitted : "conversation_invalid";
    return { code, message, path: `/${name}${path}`, rule };
  });
  return { report: { guard, verdict: "blocked", findings: [] }, reasons };
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
