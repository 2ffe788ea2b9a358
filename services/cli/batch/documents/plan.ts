/**
 * Turns documents into runs: each distinct text is one run, whose id follows
 * from the batch, the text and the definition's version. Reads every document
 * once and keeps none of them in memory.
 */
import type { HarnessRef } from "../../../../schemas/parts/identity.ts";
import { maxRequestBytes, type RunRequest } from "../../../../schemas/records/run-request.ts";
import { batchRunId } from "../../../runtime/requests/run-ids.ts";
import type { DocumentNote } from "../reading/document-note.ts";
import {
  readDocument,
  tooLargeMessage,
  type DocumentPlace,
  type DocumentProblem,
  type DocumentText,
} from "./find-documents.ts";

export interface BatchIdentity {
  readonly batchId: string;
  readonly harness: HarnessRef;
  readonly clientId: string;
  readonly feature: string | undefined;
  /** Of every document, Unix milliseconds. */
  readonly deadlineAtMs: number | undefined;
  /** Input field that the document's text goes into. */
  readonly field: string;
}

export interface PlannedDocument {
  readonly name: string;
  readonly sha256: string;
  readonly runId: string;
  /** Name of the document with the same bytes that came first; this one is not published. */
  readonly duplicateOf: string | undefined;
  readonly notes: readonly DocumentNote[];
}

export interface BatchPlan {
  readonly documents: readonly PlannedDocument[];
  readonly problems: readonly DocumentProblem[];
}

export async function planBatch(
  identity: BatchIdentity,
  names: readonly string[],
  place: DocumentPlace,
): Promise<BatchPlan> {
  const documents: PlannedDocument[] = [];
  const problems: DocumentProblem[] = [];
  const firstOf = new Map<string, string>();
  for (const name of names) {
    const read = await readDocument(name, place);
    if (read.kind === "problem") {
      problems.push(read.problem);
      continue;
    }
    const bytes = requestBytes(documentRequest(identity, read.document));
    if (bytes > maxRequestBytes) {
      problems.push({ name, code: "too_large", message: tooLargeMessage(bytes) });
      continue;
    }
    const { sha256, notes } = read.document;
    documents.push({
      name,
      sha256,
      runId: batchRunId(identity.batchId, sha256, identity.harness.version),
      duplicateOf: firstOf.get(sha256),
      notes,
    });
    if (!firstOf.has(sha256)) firstOf.set(sha256, name);
  }
  return { documents, problems };
}

export function documentRequest(
  identity: BatchIdentity,
  { name, sha256, text }: Omit<DocumentText, "notes">,
): RunRequest & { readonly run_id: string } {
  return {
    run_id: batchRunId(identity.batchId, sha256, identity.harness.version),
    harness: identity.harness.name,
    harness_version: identity.harness.version,
    client_id: identity.clientId,
    ...(identity.feature === undefined ? {} : { feature: identity.feature }),
    document: { batch_id: identity.batchId, name, sha256 },
    ...(identity.deadlineAtMs === undefined ? {} : { deadline_at_ms: identity.deadlineAtMs }),
    input: { [identity.field]: text },
  };
}

function requestBytes(request: RunRequest): number {
  return Buffer.byteLength(JSON.stringify(request));
}
