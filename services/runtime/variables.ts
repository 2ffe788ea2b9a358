/**
 * Every environment variable the project reads, once: its rule, its unit, its
 * default. Each service picks what it needs; the README's table and the compose
 * test are checked against this list. An unknown BREAKWATER_ variable, or a bad
 * value, stops the start with its name and the rule.
 */
import { z } from "zod";
import { requestsKeptMs } from "../../topics/retention.ts";
import { keyBytesOf, secretKeyDefect } from "./secrets/secret-key.ts";

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const milliseconds = (fallback: number, least = 1) => z.coerce.number().int().min(least).default(fallback);
const days = (fallback: number) => z.coerce.number().int().min(0).max(36_500).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

export const variables = {
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((list) => list.split(",").map((part) => part.trim()))
    .describe("Kafka bootstrap addresses, host:port, comma separated"),
  KAFKA_TLS: flag.default(false).describe("Speak TLS to Kafka"),
  KAFKA_TLS_CA_FILE: z.string().optional().describe("PEM file of the certificate authority"),
  KAFKA_SASL_MECHANISM: z
    .enum(["plain", "scram-sha-256", "scram-sha-512"])
    .optional()
    .describe("SASL mechanism; none when absent"),
  KAFKA_SASL_USERNAME: z.string().optional().describe("SASL user"),
  KAFKA_SASL_PASSWORD: z.string().optional().describe("SASL password (secret)"),
  CLICKHOUSE_URL: z.url().describe("ClickHouse HTTP interface"),
  CLICKHOUSE_USER: z.string().default("default").describe("ClickHouse user"),
  CLICKHOUSE_PASSWORD: z.string().default("").describe("ClickHouse password (secret)"),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/)
    .default("breakwater")
    .describe("ClickHouse database"),
  BREAKWATER_LEDGER_CALLS_DAYS: days(400).describe("How long the ledger keeps calls, days; 0: for ever"),
  BREAKWATER_LEDGER_RUNS_DAYS: days(400).describe("How long the ledger keeps runs' results, days; 0: for ever"),
  BREAKWATER_LEDGER_AUDIT_DAYS: days(400).describe("How long the ledger keeps decisions, days; 0: for ever"),
  BREAKWATER_LEDGER_REVIEWS_DAYS: days(400).describe("How long the ledger keeps reviews, days; 0: for ever"),
  BREAKWATER_LEDGER_SUMS_DAYS: days(1830).describe("How long the ledger keeps sums by hour and day; 0: for ever"),
  SCHEMA_REGISTRY_URL: z
    .url()
    .optional()
    .describe("Confluent-compatible registry; needed only for input in the wire format"),
  SCHEMA_REGISTRY_USER: z.string().optional().describe("Registry user"),
  SCHEMA_REGISTRY_PASSWORD: z.string().optional().describe("Registry password (secret)"),
  OPENAI_API_KEY: z
    .string()
    .optional()
    .describe("OpenAI keys, comma separated (secret); the stand-in answers when no provider has one"),
  OPENAI_BASE_URL: z.url().optional().describe("OpenAI-compatible base URL, ending in /v1"),
  ANTHROPIC_API_KEY: z.string().optional().describe("Anthropic keys, comma separated (secret)"),
  ANTHROPIC_BASE_URL: z.url().optional().describe("Anthropic-compatible base URL, without /v1"),
  BREAKWATER_PROVIDERS_FILE: z
    .string()
    .optional()
    .describe(
      "JSON file of further providers (OpenAI-compatible, Anthropic-compatible, Azure), and of limits by model",
    ),
  BREAKWATER_HOME: z
    .string()
    .default(".breakwater")
    .describe("Folder of the embedded system's data and of batch state"),
  BREAKWATER_REQUESTS_KEPT_MS: milliseconds(requestsKeptMs, 1000).describe(
    "How long requests stay on harness-requests, in the clear, after they were read",
  ),
  BREAKWATER_SECRET_KEY: z
    .string()
    .superRefine((setting, context) => {
      const defect = setting === "" ? null : secretKeyDefect(setting);
      if (defect !== null) context.addIssue({ code: "custom", message: defect });
    })
    .optional()
    .describe(
      "Master key (secret) of hashed and pseudonymised personal data: 32 bytes as base64 or hex; several, comma separated, are a rotation: the first seals, all open",
    ),
  BREAKWATER_AUDIT_KEY: z
    .string()
    .refine((setting) => setting === "" || keyBytesOf(setting.trim()) !== null, "must be 32 bytes as base64 or hex")
    .optional()
    .describe(
      "Key (secret) that audit-seal signs heads of the audit chain with: 32 bytes as base64 or hex, for Ed25519",
    ),
  BREAKWATER_AUDIT_SIGN_INTERVAL_MS: milliseconds(60_000, 100).describe(
    "Time between two signed heads of the audit chain, milliseconds",
  ),
  BREAKWATER_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error"])
    .default("info")
    .describe("Least severe level that is logged"),
  BREAKWATER_PARTITIONS: count(24).describe("Partitions of each flow topic, fixed at creation"),
  BREAKWATER_REPLICATION_FACTOR: count(3).describe("Replicas of each topic, fixed at creation"),
  BREAKWATER_SESSION_TIMEOUT_MS: milliseconds(10_000, 6_000).describe(
    "Silence after which a worker's partitions move on, milliseconds",
  ),
  BREAKWATER_MAX_IN_FLIGHT: count(512).describe(
    "Records in progress in one process; cost-aggregate takes 8192 when it is not set",
  ),
  BREAKWATER_MAX_IN_FLIGHT_BYTES: count(128 * 1024 * 1024).describe("Bytes of records in progress in one process"),
  BREAKWATER_COMMIT_INTERVAL_MS: milliseconds(500, 50).describe("Time between two commits, milliseconds"),
  BREAKWATER_DRAIN_TIMEOUT_MS: milliseconds(15_000).describe(
    "Time a stopping process gives its work in progress, milliseconds",
  ),
  BREAKWATER_STALL_TIMEOUT_MS: milliseconds(60_000, 1_000).describe(
    "Time without progress on a partition that has records, after which the process ends, milliseconds",
  ),
  BREAKWATER_MAX_DEAD_LETTERS_IN_ROW: count(100).describe(
    "Dead letters of one code in a row, with no answer to the sender, after which a stage stops as something must be wrong",
  ),
  BREAKWATER_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}$/)
    .optional()
    .describe(
      "Name of this process that stays the same when it restarts: it gets its partitions back; random when absent",
    ),
  BREAKWATER_DEDUP_WINDOW_MS: milliseconds(3_600_000).describe(
    "How long a settled attempt is remembered, milliseconds",
  ),
  BREAKWATER_CLIENT_TRUST: z
    .enum(["open", "signed"])
    .default("open")
    .describe("Whether a client named in a record is believed as it is, or only if the record is signed with its key"),
  BREAKWATER_CLIENT_KEYS_FILE: z
    .string()
    .optional()
    .describe("JSON file of the clients: their signing keys, their limits, the topics that are theirs alone"),
  BREAKWATER_CLIENT_KEY: z
    .string()
    .optional()
    .describe("Key that publish, batch and dlq replay sign requests with (secret)"),
  BREAKWATER_GATEWAY_KEY: z
    .string()
    .min(16, "at least 16 characters")
    .optional()
    .describe("Key that the gateway signs the requests of all its clients with (secret)"),
  BREAKWATER_GATEWAY_REQUESTS_PER_MINUTE: count(6_000).describe(
    "Requests of a client in a minute, where its key names no limit; so with the next four",
  ),
  BREAKWATER_GATEWAY_TOKENS_PER_MINUTE: count(2_000_000).describe("Tokens of a client in a minute, input and output"),
  BREAKWATER_GATEWAY_CONCURRENCY: count(256).describe("Requests of a client under way at once, on each gateway"),
  BREAKWATER_GATEWAY_BODY_BYTES: count(1024 * 1024).describe("Bytes of one request"),
  BREAKWATER_GATEWAY_PROMPT_TOKENS: count(200_000).describe("Tokens of one request's prompt, estimated"),
  BREAKWATER_GATEWAY_MAX_WAIT_MS: milliseconds(60_000).describe(
    "A request is turned away when results are estimated to take longer than this or than its deadline, milliseconds",
  ),
  BREAKWATER_GATEWAY_HOST: z.string().min(1).default("127.0.0.1").describe("Address that the gateway listens on"),
  BREAKWATER_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe("Its port; 0: a free one"),
  BREAKWATER_GATEWAY_TLS_CERT_FILE: z
    .string()
    .optional()
    .describe("PEM file of the gateway's certificate and its chain; plain HTTP when absent"),
  BREAKWATER_GATEWAY_TLS_KEY_FILE: z.string().optional().describe("PEM file of its private key"),
  BREAKWATER_GATEWAY_TRUST_PROXY: z
    .string()
    .regex(/^(?:off|[1-9]|[0-9a-fA-F.:/, ]+|loopback)$/, "off, a number of hops from 1 to 9, or addresses")
    .default("off")
    .describe("Proxies whose X-Forwarded-For is believed: off, how many stand before it, or their addresses (CIDR)"),
  BREAKWATER_GATEWAY_CORS_ORIGINS: z
    .string()
    .default("")
    .transform((list) => list.split(",").flatMap((origin) => origin.trim() || []))
    .pipe(z.array(z.url()))
    .describe("Origins whose pages may call the gateway, comma separated; none when empty"),
  BREAKWATER_GATEWAY_MAX_CONNECTIONS: count(10_000).describe("Connections open at once; more are closed unheard"),
  BREAKWATER_GATEWAY_HEADERS_TIMEOUT_MS: milliseconds(10_000).describe(
    "For a request's headers to arrive, milliseconds",
  ),
  BREAKWATER_GATEWAY_REQUEST_TIMEOUT_MS: milliseconds(30_000).describe("For a whole request to arrive, milliseconds"),
  BREAKWATER_GATEWAY_KEEP_ALIVE_TIMEOUT_MS: milliseconds(65_000).describe(
    "A connection without a request is closed after it, milliseconds; longer than that of a proxy in front",
  ),
  BREAKWATER_GATEWAY_WAIT_MS: milliseconds(300_000).describe(
    "POST /v1/runs waits for an answer at most so long, milliseconds; then it answers 202",
  ),
  BREAKWATER_GATEWAY_STREAM_KEEP_ALIVE_MS: milliseconds(5_000).describe(
    "Longest silence of a streamed answer, milliseconds",
  ),
  BREAKWATER_GATEWAY_STOP_DELAY_MS: milliseconds(1_000, 0).describe(
    "How long a stopping gateway says so on /readyz before it refuses connections, milliseconds",
  ),
  BREAKWATER_TRACE_URL_TEMPLATE: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.includes("{trace_id}"), "must hold {trace_id}")
    .optional()
    .describe("Where a run's trace is looked at, with `{trace_id}` in it: runs link there"),
  BREAKWATER_REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis in which several gateways count requests and tokens together; each counts alone when absent"),
  BREAKWATER_ALERT_WEBHOOK_URL: z
    .string()
    .optional()
    .describe(
      "Where alerts are sent (secret: it may hold a token): https, or http on this machine; nowhere when absent",
    ),
  BREAKWATER_ALERT_WEBHOOK_SECRET: z
    .string()
    .optional()
    .describe("Signs them (secret): whsec_ and 24 to 64 bytes as base64; several, comma separated, all sign"),
  BREAKWATER_ALERT_WEBHOOK_PLAIN_HTTP: flag.default(false).describe("Send them over http to other machines, too"),
  BREAKWATER_ALERT_WEBHOOK_TRIES: count(12).describe("Tries before an alert goes to the dead letters"),
  BREAKWATER_ALERT_WEBHOOK_PAUSE_MS: milliseconds(1_000).describe(
    "After the first try, milliseconds; then it doubles, up to 5 minutes",
  ),
  BREAKWATER_ALERT_ANOMALY_USD: z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,12})?$/, "US dollars, for example 5 or 0.50")
    .default("5")
    .describe("Least excess of an hour over its usual cost that is an anomaly, US dollars"),
  BREAKWATER_TRACE_FILE: z
    .string()
    .optional()
    .describe("File that traces are written to as OTLP JSON lines, when no OTEL_EXPORTER_OTLP_ENDPOINT is set"),
  BREAKWATER_HEALTH_FILE: z
    .string()
    .optional()
    .describe("File for probes: there while the process works, written anew every 5 seconds; none when absent"),
} as const satisfies Record<string, z.ZodType>;

export type VariableName = keyof typeof variables;

/** Variables whose values are never printed. */
export const secretVariables: readonly VariableName[] = [
  "BREAKWATER_CLIENT_KEY",
  "BREAKWATER_GATEWAY_KEY",
  "KAFKA_SASL_PASSWORD",
  "CLICKHOUSE_PASSWORD",
  "SCHEMA_REGISTRY_PASSWORD",
  "OPENAI_API_KEY",
  "ANTHROPIC_API_KEY",
  "BREAKWATER_SECRET_KEY",
  "BREAKWATER_AUDIT_KEY",
  "BREAKWATER_ALERT_WEBHOOK_URL",
  "BREAKWATER_ALERT_WEBHOOK_SECRET",
];
