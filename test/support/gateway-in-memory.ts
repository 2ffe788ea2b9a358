/**
 * A whole gateway in this process with nothing behind it: every route, over
 * parts in memory that tests replace as they need, the console and its sessions
 * among them. Its clients are those of gateway-parts.ts: `admin` and `reviewer`
 * are keys that open the console.
 */
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { LeaseBook } from "../../services/budgets/lease-book.ts";
import { readBuiltPage } from "../../services/gateway/console/built-page.ts";
import { authenticateBy } from "../../services/gateway/console/session-access.ts";
import { openSessions } from "../../services/gateway/console/sessions.ts";
import { localCounter } from "../../services/gateway/clients/limits/shared-counter.ts";
import type { Client } from "../../services/gateway/clients/client.ts";
import { nativeError } from "../../services/gateway/http/errors.ts";
import { openGatewayMetrics } from "../../services/gateway/http/gateway-metrics.ts";
import { OpenRequests } from "../../services/gateway/http/open-requests.ts";
import type { Hardening } from "../../services/gateway/http/hardening.ts";
import { gatewayRoutes, type GatewayParts } from "../../services/gateway/gateway-routes.ts";
import { buildServer } from "../../services/gateway/server.ts";
import { AlertBook } from "../../services/runtime/alerts/alert-book.ts";
import { createLogger } from "../../services/runtime/logger.ts";
import { statusReader } from "../../services/status/read-status.ts";
import { consumers } from "../../services/status/status-view.ts";
import { fixedHarnesses } from "./chat-gateway.ts";
import { fakeDesk, knownKeys, nowMs, softHardening, type FakeDesk } from "./gateway-parts.ts";

export const builtPageFolder = path.resolve(import.meta.dirname, "../../services/console/dist");
/** Text of a key to its client. Take one out, and it is revoked. */
export type Keys = Map<string, Client>;

/** Parts that answer everything with nothing. */
export function emptyParts(keys: Keys, fake: FakeDesk = fakeDesk()): GatewayParts {
  return {
    admission: fake,
    desk: fake.desk,
    batches: { find: () => null, latest: () => [], cancel: () => Promise.resolve() },
    reader: { recordAt: () => Promise.resolve(null) },
    ledger: { query: () => Promise.resolve([]) },
    alerts: new AlertBook(),
    standings: { budgets: () => [], book: new LeaseBook() },
    letters: {
      groups: () => Promise.resolve({ groups: [], letters: 0, older: 0 }),
      ofGroup: () => Promise.resolve(null),
      show: () => Promise.resolve(null),
    },
    replays: { estimate: () => Promise.resolve(null), replay: () => Promise.resolve(null) },
    definitions: { get: () => undefined },
    reviews: { waiting: () => [], find: () => Promise.resolve(null) },
    publish: () => Promise.resolve([]),
    harnesses: fixedHarnesses,
    status: emptyStatus,
    metrics: { read: () => Promise.resolve("") },
    isStopping: () => false,
    traceUrlTemplate: undefined,
    waitMs: 1000,
    keepAliveMs: 1000,
    logger: { error: () => undefined },
    nowMs: () => nowMs,
    page: readBuiltPage(builtPageFolder),
    sessions: openSessions("11".repeat(32)),
    clientOfKey: (key) => keys.get(key) ?? null,
    attempts: localCounter(),
  };
}

/** Of a system where everything runs and nothing has happened. */
const emptyStatus = statusReader({
  stages: () => Promise.resolve(consumers.map((stage) => ({ stage, processes: 1, behind: 0, oldestAtMs: null }))),
  breakers: () => Promise.resolve([]),
  commands: () => Promise.resolve([]),
  budgets: () => Promise.resolve({ budgets: [], book: new LeaseBook() }),
  ledger: null,
});

export interface MemoryGateway {
  readonly server: FastifyInstance;
  readonly keys: Keys;
  readonly log: () => string;
}

/** `more`: the parts that the test is about. It listens nowhere yet. */
export function gatewayInMemory(more: Partial<GatewayParts> = {}, hardening: Partial<Hardening> = {}): MemoryGateway {
  const keys: Keys = new Map(Object.entries(knownKeys));
  const parts = { ...emptyParts(keys), ...more };
  const lines: string[] = [];
  const open = new OpenRequests();
  const server = buildServer({
    routes: gatewayRoutes(parts),
    authenticate: authenticateBy({
      keys: {
        clientOf: ({ "x-api-key": key }) => keys.get(String(key)) ?? null,
        clientOfId: (keyId) => [...keys.values()].find((client) => client.keyId === keyId) ?? null,
      },
      sessions: parts.sessions,
      nowMs: parts.nowMs,
    }),
    shapes: { native: nativeError, openai: nativeError, anthropic: nativeError },
    open,
    metrics: openGatewayMetrics(() => open.count),
    logger: createLogger("gateway", "info", { write: (line) => void lines.push(line) }),
    hardening: { ...softHardening, ...hardening },
  });
  return { server, keys, log: () => lines.join("") };
}
