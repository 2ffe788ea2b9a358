/**
 * Decides which parts of the surroundings are embedded and which are given by
 * the environment, what the stages get to see of them, and how each is
 * presented. Pure: environment and addresses in, decisions out.
 */
import type { EmbeddedPart, EmbeddedState } from "../../runtime/process/embedded-state.ts";
import { hasSecret } from "../../runtime/process/secret-setting.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The stand-in stands in for all providers or for none: a real key never meets a made-up answer in one chain. */
const providerVariables = [
  "OPENAI_API_KEY",
  "ANTHROPIC_API_KEY",
  "OPENAI_BASE_URL",
  "ANTHROPIC_BASE_URL",
  "BREAKWATER_PROVIDERS_FILE",
] as const;

/** Parts that `up` has to start itself, in their order. */
export function missingParts(env: Environment): readonly EmbeddedPart[] {
  const parts: EmbeddedPart[] = [];
  if (!isSet(env["KAFKA_BROKERS"])) parts.push("kafka");
  if (!isSet(env["CLICKHOUSE_URL"])) parts.push("clickhouse");
  // The embedded registry keeps its schemas on the embedded Kafka; beside a real one, name a real one too.
  if (parts.includes("kafka") && !isSet(env["SCHEMA_REGISTRY_URL"])) parts.push("registry");
  if (!providerVariables.some((name) => isSet(env[name]))) parts.push("stand-in");
  return parts;
}

/** Variables that lead to the embedded parts; the environment's own go before them. */
export function embeddedVariables(addresses: EmbeddedState["addresses"]): Readonly<Record<string, string>> {
  const { kafka, clickhouse, registry, "stand-in": standIn } = addresses;
  return {
    ...(kafka === undefined
      ? {}
      : { KAFKA_BROKERS: kafka, BREAKWATER_PARTITIONS: "6", BREAKWATER_REPLICATION_FACTOR: "1" }),
    ...(clickhouse === undefined ? {} : { CLICKHOUSE_URL: clickhouse }),
    ...(registry === undefined ? {} : { SCHEMA_REGISTRY_URL: registry }),
    ...(standIn === undefined
      ? {}
      : {
          OPENAI_BASE_URL: `${standIn}/v1`,
          OPENAI_API_KEY: "stand-in",
          ANTHROPIC_BASE_URL: standIn,
          ANTHROPIC_API_KEY: "stand-in",
        }),
  };
}

/** What the environment sets goes before what is embedded, part by part; an empty value counts as not set. */
export function withEmbedded(
  env: Environment,
  addresses: EmbeddedState["addresses"],
): Record<string, string | undefined> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => isSet(value)));
  // A part that the environment names brings nothing of the embedded one: neither its counts nor its keys.
  const missing = missingParts(env);
  const used = Object.entries(addresses).filter(([part]) => missing.some((name) => name === part));
  return { ...embeddedVariables(Object.fromEntries(used)), ...given };
}

interface Presentation {
  readonly title: string;
  readonly variable: string;
  readonly instead: string;
}

const presentations: Readonly<Record<EmbeddedPart, Presentation>> = {
  kafka: {
    title: "Kafka",
    variable: "KAFKA_BROKERS",
    instead: "set KAFKA_BROKERS (and KAFKA_TLS, KAFKA_SASL_...) to use yours",
  },
  clickhouse: { title: "ClickHouse", variable: "CLICKHOUSE_URL", instead: "set CLICKHOUSE_URL to use yours" },
  registry: {
    title: "Schema registry",
    variable: "SCHEMA_REGISTRY_URL",
    instead: "set SCHEMA_REGISTRY_URL to use yours",
  },
  "stand-in": {
    title: "Providers",
    variable: "OPENAI_API_KEY",
    instead: "set OPENAI_API_KEY or ANTHROPIC_API_KEY to call the real ones",
  },
};

export function titleOf(part: EmbeddedPart): string {
  return presentations[part].title;
}

/** `Kafka            127.0.0.1:40123   embedded; set KAFKA_BROKERS ... to use yours` */
export function describeEmbedded(part: EmbeddedPart, address: string): string {
  const kind = part === "stand-in" ? "a stand-in makes the answers up" : "embedded";
  return `${titleOf(part).padEnd(16)} ${address.padEnd(24)} ${kind}; ${presentations[part].instead}`;
}

/** A part that the environment names. Only names and addresses: never a key. */
export function describeGiven(part: EmbeddedPart, env: Environment): string {
  if (part === "stand-in") return `${titleOf(part).padEnd(16)} real ones: ${realProviders(env).join(", ")}`;
  const { variable, title } = presentations[part];
  if (!isSet(env[variable])) return `${title.padEnd(16)} none; set ${variable} to take input in the wire format`;
  return `${title.padEnd(16)} ${withoutPassword(env[variable] ?? "").padEnd(24)} from ${variable}`;
}

function realProviders(env: Environment): readonly string[] {
  const providers = [
    { name: "OpenAI", key: "OPENAI_API_KEY", url: "OPENAI_BASE_URL" },
    { name: "Anthropic", key: "ANTHROPIC_API_KEY", url: "ANTHROPIC_BASE_URL" },
  ];
  const file = env["BREAKWATER_PROVIDERS_FILE"];
  return [
    ...providers
      .filter(({ key, url }) => hasSecret(key, env) || isSet(env[url]))
      .map(({ name, url }) => (isSet(env[url]) ? `${name} at ${withoutPassword(env[url] ?? "")}` : name)),
    ...(file !== undefined && file !== "" ? [`those of ${file}`] : []),
  ];
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, "//");
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Whom the stages believe to be a client: said at each start, since the default believes everybody. */
export function describeTrust(env: Environment): string {
  const words =
    env["BREAKWATER_CLIENT_TRUST"] !== "signed"
      ? "believed as requests name them: whoever reaches Kafka can be any; BREAKWATER_CLIENT_TRUST=signed asks for signatures"
      : "believed when they sign their requests, or own the topic";
  return `${"Clients".padEnd(16)} ${words}`;
}
