/**
 * The records this stage writes about a request: the first attempt's task, the
 * terminal result of a run that ends here, and the audited decision. Their ids
 * derive from the run, so that a repeat is recognised by whoever reads it.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { HarnessRef, Origin, RunIdentity } from "../../schemas/parts/identity.ts";
import { noSpend } from "../../schemas/parts/usage.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { AuditDecision, SparedPrompt } from "../../schemas/audit/decision.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import type { AnswerKeys, Sealer } from "../guards/privacy/cryptography.ts";
import { pseudonymsIn } from "../guards/privacy/token-forms.ts";
import { messageText } from "../guards/prompt/conversation.ts";
import { cutMessages } from "../guards/prompt/cut-messages.ts";
import { clientHeader, contentOwnerOf, type ConsumedRecord, type DeadLetter, type Emission } from "../runtime/stage.ts";
import { isBatch } from "../../topics/lanes.ts";
import type { Decision, VersionedDefinition } from "./decide.ts";
import type { Claims, Envelope } from "./rules/envelope.ts";
import { contentEndOf, deadlineOf } from "./rules/early-end.ts";
import type { Judged } from "./rules/judge-content.ts";
import { bodySha256, deriveRunId } from "./run-id.ts";

const stage = "input-scan";

/** What is known of a request whatever becomes of it. */
export interface Arrival {
  readonly runId: string;
  readonly origin: Origin;
  readonly receivedAtMs: number;
  readonly nowMs: number;
  readonly claims: Claims;
  /** Null when the request names no harness that is defined. */
  readonly harness: HarnessRef | null;
  readonly policy: HarnessDefinition["policy"] | null;
  /** Of a harness that says how long its content can be read. */
  readonly contentUntilMs: RunIdentity["content_until_ms"];
  /** As it came in; undefined when it could not be read. */
  readonly input: unknown;
}

/** @throws Error when there are pseudonyms and nothing to seal them with: decide.ts refuses such a run. */
export function taskOf(
  arrival: Arrival,
  admitted: Admitted,
  { sealer, answerKeys }: { readonly sealer: Sealer | null; readonly answerKeys: AnswerKeys | null },
): Emission {
  const { request, harness, prompt, options } = admitted;
  const {
    harness: _name,
    harness_version: _pinned,
    input: _input,
    options: _asked,
    run_id: _given,
    ...attribution
  } = request;
  const value: AttemptTask = {
    kind: "attempt",
    ...attribution,
    run_id: arrival.runId,
    harness,
    attempt: 1,
    first_tier: 0,
    body_sha256: bodySha256(request),
    ...timesOf(arrival, admitted),
    origin: arrival.origin,
    messages: { plain: [...prompt.messages] },
    ...(options === undefined ? {} : { options }),
    ...(prompt.context === undefined ? {} : { context: { plain: prompt.context } }),
    ...sealedPseudonyms(arrival.runId, admitted, sealer),
    input_tokens_estimate: prompt.tokens,
    ...(prompt.fits === undefined ? {} : { fits: [...prompt.fits] }),
    spent: noSpend,
    ...answerKeyOf(admitted, answerKeys),
  };
  const id = `${arrival.runId}/1/${stage}/attempt`;
  const headers = { [clientHeader]: request.client_id };
  const topic = isBatch(value) ? "harness-scanned-batch" : "harness-scanned";
  return { topic, key: arrival.runId, id, type: "breakwater.attempt", value, headers };
}

function timesOf({ receivedAtMs, contentUntilMs }: Arrival, { request, deadlineMs }: Admitted) {
  return {
    received_at_ms: receivedAtMs,
    deadline_at_ms: deadlineOf(request, { receivedAtMs, deadlineMs, contentUntilMs }),
    ...(request.deadline_at_ms === undefined ? {} : { work_ms: deadlineMs }),
    ...(contentUntilMs === undefined ? {} : { content_until_ms: contentUntilMs }),
  };
}

/** Without a secret key the answer cannot be known again. */
function answerKeyOf(
  { request, harness, answerIsKept }: Admitted,
  answerKeys: AnswerKeys | null,
): Pick<AttemptTask, "answer_key"> {
  if (!answerIsKept || answerKeys === null) return {};
  const { client_id: clientId, subject_id: subjectId, input, options } = request;
  return { answer_key: answerKeys.keyOf({ clientId, harness, subjectId, input, options }) };
}

/** Only those that some tier gets to see after the cuts: nothing else can come back. */
function sealedPseudonyms(
  runId: string,
  { prompt, options, pseudonyms }: Admitted,
  sealer: Sealer | null,
): Pick<AttemptTask, "pseudonyms"> {
  if (pseudonyms.size === 0) return {};
  const { messages, fits } = prompt;
  const sent = fits === undefined ? messages : fits.flatMap(({ cuts }) => cutMessages(messages, cuts));
  const texts = [...sent.map(messageText), JSON.stringify(options ?? {})];
  const held = new Set(texts.flatMap((text) => pseudonymsIn(text)));
  const needed = new Map([...pseudonyms].filter(([token]) => held.has(token)));
  if (needed.size === 0) return {};
  if (sealer === null) throw new Error("pseudonyms without a key to seal them");
  return { pseudonyms: sealer.seal(runId, needed) };
}

/** The run's id: as its publisher gave it, else by where the request stands. */
export function runIdOf({ topic, partition, offset }: ConsumedRecord, envelope: Envelope, clusterId: string): string {
  const claims = envelope.kind === "request" ? envelope.request : envelope.claims;
  return claims.run_id ?? deriveRunId(clusterId, { topic, partition, offset: offset.toString() });
}

interface Read {
  readonly runId: string;
  readonly envelope: Envelope;
  readonly harness: VersionedDefinition | null;
  readonly nowMs: number;
}

export function arrivalOf(record: ConsumedRecord, { runId, envelope, harness, nowMs }: Read): Arrival {
  return {
    runId,
    origin: { topic: record.topic, partition: record.partition, offset: record.offset.toString() },
    receivedAtMs: record.timestampMs,
    nowMs,
    claims: envelope.kind === "request" ? envelope.request : envelope.claims,
    harness: harness === null ? null : { name: harness.definition.name, version: harness.version },
    policy: harness?.definition.policy ?? null,
    contentUntilMs: harness === null ? undefined : contentEndOf(harness.definition, record.timestampMs),
    input: envelope.kind === "request" ? envelope.request.input : undefined,
  };
}

/** Bytes that nobody can read are poison; a request that can be read and mended is rejected. */
export function deadLetterOf(
  { code, reasons }: Extract<Decision, { kind: "invalid" }>,
  envelope: Envelope,
): DeadLetter {
  const message = reasons.map((reason) => `${reason.path ?? ""} ${reason.message}`.trim()).join("; ");
  const poison = code === "not_json" || code === "schema_unknown" || code === "schema_mismatch";
  return { code, message, disposition: poison ? "poison" : "rejected", ...subjectOf(envelope) };
}

/** A request that cannot be read may be of a data subject whom it does not name as it should. */
function subjectOf(envelope: Envelope): Pick<DeadLetter, "subject"> {
  const subject = contentOwnerOf(envelope.kind === "request" ? envelope.request : envelope.claims);
  if (subject !== undefined) return { subject };
  return envelope.kind === "request" ? {} : { subject: "unknown" };
}

type Admitted = Extract<Decision, { kind: "admitted" }>;
type Ended = Extract<Decision, { kind: "refused" | "invalid" | "cancelled" | "expired" }>;

export function resultOf(arrival: Arrival, decision: Ended): Emission {
  const { client_id, feature, subject_id, document, correlation_id, replay_of } = arrival.claims;
  const value: RunResult = {
    kind: "result",
    run_id: arrival.runId,
    status: decision.kind,
    decided_by: stage,
    client_id: client_id ?? null,
    harness: arrival.harness,
    ...(feature === undefined ? {} : { feature }),
    ...(subject_id === undefined ? {} : { subject_id }),
    ...(document === undefined ? {} : { document }),
    ...(correlation_id === undefined ? {} : { correlation_id }),
    ...(replay_of === undefined ? {} : { replay_of }),
    origin: arrival.origin,
    received_at_ms: arrival.receivedAtMs,
    finished_at_ms: arrival.nowMs,
    attempts: 0,
    spent: noSpend,
    reasons: [...decision.reasons],
  };
  const id = `${arrival.runId}/0/${stage}/result`;
  return { topic: "harness-results", key: arrival.runId, id, type: "breakwater.run.result", value };
}

export function auditOf(arrival: Arrival, decision: Decision): Emission {
  return decisionRecord(arrival, {
    id: `${arrival.runId}/0/${stage}/decision`,
    decision: decision.kind,
    guards: decision.kind === "invalid" ? [] : decision.guards,
    reasons: decision.kind === "admitted" ? [] : decision.reasons,
    ...(decision.kind === "refused" && decision.spared !== undefined ? { spared: decision.spared } : {}),
  });
}

/** What a version in shadow would have done: its guards' verdicts, under its own version, and no effect. */
export function shadowAuditOf(
  arrival: Arrival,
  { version, definition }: VersionedDefinition,
  { guards, reasons }: Pick<Judged, "guards" | "reasons">,
): Emission {
  const { name, policy } = definition;
  return decisionRecord(
    { ...arrival, harness: { name, version }, policy },
    {
      id: `${arrival.runId}/0/${stage}/shadow/${version}`,
      decision: reasons.length > 0 ? "shadow_refused" : "shadow_admitted",
      guards,
      reasons,
    },
  );
}

interface Recorded {
  readonly id: string;
  readonly decision: string;
  readonly guards: readonly GuardReport[];
  readonly reasons: readonly Reason[];
  readonly spared?: SparedPrompt;
}

function decisionRecord(arrival: Arrival, { id, decision, guards, reasons, spared }: Recorded): Emission {
  const { client_id, feature, document } = arrival.claims;
  const value: AuditDecision = {
    kind: "decision",
    event_id: id,
    run_id: arrival.runId,
    stage,
    attempt: 0,
    decision,
    decided_at_ms: arrival.nowMs,
    client_id: client_id ?? null,
    harness: arrival.harness,
    ...(feature === undefined ? {} : { feature }),
    ...(document === undefined ? {} : { document }),
    policy: arrival.policy,
    guards: [...guards],
    reasons: [...reasons],
    ...(spared === undefined ? {} : { spared }),
  };
  const owner = contentOwnerOf({ ...arrival.claims, content_until_ms: arrival.contentUntilMs });
  const standsFor = { input: arrival.input, owner };
  return { topic: "harness-audit", key: arrival.runId, id, type: "breakwater.decision", value, standsFor };
}
