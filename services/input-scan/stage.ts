/**
 * input-scan: reads requests as they were published, decides on each, and
 * writes the first attempt of what is admitted, the terminal result of what is
 * refused or invalid, and the decision itself. What is invalid is dead-lettered
 * too. Costs no token.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { RunRequest } from "../../schemas/records/run-request.ts";
import type { InjectionScanner } from "../guards/injection/scanner.ts";
import type { Sealer, Tokeniser } from "../guards/privacy/cryptography.ts";
import { defineStage, type Stage } from "../runtime/stage.ts";
import { decide, type VersionedDefinition } from "./decide.ts";
import { traceDecision } from "./guard-spans.ts";
import { readRequest, type WireFormat } from "./read-request.ts";
import { arrivalOf, auditOf, deadLetterOf, resultOf, taskOf } from "./records.ts";
import type { Envelope } from "./rules/envelope.ts";

/** What services/runtime/definitions.ts gives. */
export interface DefinitionSource {
  current(name: string): VersionedDefinition | undefined;
  get(name: string, version: string): HarnessDefinition | undefined;
  /** Resolves when the control topic has been read to what is its end now. */
  catchUp(): Promise<void>;
}

export interface InputScanParts {
  readonly definitions: DefinitionSource;
  /** The scanner of the packs that are applied now. */
  readonly scanner: () => InjectionScanner;
  readonly wireFormat: WireFormat;
  /** Of hash tokens and pseudonyms; nulls when no key is configured. */
  readonly keys: { readonly tokeniser: Tokeniser | null; readonly sealer: Sealer | null };
}

export function inputScanStage({ definitions, scanner, wireFormat, keys }: InputScanParts): Stage {
  return defineStage({
    name: "input-scan",
    sources: ["harness-requests"],
    keepsEmitted: ["harness-scanned", "harness-results"],
    async process(record, context) {
      const envelope = await readRequest(record, wireFormat);
      const harness = await harnessOf(envelope, definitions);
      const decision = decide(envelope, { harness, scanner: scanner(), tokeniser: keys.tokeniser });
      const arrival = arrivalOf(record, { envelope, harness, context });
      traceDecision(arrival, decision);
      switch (decision.kind) {
        case "admitted":
          return { emissions: [auditOf(arrival, decision), taskOf(arrival, decision, keys.sealer)] };
        case "refused":
          return { emissions: [auditOf(arrival, decision), resultOf(arrival, decision)] };
        case "invalid":
          return {
            emissions: [auditOf(arrival, decision), resultOf(arrival, decision)],
            deadLetter: deadLetterOf(decision),
          };
      }
    },
  });
}

/** Before a harness is called unknown, the definitions are read to their end: it may have been applied a moment ago. */
async function harnessOf(envelope: Envelope, definitions: DefinitionSource): Promise<VersionedDefinition | null> {
  if (envelope.kind === "unusable") return null;
  const known = findHarness(envelope.request, definitions);
  if (known !== null) return known;
  await definitions.catchUp();
  return findHarness(envelope.request, definitions);
}

function findHarness(
  { harness, harness_version }: RunRequest,
  definitions: DefinitionSource,
): VersionedDefinition | null {
  if (harness_version === undefined) return definitions.current(harness) ?? null;
  const definition = definitions.get(harness, harness_version);
  return definition === undefined ? null : { version: harness_version, definition };
}
