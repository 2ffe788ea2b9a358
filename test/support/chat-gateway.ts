/**
 * A gateway in this process that speaks as both providers, with nothing behind
 * it: what becomes of each run is written down beforehand, and what was asked
 * for can be read afterwards.
 */
import { randomUUID } from "node:crypto";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import type { Admission, Refusal } from "../../services/gateway/admission/admission.ts";
import { anthropicError } from "../../services/gateway/anthropic/message-answer.ts";
import { chatRoutes } from "../../services/gateway/chat/chat-routes.ts";
import type { Client } from "../../services/gateway/clients/client.ts";
import { unauthorized } from "../../services/gateway/http/access.ts";
import { nativeError } from "../../services/gateway/http/errors.ts";
import { openGatewayMetrics } from "../../services/gateway/http/gateway-metrics.ts";
import { OpenRequests } from "../../services/gateway/http/open-requests.ts";
import { openaiError } from "../../services/gateway/openai/chat-answer.ts";
import type { Handed, Standing } from "../../services/gateway/runs/run-desk.ts";
import { buildServer } from "../../services/gateway/server.ts";
import { createLogger } from "../../services/runtime/logger.ts";
import { sampleHarness } from "./sample-definition.ts";

/** What becomes of one request that gets as far as admission. */
export type Fate = { readonly refusal: Refusal } | { readonly standing: Promise<Standing> | Standing };

export interface ChatGateway {
  readonly url: string;
  /** What was handed in, in order. */
  readonly handed: Handed[];
  /** Whether the caller had left, of each run that was waited for. */
  readonly left: boolean[];
  /** For the next requests, one each. */
  readonly expect: (...fates: readonly Fate[]) => void;
  /** Resolves with the first request that is admitted after the call. */
  readonly admitted: () => Promise<void>;
  readonly log: () => string;
  /** Forgets all of that. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

export const goodKey = "good";

const rights = { instructions: true, tools: true, outputSchema: true, sampling: true };
const turns = { prompt: { system: "", user: "", messages: "messages" } };
const harnesses: readonly HarnessDefinition[] = [
  sampleHarness({ ...turns, name: "assistant", callers: rights }),
  sampleHarness({ ...turns, name: "plain" }),
  sampleHarness({ name: "summarise" }),
];
const version = "0123456789abcdef";
const client: Client = {
  clientId: "acme",
  keyId: "k1",
  scopes: { harnesses: ["assistant", "plain", "summarise", "missing"], admin: false, review: false },
  limits: {},
};

export function result(changes: Partial<RunResult>): Standing {
  return {
    kind: "ended",
    result: {
      kind: "result",
      run_id: randomUUID(),
      status: "ok",
      decided_by: "output-validate",
      client_id: "acme",
      harness: { name: "assistant", version },
      origin: { topic: "harness-requests", partition: 0, offset: "1" },
      received_at_ms: 1_764_000_000_000,
      finished_at_ms: 1_764_000_001_000,
      attempts: 1,
      spent: { calls: 1, input_tokens: 12, output_tokens: 3, cost_usd: "0.1", unpriced_calls: 0 },
      reasons: [],
      ...changes,
    },
  };
}

export function says(text: string): Fate {
  return { standing: result({ output: { plain: text } }) };
}

export function calls(name: string, given: Record<string, string>): Fate {
  return { standing: result({ tool_calls: { plain: [{ id: "call_1", name, arguments: given }] } }) };
}

export async function openChatGateway(keepAliveMs = 60_000): Promise<ChatGateway> {
  const fates: Fate[] = [];
  const handed: Handed[] = [];
  const left: boolean[] = [];
  let told = Promise.withResolvers<void>();
  const admission: Admission = {
    admit: (_, asked) => {
      handed.push(asked);
      told.resolve();
      const fate = fates.shift();
      if (fate === undefined) throw new Error("no fate was written down for this request");
      const headers = { ratelimit: '"requests";r=9;t=60' };
      if ("refusal" in fate) return Promise.resolve({ outcome: { kind: "refused", refusal: fate.refusal }, headers });
      return Promise.resolve({ outcome: admittedRun(fate.standing, left), headers });
    },
  };
  const open = new OpenRequests();
  const lines: string[] = [];
  const logger = createLogger("test", "error", { write: (line) => void lines.push(line) });
  const server = buildServer({
    routes: chatRoutes({ admission, harnesses: fixedHarnesses, logger, nowMs: Date.now, keepAliveMs }),
    authenticate: ({ authorization, "x-api-key": key }) =>
      Promise.resolve(authorization === `Bearer ${goodKey}` || key === goodKey ? client : unauthorized),
    shapes: { native: nativeError, openai: openaiError, anthropic: anthropicError },
    logger,
    open,
    metrics: openGatewayMetrics(() => open.count),
    hardening,
  });
  return {
    url: await server.listen({ port: 0, host: "127.0.0.1" }),
    handed,
    left,
    expect: (...next) => void fates.push(...next),
    admitted: () => {
      told = Promise.withResolvers<void>();
      return told.promise;
    },
    log: () => lines.join(""),
    reset: () => {
      for (const list of [fates, handed, left, lines]) list.length = 0;
    },
    close: () => server.close(),
  };
}

function admittedRun(standing: Promise<Standing> | Standing, left: boolean[]) {
  const running: Standing = { kind: "running" };
  return {
    kind: "admitted" as const,
    runId: randomUUID(),
    joined: false,
    wait: ({ signal }: { readonly signal: AbortSignal }): Promise<Standing> => {
      const over = new Promise<Standing>((resolve) => signal.addEventListener("abort", () => resolve(running)));
      return Promise.race([standing, over]);
    },
    release: ({ left: is }: { readonly left: boolean }): Promise<void> => {
      left.push(is);
      return Promise.resolve();
    },
  };
}

export const fixedHarnesses = {
  names: () => harnesses.map(({ name }) => name),
  current: (name: string) => {
    const definition = harnesses.find((one) => one.name === name);
    return definition === undefined ? undefined : { kind: "definition" as const, version, definition };
  },
  get: (name: string, asked: string) => (asked === version ? harnesses.find((one) => one.name === name) : undefined),
  standing: (name: string) =>
    harnesses.some((one) => one.name === name) ? { version, canary: undefined, shadow: undefined } : undefined,
  versions: (name: string) =>
    harnesses
      .filter((one) => one.name === name)
      .map((definition) => ({ kind: "definition" as const, version, definition })),
  catchUp: () => Promise.resolve(),
};

const hardening = {
  bodyLimitBytes: 100_000,
  clientBodyBytes: 100_000,
  maxConnections: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5000,
  trustProxy: false,
  corsOrigins: [],
  tls: null,
} as const;
