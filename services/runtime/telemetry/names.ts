/**
 * Every span, attribute and metric name, once. Messaging, HTTP and database
 * names follow the OpenTelemetry semantic conventions 1.45, model-call names the
 * GenAI conventions 1.41; messaging and GenAI may still move, and then move here. Ours start
 * with `breakwater.`. None of them may carry content but those that a harness has
 * to ask for, and a metric never carries a run, a client or a document.
 */
export const tracerName = "breakwater";

/** `process <topic>`: the span around one record in one stage. */
export const processSpan = (topic: string): string => `process ${topic}`;
/** `chat <model>`: the span around one provider call. */
export const callSpan = (model: string): string => `chat ${model}`;
/** `moderation <model>`: the span around one request to a provider's moderation. */
export const moderationSpan = (model: string): string => `${moderation} ${model}`;
export const moderation = "moderation";
/** `attempt <number>`: what model-invoke does for one attempt, its calls below it. */
export const attemptSpan = (attempt: number): string => `attempt ${attempt}`;
/** Guards at work, with the time that all of them took; each is a span below it. */
export const decisionSpan = "decide";
/** `guard <name>`: what one guard said. */
export const guardSpan = (guard: string): string => `guard ${guard}`;
/** `review <decision>`: what becomes of a held answer, in the trace that it was held in. */
export const reviewSpan = (decision: string): string => `review ${decision}`;
/** `send <topic>`: the span around a record that begins something: a run, a dead letter. */
export const sendSpan = (topic: string): string => `send ${topic}`;
/** `INSERT <table>`: the span around one batch of the ledger. */
export const insertSpan = (table: string): string => `INSERT ${table}`;
/** `POST <route>`: the span around one request to the gateway. */
export const requestSpan = (method: string, route: string): string => `${method} ${route}`;

export const attributes = {
  messagingSystem: "messaging.system",
  destination: "messaging.destination.name",
  operationName: "messaging.operation.name",
  operationType: "messaging.operation.type",
  partition: "messaging.destination.partition.id",
  offset: "messaging.kafka.offset",
  messageId: "messaging.message.id",
  consumerGroup: "messaging.consumer.group.name",
  clientId: "messaging.client.id",
  errorType: "error.type",
  httpMethod: "http.request.method",
  httpRoute: "http.route",
  httpStatus: "http.response.status_code",
  dbSystem: "db.system.name",
  dbOperation: "db.operation.name",
  dbCollection: "db.collection.name",
  dbBatchSize: "db.operation.batch.size",
  stage: "breakwater.stage",
  outcome: "breakwater.outcome",
  runId: "breakwater.run_id",
  attempt: "breakwater.attempt",
  callId: "breakwater.call_id",
  tier: "breakwater.tier",
  callRole: "breakwater.call.role",
  hedgeOf: "breakwater.hedge_of",
  batchId: "breakwater.batch_id",
  replayOf: "breakwater.replay_of",
  disposition: "breakwater.disposition",
  key: "breakwater.key",
  harness: "breakwater.harness.name",
  harnessVersion: "breakwater.harness.version",
  guard: "breakwater.guard",
  status: "breakwater.status",
  tokenBucket: "breakwater.token.bucket",
  rollUpKind: "breakwater.roll_up.kind",
  event: "breakwater.event",
  enforcement: "breakwater.enforcement",
  used: "breakwater.used",
  verdict: "breakwater.verdict",
  costUsd: "breakwater.cost.usd",
  genAiOperation: "gen_ai.operation.name",
  genAiProvider: "gen_ai.provider.name",
  genAiRequestModel: "gen_ai.request.model",
  genAiMaxTokens: "gen_ai.request.max_tokens",
  genAiResponseModel: "gen_ai.response.model",
  genAiResponseId: "gen_ai.response.id",
  genAiFinishReasons: "gen_ai.response.finish_reasons",
  genAiInputTokens: "gen_ai.usage.input_tokens",
  genAiOutputTokens: "gen_ai.usage.output_tokens",
  genAiCacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  genAiCacheCreationTokens: "gen_ai.usage.cache_creation.input_tokens",
  genAiReasoningTokens: "gen_ai.usage.reasoning.output_tokens",
} as const;

/** What a prompt or an answer stands in: only of a harness that asks for it, and only by content/traced-content.ts. */
export const contentAttributes = {
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
} as const;

export const metricNames = {
  /** Seconds from start to done of one record; by stage, topic, outcome. */
  processDuration: "messaging.process.duration",
  /** Records done; by stage, topic, outcome. */
  consumed: "messaging.client.consumed.messages",
  deadLetters: "breakwater.dead_letters",
  inFlight: "breakwater.records.in_flight",
  waiting: "breakwater.records.waiting",
  /** Calls of one model that one process may have in flight, has, and holds back; by provider and model. */
  callLimit: "breakwater.calls.limit",
  callsInFlight: "breakwater.calls.in_flight",
  callsWaiting: "breakwater.calls.waiting",
  /** 0 closed, 1 half open, 2 open; by provider and model, and by key where it is a key's. */
  breakerState: "breakwater.breaker.state",
  /** Distance from the lowest incomplete offset to the newest delivered one; by topic and partition. */
  span: "breakwater.partition.span",
  /** Records from the lowest incomplete one to the end of the log; by stage, topic and partition. */
  lag: "breakwater.partition.lag",
  /** Seconds that the lowest incomplete record has been so, as far as collections have seen; likewise. */
  oldestIncomplete: "breakwater.partition.oldest_incomplete",
  /** What the ledger stored. A record that is read again counts again: the books are in the ledger. */
  runs: "breakwater.runs",
  /** Seconds from taken in to its result; by status. */
  runDuration: "breakwater.run.duration",
  /** Seconds of one call; by operation (chat, moderation), provider, model, and what went wrong. Its count is that of the calls. */
  callDuration: "gen_ai.client.operation.duration",
  /** By provider, model and bucket. */
  tokens: "breakwater.tokens",
  costUsd: "breakwater.cost.usd",
  unpricedCalls: "breakwater.calls.unpriced",
  guardDecisions: "breakwater.guard.decisions",
  /** Held, escalated and decided. */
  reviewEvents: "breakwater.review.events",
  /** Seconds from a record's time on its topic to its row's: how fresh the ledger is. */
  ledgerDelay: "breakwater.ledger.delay",
  /** Seconds that a step of building sums by hour and day takes; by kind. */
  rollUpBuild: "breakwater.roll_up.build.duration",
  /** Seconds since the last row of the hour that has waited longest to be built; by kind. */
  rollUpBehind: "breakwater.roll_up.behind",
  /** Answers that wait for a person. */
  reviewsWaiting: "breakwater.reviews.waiting",
  /** Budgets by the band that their used share is in; the highest share of all. By enforcement. */
  budgets: "breakwater.budgets",
  budgetUsedShare: "breakwater.budget.used_share",
} as const;

/** Of the gateway's answers; HTTP names follow the semantic conventions 1.44. */
export const gatewayAttributes = {
  method: "http.request.method",
  route: "http.route",
  status: "http.response.status_code",
  access: "breakwater.access",
  joined: "breakwater.joined",
  code: "breakwater.code",
} as const;

export const gatewayMetricNames = {
  /** By method, route, status and access: its count is that of the requests. With its unit, which this exporter adds to no name. */
  requestDuration: "http.server.request.duration.seconds",
  inFlight: "http.server.active_requests",
  /** By whether an earlier request had asked for the run. */
  accepted: "breakwater.gateway.accepted",
  /** By status and code. */
  refused: "breakwater.gateway.refused",
  /** 1 while Redis counts the limits for all gateways, 0 while this one counts alone; only where Redis is set. */
  limitsShared: "breakwater.gateway.limits.shared",
} as const;
