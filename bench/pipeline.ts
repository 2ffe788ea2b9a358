/**
 * A pipeline as the benches load it: publishes requests and says which runs
 * have their result. A run that does not end `ok` ends the bench: one that is
 * refused at once would make a fine figure.
 */
import { createKafka } from "../services/runtime/kafka/client.ts";
import { openLogReader, type LogReader } from "../services/runtime/kafka/log-reader.ts";
import { partitionOf } from "../services/runtime/kafka/murmur2.ts";
import { openProducer, type RecordProducer } from "../services/runtime/kafka/producer.ts";
import { plainKafkaSettings } from "../services/runtime/kafka/settings.ts";
import type { Pipeline } from "./load.ts";

/** Partitions of each flow topic of the embedded default. */
export const partitions = 6;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What publishes and reads beside the system under test. */
export interface Edge {
  readonly producer: RecordProducer;
  readonly reader: LogReader;
  readonly signal: AbortSignal;
  readonly close: () => Promise<void>;
}

export async function openEdge(brokers: string): Promise<Edge> {
  const settings = plainKafkaSettings(brokers);
  const stop = new AbortController();
  const producer = await openProducer({ kafka: createKafka(settings, "bench", silent), source: "bench" });
  const reader = await openLogReader(settings, "bench-reader", silent);
  const close = async (): Promise<void> => {
    stop.abort();
    await reader.close();
    await producer.close();
  };
  return { producer, reader, signal: stop.signal, close };
}

export interface PipelineShape {
  readonly name: string;
  readonly requests: string;
  readonly results: string;
  /** The request of a run, less its id. */
  readonly request: (runId: string) => object;
  /** Of the request's record. */
  readonly headers?: (runId: string) => Readonly<Record<string, string>>;
}

export async function openPipeline(shape: PipelineShape, edge: Edge): Promise<Pipeline> {
  const { name, requests, results, request, headers = () => ({}) } = shape;
  let listener: (runId: string) => void = () => undefined;
  const offsets = await edge.reader.offsets(results);
  const starts = [...offsets].map(([partition, { high }]) => ({ partition, from: high }));
  const caughtUp = Promise.withResolvers<void>();
  edge.reader
    .follow({
      topic: results,
      starts,
      onRecord: ({ key, value }) => {
        refuseOtherThanOk(value);
        listener(key?.toString("utf8") ?? "");
      },
      onCaughtUp: () => caughtUp.resolve(),
      signal: edge.signal,
    })
    .catch(caughtUp.reject);
  await caughtUp.promise;
  return {
    name,
    publish: async (runId) => {
      const partition = partitionOf(Buffer.from(runId), partitions);
      const body = Buffer.from(JSON.stringify({ run_id: runId, ...request(runId) }));
      await edge.producer.send([{ topic: requests, partition, key: runId, value: body, headers: headers(runId) }]);
    },
    onResult: (callback) => {
      listener = callback;
    },
  };
}

/** The identity pipeline's results have no status. */
function refuseOtherThanOk(value: Buffer | null): void {
  const status = /"status":"(\w+)"/.exec(value?.toString("latin1") ?? "")?.[1] ?? "ok";
  if (status === "ok") return;
  process.stderr.write(`a run ended ${status}, not ok: these would be no figures\n`);
  process.exit(1);
}
