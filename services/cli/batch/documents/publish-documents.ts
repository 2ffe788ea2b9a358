/**
 * Publishes documents a chunk at a time: read, send, wait for the broker, write
 * down what it has acknowledged, go on. A document whose bytes changed since
 * the plan was made is left out and listed, as its run id belongs to the old
 * bytes.
 */
import type { Publish } from "../../../runtime/stage.ts";
import { requestEmission, type RequestTopic } from "../../../runtime/requests/request-record.ts";
import type { Acknowledged } from "../batch-files.ts";
import { readDocument, type DocumentPlace, type DocumentProblem } from "./find-documents.ts";
import { documentRequest, type BatchIdentity, type PlannedDocument } from "./plan.ts";

export interface Publishing {
  readonly identity: BatchIdentity;
  readonly requests: RequestTopic;
  readonly place: DocumentPlace;
  readonly publish: Publish;
  readonly signal: AbortSignal;
  /** Resolves when the acknowledgements are on disk. */
  onAcknowledged(acks: readonly Acknowledged[]): Promise<void>;
}

export interface Published {
  readonly count: number;
  readonly problems: readonly { readonly runId: string; readonly problem: DocumentProblem }[];
}

const chunkRecords = 100;
const chunkBytes = 4 * 1024 * 1024;

/** @throws the signal's reason when it aborts between two chunks. */
export async function publishDocuments(
  documents: readonly PlannedDocument[],
  publishing: Publishing,
): Promise<Published> {
  const problems: { runId: string; problem: DocumentProblem }[] = [];
  let chunk: ReturnType<typeof documentRequest>[] = [];
  let bytes = 0;
  let count = 0;
  const send = async (): Promise<void> => {
    publishing.signal.throwIfAborted();
    await sendChunk(chunk, publishing);
    count += chunk.length;
    chunk = [];
    bytes = 0;
  };
  for (const { name, sha256, runId } of documents) {
    const read = await readDocument(name, publishing.place);
    if (read.kind === "problem") problems.push({ runId, problem: read.problem });
    else if (read.document.sha256 !== sha256)
      problems.push({
        runId,
        problem: { name, code: "changed", message: "it was changed while the batch was being published" },
      });
    else {
      chunk.push(documentRequest(publishing.identity, read.document));
      bytes += read.document.text.length;
    }
    if (chunk.length >= chunkRecords || bytes >= chunkBytes) await send();
  }
  if (chunk.length > 0) await send();
  return { count, problems };
}

async function sendChunk(chunk: readonly ReturnType<typeof documentRequest>[], publishing: Publishing): Promise<void> {
  const acks = await publishing.publish(chunk.map((request) => requestEmission(request, publishing.requests)));
  await publishing.onAcknowledged(
    chunk.flatMap((request, index) => {
      const ack = acks[index];
      if (ack === undefined) return [];
      const document = request.document?.name ?? "";
      return [
        {
          kind: "acknowledged" as const,
          run_id: request.run_id,
          document,
          partition: ack.partition,
          offset: ack.offset.toString(),
        },
      ];
    }),
  );
}
