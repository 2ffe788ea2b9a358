/**
 * One process of the identity pipeline, the yardstick: the same topics in the
 * same shape as Breakwater's (request, task, started and finished record,
 * result, a sink that reads them all), the same process count, the same HTTP
 * call in the middle, and nothing else: JSON in, JSON out, no guard, no journal
 * lookup, no ledger. Plain kafkajs, written as fast as we know how.
 *
 * usage: worker.ts <scan|invoke|validate|sink> <brokers> <provider url>
 */
import { Agent, request } from "node:http";
import { Kafka, logLevel, type Message } from "kafkajs";
import { openBatcher, type Batcher } from "./batcher.ts";

const [role = "", brokers = "", providerUrl = ""] = process.argv.slice(2);
const kafka = new Kafka({ clientId: `identity-${role}`, brokers: brokers.split(","), logLevel: logLevel.ERROR });
const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

/** One POST to the provider stand-in, the same body size as the real call. */
function callProvider(body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${providerUrl}/v1/chat/completions`,
      { agent, method: "POST", headers: { "content-type": "application/json", authorization: "Bearer identity" } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

interface Step {
  readonly sources: readonly string[];
  readonly process: (value: Readonly<Record<string, unknown>>, partition: number, out: Batcher) => Promise<void>;
}

function record(partition: number, value: Readonly<Record<string, unknown>>): Message {
  return { key: String(value["run_id"]), partition, value: JSON.stringify(value) };
}

const steps: Readonly<Record<string, Step>> = {
  scan: {
    sources: ["identity-requests"],
    process: (value, partition, out) => out.send("identity-scanned", record(partition, { ...value, kind: "attempt" })),
  },
  invoke: {
    sources: ["identity-scanned"],
    process: async (value, partition, out) => {
      await out.send("identity-calls", record(partition, { run_id: value["run_id"], kind: "started" }));
      const messages = [{ role: "user", content: JSON.stringify(value["input"]) }];
      const answer = await callProvider(JSON.stringify({ model: "gpt-4o", max_tokens: 200, messages }));
      const finished = { ...value, kind: "finished", answer: JSON.parse(answer) };
      await out.send("identity-calls", record(partition, finished));
    },
  },
  validate: {
    sources: ["identity-calls"],
    process: async (value, partition, out) => {
      if (value["kind"] !== "finished") return;
      await out.send("identity-results", record(partition, { run_id: value["run_id"], answer: value["answer"] }));
    },
  },
  sink: { sources: ["identity-calls", "identity-results"], process: () => Promise.resolve() },
};

const step = steps[role];
if (step === undefined) throw new Error(`no such role: ${role}`);
const batcher = await openBatcher(kafka);
const consumer = kafka.consumer({ groupId: `identity-${role}`, maxWaitTimeInMs: 200, sessionTimeout: 30_000 });
await consumer.connect();
await consumer.subscribe({ topics: [...step.sources], fromBeginning: true });
consumer.on("consumer.group_join", () => process.send?.({ kind: "ready" }));
await consumer.run({
  partitionsConsumedConcurrently: 16,
  eachBatch: ({ batch }) => {
    for (const message of batch.messages) {
      const value: Readonly<Record<string, unknown>> = JSON.parse(message.value?.toString("utf8") ?? "{}");
      step.process(value, batch.partition, batcher).catch((error: unknown) => {
        process.stderr.write(`identity ${role}: ${String(error)}\n`);
        process.exit(1);
      });
    }
    return Promise.resolve();
  },
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
