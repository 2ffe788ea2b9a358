/**
 * Everything of a gateway put together: what it follows on Kafka, its clients
 * and their limits, the desk, the ledger, the server; then its port,
 * which opens when all of it has caught up.
 */
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { connectStore, type Store } from "../ledger/clickhouse.ts";
import { ledgerSettings } from "../ledger/settings.ts";
import { followAlerts } from "../runtime/alerts/alert-book.ts";
import type { Config } from "../runtime/config.ts";
import { openGroupProgress } from "../runtime/consumer/progress/group-progress.ts";
import { openDefinitions, type Definitions } from "../runtime/definitions.ts";
import { openPrices } from "../runtime/pricing/open-prices.ts";
import { signingRequests } from "../runtime/requests/request-record.ts";
import type { ServiceRuntime, ServiceVariable } from "../runtime/process/run-service.ts";
import type { Admission, BatchAdmission } from "./admission/admission.ts";
import { openAdmission } from "./admission/open-admission.ts";
import { lane, watchLoad } from "./admission/pipeline-load.ts";
import type { AlertParts } from "./alerts/alert-route.ts";
import { anthropicDialect } from "./anthropic/anthropic-dialect.ts";
import type { BatchDesk } from "./batches/desk/batch-desk.ts";
import { openBatchDesk } from "./batches/desk/open-batch-desk.ts";
import { openStandings, type Standings } from "./analytics/open-standings.ts";
import { openClientKeys } from "./clients/authenticate.ts";
import { defaultLimits } from "./clients/limits/limits-in-force.ts";
import { localCounter, redisCounter, type SharedCounter } from "./clients/limits/shared-counter.ts";
import { readBuiltPage } from "./console/built-page.ts";
import { authenticateBy } from "./console/session-access.ts";
import { openSessions } from "./console/sessions.ts";
import { hardeningOf, type GatewayConfig } from "./config.ts";
import { LetterDesk } from "./dead-letters/letter-desk.ts";
import type { LetterParts } from "./dead-letters/letter-routes.ts";
import { ReplayBook } from "./dead-letters/replay-book.ts";
import { ReplayDesk } from "./dead-letters/replay-desk.ts";
import { nativeError } from "./http/errors.ts";
import { openGatewayMetrics, type GatewayMetrics } from "./http/gateway-metrics.ts";
import { OpenRequests } from "./http/open-requests.ts";
import { openaiDialect } from "./openai/openai-dialect.ts";
import { gatewayRoutes } from "./gateway-routes.ts";
import { openLiveReviews } from "./reviews/live-reviews.ts";
import type { ReviewParts } from "./reviews/review-routes.ts";
import { openRunDesk } from "./runs/open-run-desk.ts";
import type { RunDesk } from "./runs/run-desk.ts";
import { buildServer } from "./server.ts";
import { openStatus } from "./status/open-status.ts";
import type { StatusParts } from "./status/status-route.ts";

/** Where services/console/build.ts puts it. */
const builtPageFolder = path.resolve(import.meta.dirname, "../console/dist");

export type GatewayRuntime = ServiceRuntime<GatewayConfig & Pick<Config, ServiceVariable>>;

/** Resolves with the URL it answers at. Errors: TransientError broker_unavailable, ConfigError, a port that is taken. */
export async function openGateway(runtime: GatewayRuntime): Promise<string> {
  const { config, reader, logger, nowMs, onClose } = runtime;
  const hardening = hardeningOf(config);
  const ledger = connectStore(ledgerSettings(config));
  onClose("ledger", () => ledger.close());
  const { definitions, keys } = await openTables(runtime);
  const desks = await openDesks(runtime, ledger, definitions);
  const open = new OpenRequests();
  const metrics = openGatewayMetrics(() => open.count);
  onClose("metrics", () => metrics.close());
  const counter = openCounter(runtime, metrics);
  const sessions = openSessions(config.BREAKWATER_SECRET_KEY);
  const admission = admissionOf(runtime, { ...desks, definitions, metrics, counter });
  const routes = gatewayRoutes({
    ...desks,
    admission,
    reader,
    ledger,
    harnesses: definitions,
    metrics,
    isStopping: () => open.isStopping,
    ...settingsOf(config),
    sessions,
    clientOfKey: keys.clientOfKey,
    attempts: counter,
    page: readBuiltPage(builtPageFolder),
    logger,
    nowMs,
  });
  const server = buildServer({
    routes,
    authenticate: authenticateBy({ keys, sessions, nowMs }),
    shapes: { native: nativeError, openai: openaiDialect.error, anthropic: anthropicDialect.error },
    open,
    metrics,
    logger,
    hardening,
  });
  return listen(runtime, server, open);
}

function settingsOf(config: GatewayConfig) {
  return {
    waitMs: config.BREAKWATER_GATEWAY_WAIT_MS,
    traceUrlTemplate: config.BREAKWATER_TRACE_URL_TEMPLATE,
    keepAliveMs: config.BREAKWATER_GATEWAY_STREAM_KEEP_ALIVE_MS,
  };
}

async function openTables({ reader, logger, nowMs, onClose }: GatewayRuntime) {
  const definitions = await openDefinitions(reader, logger);
  onClose("definitions", () => definitions.close());
  const keys = await openClientKeys({ reader, logger }, nowMs);
  onClose("client keys", () => keys.close());
  return { definitions, keys };
}

interface Desks extends LetterParts, ReviewParts {
  readonly desk: RunDesk;
  readonly batches: BatchDesk;
  readonly standings: Standings;
  readonly alerts: AlertParts["alerts"];
  readonly status: StatusParts["status"];
}

async function openDesks(runtime: GatewayRuntime, store: Store, definitions: Definitions): Promise<Desks> {
  const { config, onClose } = runtime;
  const { BREAKWATER_SECRET_KEY: secretKey, BREAKWATER_GATEWAY_KEY: gatewayKey } = config;
  const desk = await openRunDesk({ ...runtime, store, secretKey, gatewayKey });
  onClose("run desk", () => desk.close());
  const batches = await openBatchDesk({ ...runtime, secretKey, gatewayKey });
  onClose("batch desk", () => batches.close());
  const standings = await openStandings(runtime, runtime.nowMs);
  onClose("budgets", () => standings.close());
  const followed = await followAlerts(runtime.reader);
  onClose("alerts", () => followed.close());
  const letters = await openLetterDesks(runtime, store, definitions);
  return {
    desk,
    batches,
    standings,
    alerts: followed.book,
    status: await openStatus(runtime, { ledger: store, standings }),
    ...letters,
    ...(await openReviewDesk(runtime, definitions)),
  };
}

async function openReviewDesk(
  { reader, producer, nowMs, onClose }: GatewayRuntime,
  definitions: Definitions,
): Promise<ReviewParts> {
  const reviews = await openLiveReviews({ reader, nowMs });
  onClose("reviews", () => reviews.close());
  return { reviews, definitions, publish: (emissions) => producer.publish(emissions), nowMs };
}

async function openLetterDesks(
  { config, reader, producer, logger, nowMs, onClose }: GatewayRuntime,
  ledger: Store,
  harnesses: Definitions,
): Promise<LetterParts> {
  const publish = signingRequests((emissions) => producer.publish(emissions), config.BREAKWATER_GATEWAY_KEY);
  const book = new ReplayBook(ledger, nowMs);
  const letters = new LetterDesk({ reader, harnesses, book });
  const negotiated = await openPrices({ reader, logger, onClose });
  return { letters, replays: new ReplayDesk({ reader, ledger, harnesses, publish, letters, book, negotiated, nowMs }) };
}

interface Opened extends Desks {
  readonly definitions: Definitions;
  readonly metrics: GatewayMetrics;
  readonly counter: SharedCounter;
}

function openCounter({ config, logger, onClose }: GatewayRuntime, metrics: GatewayMetrics): SharedCounter {
  const redis = config.BREAKWATER_REDIS_URL;
  const counter = redis === undefined ? localCounter() : redisCounter(redis, logger);
  onClose("counter", () => counter.close());
  if (redis !== undefined) metrics.observeLimits(counter.isShared);
  return counter;
}

function admissionOf(
  runtime: GatewayRuntime,
  { desk, batches, definitions, metrics, counter }: Opened,
): Admission & BatchAdmission {
  const { config, kafka, reader, logger, nowMs, onClose } = runtime;
  const load = watchLoad(openGroupProgress(kafka, reader, lane), nowMs);
  onClose("pipeline load", () => load.close());
  return openAdmission({
    desk,
    batches,
    harness: (name) => definitions.current(name)?.definition,
    counter,
    defaults: defaultLimits(config),
    maxWaitMs: config.BREAKWATER_GATEWAY_MAX_WAIT_MS,
    waitMs: load.waitMs,
    metrics,
    logger,
    nowMs,
  });
}

async function listen(
  { config, logger, onClose }: GatewayRuntime,
  server: FastifyInstance,
  open: OpenRequests,
): Promise<string> {
  const { BREAKWATER_GATEWAY_HOST: host, BREAKWATER_GATEWAY_PORT: port } = config;
  const address = await server.listen({ host, port });
  const times = { delayMs: config.BREAKWATER_GATEWAY_STOP_DELAY_MS, drainMs: config.BREAKWATER_DRAIN_TIMEOUT_MS };
  onClose("server", () => open.stop(server, times));
  logger.info({ address }, "ready");
  return address;
}
