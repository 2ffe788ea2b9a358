/**
 * A gateway's parts in memory, for tests of its routes: a desk whose runs end
 * as the test says, an admission that is counted, three keys, and the server
 * of given routes.
 */
import type { FastifyInstance } from "fastify";
import type { BatchTaken } from "../../schemas/control/batch.ts";
import { noSpend } from "../../schemas/parts/usage.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import type { Admission, BatchAdmission, Refusal } from "../../services/gateway/admission/admission.ts";
import type { KnownBatch } from "../../services/gateway/batches/desk/batch-book.ts";
import type { Client } from "../../services/gateway/clients/client.ts";
import { unauthorized, type Authenticate } from "../../services/gateway/http/access.ts";
import { nativeError } from "../../services/gateway/http/errors.ts";
import { openGatewayMetrics } from "../../services/gateway/http/gateway-metrics.ts";
import type { Hardening } from "../../services/gateway/http/hardening.ts";
import { OpenRequests } from "../../services/gateway/http/open-requests.ts";
import type { GatewayRoute } from "../../services/gateway/route.ts";
import type { Handed, RunDesk, Standing } from "../../services/gateway/runs/run-desk.ts";
import { buildServer } from "../../services/gateway/server.ts";
import { createLogger } from "../../services/runtime/logger.ts";

/** A topic of results that holds none. */
export const noRecords = { reader: { recordAt: () => Promise.resolve(null) }, traceUrlTemplate: undefined } as const;

export const nowMs = 1_800_000_000_000;

export function clientOf(clientId: string, scopes: Partial<Client["scopes"]> = {}, limits: Client["limits"] = {}) {
  return {
    clientId,
    keyId: `key-${clientId}`,
    scopes: { harnesses: null, admin: false, review: false, ...scopes },
    limits,
  };
}

/** Keys are sent as `x-api-key: <name>`. */
export const knownKeys: Readonly<Record<string, Client>> = {
  acme: clientOf("acme"),
  other: clientOf("other"),
  small: clientOf("small", {}, { bodyBytes: 100 }),
  admin: clientOf("root", { admin: true }),
  reviewer: clientOf("reviewer", { review: true }),
};

export const authenticateKnown = authenticateBy(knownKeys);

function authenticateBy(keys: Readonly<Record<string, Client>>): Authenticate {
  return ({ "x-api-key": key }) => Promise.resolve(keys[typeof key === "string" ? key : ""] ?? unauthorized);
}

export function resultOf(runId: string, fields: Partial<RunResult> = {}): RunResult {
  return {
    kind: "result",
    run_id: runId,
    status: "ok",
    decided_by: "output-validate",
    client_id: "acme",
    harness: { name: "summarise", version: "0123456789abcdef" },
    origin: { topic: "harness-requests", partition: 0, offset: "1" },
    received_at_ms: nowMs - 1000,
    finished_at_ms: nowMs,
    attempts: 1,
    spent: noSpend,
    output: { plain: "fine" },
    reasons: [],
    ...fields,
  };
}

export function batchOf(fields: Partial<BatchTaken> = {}): KnownBatch {
  const taken: BatchTaken = {
    kind: "taken",
    batch_id: "7c49b594-22ab-811f-98d4-b691e192e77f",
    client_id: "acme",
    harness: { name: "summarise", version: "0123456789abcdef" },
    documents: 3,
    duplicates: 0,
    body_hmac: "a".repeat(64),
    deadline_at_ms: nowMs + 86_400_000,
    created_at_ms: nowMs,
    ...fields,
  };
  return { taken, offset: 0n, isPublished: true };
}

export interface FakeDesk extends Admission, BatchAdmission {
  readonly desk: Pick<RunDesk, "find" | "cancel">;
  readonly admitted: Handed[];
  readonly released: { readonly left: boolean }[];
  readonly cancelled: string[];
  /** From now on, every run is refused so, or taken again when null. */
  refuseWith(refusal: Refusal | null): void;
  /** How waits end that begin from now on; absent, they go on until they are aborted or their time is up. */
  end(standing: ((runId: string) => Standing) | null): void;
  /** Resolves when a wait has begun. */
  readonly waiting: () => Promise<void>;
}

export function fakeDesk(): FakeDesk {
  const runs = new Map<string, string>();
  const begun = Promise.withResolvers<void>();
  let refusal: Refusal | null = null;
  let ended: ((runId: string) => Standing) | null = (runId) => ({ kind: "ended", result: resultOf(runId) });
  const fake: Pick<FakeDesk, "admitted" | "released" | "cancelled"> = { admitted: [], released: [], cancelled: [] };
  return {
    ...fake,
    refuseWith: (next) => void (refusal = next),
    end: (next) => void (ended = next),
    waiting: () => begun.promise,
    desk: {
      find: (runId, clientId) =>
        Promise.resolve(runs.get(runId) === clientId ? (ended?.(runId) ?? { kind: "running" }) : null),
      cancel: (runId) => Promise.resolve(void fake.cancelled.push(runId)),
    },
    admitBatch: (_, { clientId, harness, feature, deadlineMs, upload }) => {
      fake.admitted.push({ run: { client_id: clientId, harness: harness.name, input: { lines: upload.documents } } });
      const headers = { ratelimit: '"requests";r=9;t=60' };
      if (refusal !== null) return Promise.resolve({ outcome: { kind: "refused", refusal }, headers });
      fake.released.push({ left: false });
      const batch = batchOf({
        client_id: clientId,
        harness,
        feature,
        documents: upload.documents,
        duplicates: upload.duplicates,
        deadline_at_ms: nowMs + deadlineMs,
      });
      return Promise.resolve({ outcome: { kind: "admitted", batch, joined: false }, headers });
    },
    admit: (client, handed) => {
      fake.admitted.push(handed);
      const headers = { ratelimit: '"requests";r=9;t=60' };
      if (refusal !== null) return Promise.resolve({ outcome: { kind: "refused", refusal }, headers });
      const runId = `0198c5a0-0000-7000-8000-${String(runs.size + 1).padStart(12, "0")}`;
      runs.set(runId, client.clientId);
      return Promise.resolve({
        headers,
        outcome: {
          kind: "admitted",
          runId,
          joined: false,
          wait: ({ waitMs, signal }) => {
            if (ended !== null) return Promise.resolve(ended(runId));
            begun.resolve();
            return waitMs === 0 ? Promise.resolve({ kind: "running" }) : untilAborted(signal);
          },
          release: (how) => Promise.resolve(void fake.released.push(how)),
        },
      });
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<Standing> {
  return new Promise((resolve) => {
    const over = (): void => resolve({ kind: "running" });
    if (signal.aborted) over();
    signal.addEventListener("abort", over, { once: true });
  });
}

export const softHardening: Hardening = {
  bodyLimitBytes: 100_000,
  clientBodyBytes: 100_000,
  maxConnections: 1000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5000,
  trustProxy: false,
  corsOrigins: [],
  tls: null,
};

export interface TestServer {
  readonly server: FastifyInstance;
  readonly open: OpenRequests;
  readonly log: () => string;
}

export function serverOf(
  routes: readonly GatewayRoute[],
  hardening: Partial<Hardening> = {},
  keys: Readonly<Record<string, Client>> = knownKeys,
): TestServer {
  const lines: string[] = [];
  const open = new OpenRequests();
  const server = buildServer({
    routes,
    authenticate: authenticateBy(keys),
    shapes: { native: nativeError, openai: nativeError, anthropic: anthropicShape },
    open,
    metrics: openGatewayMetrics(() => open.count),
    logger: createLogger("gateway", "info", { write: (line) => void lines.push(line) }),
    hardening: { ...softHardening, ...hardening },
  });
  return { server, open, log: () => lines.join("") };
}

const anthropicShape = ({ code, message }: Refusal) => ({ body: { type: "error", error: { type: code, message } } });
