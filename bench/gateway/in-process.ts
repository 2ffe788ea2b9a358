/**
 * The gateway's own server and routes over runs that are made in this very
 * process, without Kafka: what the HTTP edge costs alone, and what it costs with
 * all guards of the harness's policy before and behind the call. For comparison
 * only: nothing is durable here. A process of its own: prints where it answers.
 * Arguments: proxy|guarded, the provider's base URL.
 */
import { globSync } from "node:fs";
import { v7 as uuidv7 } from "uuid";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Message } from "../../schemas/parts/content.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { loadHarnesses } from "../../services/cli/commands/harness.ts";
import { loadPacks } from "../../services/cli/commands/signatures.ts";
import type { HarnessFile } from "../../services/cli/harness/publish-harnesses.ts";
import type { Admission } from "../../services/gateway/admission/admission.ts";
import { anthropicDialect } from "../../services/gateway/anthropic/anthropic-dialect.ts";
import { chatRoutes } from "../../services/gateway/chat/chat-routes.ts";
import { gatewayVariables, hardeningOf } from "../../services/gateway/config.ts";
import { nativeError } from "../../services/gateway/http/errors.ts";
import { openGatewayMetrics } from "../../services/gateway/http/gateway-metrics.ts";
import { OpenRequests } from "../../services/gateway/http/open-requests.ts";
import { openaiDialect } from "../../services/gateway/openai/openai-dialect.ts";
import type { NewRun } from "../../services/gateway/runs/run-desk.ts";
import { buildServer } from "../../services/gateway/server.ts";
import { buildScanner } from "../../services/guards/injection/scanner.ts";
import { renderPrompt } from "../../services/guards/prompt/render.ts";
import { decide } from "../../services/input-scan/decide.ts";
import { linearModel } from "../../services/input-scan/rules/injection.ts";
import { readPack } from "../../services/input-scan/signatures.ts";
import { judgeAnswer } from "../../services/output-validate/rules/judge-answer.ts";
import { openProviders } from "../../services/providers/call-provider.ts";
import { readConfig } from "../../services/runtime/config.ts";
import { createLogger } from "../../services/runtime/logger.ts";

const [mode, providerUrl] = process.argv.slice(2);
const harnessFile = (await loadHarnesses(["harnesses/assistant"]))[0];
if (harnessFile === undefined) throw new Error("the bench's harness is gone");
const { definition, version }: HarnessFile = harnessFile;
const packs = await loadPacks(globSync("harnesses/signatures/*.yaml"));
const scanner = buildScanner(packs.map((pack) => readPack(pack, pack.pack)));
const providers = openProviders({ OPENAI_API_KEY: "bench", OPENAI_BASE_URL: `${providerUrl}/v1` });

interface Prepared {
  readonly messages: readonly Message[];
  readonly context: readonly string[];
}

function prepare(run: NewRun, runId: string): Prepared {
  if (mode === "proxy") {
    const prompt = renderPrompt(definition, run.input);
    if (prompt === null) throw new Error("the bench's request is no conversation");
    return { messages: prompt.messages, context: [] };
  }
  const tools = { scanner, model: linearModel, tokeniser: null };
  const ruling = decide(
    { kind: "request", request: run },
    {
      ...tools,
      harness: { definition, version },
      runId,
      receivedAtMs: Date.now(),
      throttle: null,
      clientPromptTokens: undefined,
    },
  );
  if (ruling.kind !== "admitted") throw new Error("the bench's request was not admitted");
  const { messages, context } = ruling.prompt;
  return { messages, context: context === undefined ? [] : [context] };
}

async function make(run: NewRun, runId: string): Promise<RunResult> {
  const material = prepare(run, runId);
  const { text, finishReason } = await ask(definition, material.messages, runId);
  const judged = mode === "proxy" ? null : judgeAnswer({ text, finishReason }, definition, material);
  if (judged !== null && judged.kind !== "accepted") throw new Error(`the bench's answer was ${judged.kind}`);
  const nowMs = Date.now();
  return {
    kind: "result",
    run_id: runId,
    status: "ok",
    decided_by: "output-validate",
    client_id: run.client_id,
    harness: { name: definition.name, version },
    origin: { topic: "none", partition: 0, offset: "0" },
    received_at_ms: nowMs,
    finished_at_ms: nowMs,
    attempts: 1,
    spent: { calls: 1, input_tokens: 0, output_tokens: 0, cost_usd: null, unpriced_calls: 1 },
    output: { plain: judged === null ? text : judged.output },
    reasons: [],
  };
}

async function ask({ models: [tier] }: HarnessDefinition, messages: readonly Message[], callId: string) {
  if (tier === undefined) throw new Error("the bench's harness has no model");
  const answer = await providers.call({
    provider: tier.provider,
    model: tier.model,
    messages,
    maxOutputTokens: definition.output.maxTokens,
    callId,
    stream: tier.stream,
    limits: { connectMs: tier.connectTimeoutMs, firstByteMs: tier.firstTokenTimeoutMs, idleMs: tier.idleTimeoutMs },
    timeoutMs: tier.timeoutMs,
    signal: AbortSignal.timeout(tier.timeoutMs),
  });
  if (answer.kind !== "answer") throw new Error(`the provider answered ${answer.outcome}`);
  return answer;
}

const admission: Admission = {
  admit: (_, { run }) => {
    const runId = uuidv7();
    const wait = async () => ({ kind: "ended" as const, result: await make(run, runId) });
    const outcome = { kind: "admitted" as const, runId, joined: false, wait, release: () => Promise.resolve() };
    return Promise.resolve({ outcome, headers: {} });
  },
};

const published = { kind: "definition" as const, version, definition };
const harnesses = {
  current: (name: string) => (name === definition.name ? published : undefined),
  get: (name: string) => (name === definition.name ? definition : undefined),
  names: () => [definition.name],
  catchUp: () => Promise.resolve(),
};
const logger = createLogger("bench", "error");
const open = new OpenRequests();
const config = readConfig(gatewayVariables, { CLICKHOUSE_URL: "http://127.0.0.1:1", KAFKA_BROKERS: "none" });
const server = buildServer({
  routes: chatRoutes({ admission, harnesses, nowMs: Date.now, keepAliveMs: 5000, logger }),
  authenticate: () =>
    Promise.resolve({
      clientId: "bench",
      keyId: "bench",
      scopes: { harnesses: null, admin: false, review: false },
      limits: {},
    }),
  shapes: { native: nativeError, openai: openaiDialect.error, anthropic: anthropicDialect.error },
  open,
  metrics: openGatewayMetrics(() => open.count),
  logger,
  hardening: hardeningOf(config),
});
process.once("SIGTERM", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
process.send?.({ url: await server.listen({ host: "127.0.0.1", port: 0 }) });
