/**
 * input-scan: reads requests as they were published, decides on each, and
 * writes the first attempt of what is admitted, the terminal result of what is
 * refused or invalid, and the decision itself. What is invalid is dead-lettered
 * too. Costs no token.
 */
import { drawOf } from "../guards/draw.ts";
import type { AnswerKeys, Sealer, Tokeniser } from "../guards/privacy/cryptography.ts";
import type { InjectionScanner } from "../guards/injection/scanner.ts";
import type { NegotiatedPrices } from "../pricing/negotiated-prices.ts";
import { defineStage, type Outcome, type Stage } from "../runtime/stage.ts";
import { cancellationOf } from "./clients/cancellation.ts";
import { throttleOf, type Clients } from "./clients/throttle.ts";
import { isFiller } from "../runtime/requests/request-trimmer.ts";
import type { Commands } from "../runtime/commands/commands.ts";
import { decide } from "./decide.ts";
import { readRequest, type WireFormat } from "./read-request.ts";
import { arrivalOf, auditOf, deadLetterOf, resultOf, runIdOf, shadowAuditOf, taskOf, type Arrival } from "./records.ts";
import { noteDecision, tracedDecision } from "./traced-decision.ts";
import { earlyEnd } from "./rules/early-end.ts";
import type { InjectionModel } from "./rules/injection.ts";
import { judgeContent } from "./rules/judge-content.ts";
import { chooseVersion, shadowOf, type DefinitionSource } from "./versions/choose-version.ts";

export interface InputScanParts {
  readonly definitions: DefinitionSource;
  /** The scanner of the packs that are applied now. */
  readonly scanner: () => InjectionScanner;
  readonly model: InjectionModel;
  readonly wireFormat: WireFormat;
  /** Of hash tokens, pseudonyms and answers that are kept; nulls when no key is configured. */
  readonly keys: {
    readonly tokeniser: Tokeniser | null;
    readonly sealer: Sealer | null;
    readonly answerKeys: AnswerKeys | null;
  };
  readonly clients: Clients;
  readonly commands: Pick<Commands, "cancellation">;
  readonly negotiated: Pick<NegotiatedPrices, "find">;
}

export function inputScanStage(parts: InputScanParts): Stage {
  const { definitions, scanner, model, wireFormat, keys, clients, commands, negotiated } = parts;
  return defineStage({
    name: "input-scan",
    sources: ["harness-requests", "harness-requests-batch"],
    weights: { "harness-requests": 8 },
    keepsEmitted: ["harness-scanned", "harness-scanned-batch", "harness-results"],
    async process(record, context) {
      if (isFiller(record)) return { emissions: [] };
      const envelope = await readRequest(record, wireFormat, clients.trust);
      const runId = runIdOf(record, envelope, context.clusterId);
      const harness = await chooseVersion(envelope, definitions, runId);
      const arrival = arrivalOf(record, { runId, envelope, harness, nowMs: context.nowMs() });
      const cancelled = cancellationOf(commands, envelope, runId);
      const ended = earlyEnd(envelope, { ...arrival, harness, cancelled });
      if (ended !== null) return endEarly(arrival, ended);
      const tools = { scanner: scanner(), model, tokeniser: keys.tokeniser, negotiated };
      const { throttle, clientPromptTokens } = throttleOf(clients, record, { envelope, harness });
      const receivedAtMs = record.timestampMs;
      const rules = { ...tools, harness, runId, receivedAtMs, throttle, clientPromptTokens };
      const decision = tracedDecision(arrival, () => decide(envelope, rules));
      const audits = [auditOf(arrival, decision)];
      const shadow = shadowOf(envelope, definitions, harness);
      if (shadow !== null && envelope.kind === "request") {
        const draw = drawOf(runId, "signatures");
        audits.push(
          shadowAuditOf(arrival, shadow, judgeContent(shadow.definition, envelope.request, { ...tools, draw })),
        );
      }
      switch (decision.kind) {
        case "admitted":
          return { emissions: [...audits, taskOf(arrival, decision, keys)] };
        case "refused":
          return { emissions: [...audits, resultOf(arrival, decision)] };
        case "invalid":
          return { emissions: [...audits, resultOf(arrival, decision)], deadLetter: deadLetterOf(decision, envelope) };
      }
    },
  });
}

function endEarly(arrival: Arrival, ended: NonNullable<ReturnType<typeof earlyEnd>>): Outcome {
  noteDecision(arrival, ended);
  return { emissions: [auditOf(arrival, ended), resultOf(arrival, ended)] };
}
