/**
 * Brings the system up, in order: the parts that the environment does not name,
 * then topics, schemas and tables, harnesses and signature packs, the four
 * stages, alerts and the gateway as processes of their own. Says of each what and where it is.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Actor } from "../../../schemas/audit/change.ts";
import { buildConsole } from "../../console/build.ts";
import { readConfig, type Environment } from "../../runtime/config.ts";
import { embeddedParts, type EmbeddedMessage, type EmbeddedPart } from "../../runtime/process/embedded-state.ts";
import type { HarnessFile } from "../harness/publish-harnesses.ts";
import { withKafka } from "../connections.ts";
import { ensureFirstKey } from "../keys/first-key.ts";
import { applyDefinitions, describeApplied } from "./apply-definitions.ts";
import { describeGateway, gatewayPort } from "./gateway/gateway-address.ts";
import { startInfra, type InfraOptions } from "./infra-process.ts";
import { describePrepared, prepare } from "./prepare.ts";
import type { RunningSystem } from "./running-system.ts";
import { auditKeyVariables, describeSecretKey, secretKeyFor, secretKeyVariables } from "./secret-key.ts";
import { stageNames, StageProcess, type ProcessName, type StageOptions } from "./stage-process.ts";
import { describeEmbedded, describeGiven, describeTrust, missingParts, titleOf, withEmbedded } from "./surroundings.ts";

export interface UpOrder {
  /** Absolute path of BREAKWATER_HOME. */
  readonly home: string;
  readonly env: Environment;
  /** Who starts it, for the audit. */
  readonly by: Actor;
  readonly ports: InfraOptions["ports"];
  readonly standIn: InfraOptions["standIn"];
  readonly say: (line: string) => void;
}

export interface BroughtUp {
  /** The environment of the stages and of the commands that follow. */
  readonly env: Environment;
  readonly harnesses: readonly HarnessFile[];
  readonly standIn: boolean;
  /** URL of the gateway. */
  readonly gateway: string;
}

const root = path.resolve(import.meta.dirname, "../../..");

/** Everything started is added to `system` at once, so that it is stopped whatever happens here. */
export async function bringUp(order: UpOrder, system: RunningSystem): Promise<BroughtUp> {
  const { home, say } = order;
  const missing = missingParts(order.env);
  say(`Breakwater in ${home}`);
  for (const part of embeddedParts) if (!missing.includes(part)) say(describeGiven(part, order.env));
  const patience = sayWhenSlow(say);
  const infra = await startInfra(
    {
      home,
      env: { ...order.env },
      parts: missing,
      ports: order.ports,
      standIn: order.standIn,
      onMessage: (message) => {
        if (message.kind === "started") system.notePart();
        sayMessage(message, say, patience);
      },
    },
    (child) => system.addInfra(child),
  ).finally(() => patience.stop());
  const surroundings = { home, env: order.env, embedded: missing.includes("kafka") };
  const key = secretKeyFor(surroundings);
  say(describeSecretKey(key));
  const env: Environment = {
    ...withEmbedded(order.env, infra.addresses),
    ...secretKeyVariables(key),
    BREAKWATER_HOME: home,
  };
  for (const line of describePrepared(await prepare(env))) say(line);
  const applied = await applyDefinitions(env, order.by);
  for (const line of describeApplied(applied)) say(line);
  say(describeTrust(env));
  const processes = await processesOf(env, order, auditKeyVariables(surroundings));
  await startStages(processes, order, system);
  const console = await buildConsole();
  const gateway = await startGateway(processes, system);
  // Last: a start that fails after it would leave a key that nobody was shown.
  const firstKey = await withKafka(env, (kafka) => ensureFirstKey(kafka, order.by));
  for (const line of describeGateway(gateway, firstKey, console !== "no Vite here")) say(line);
  return { env, harnesses: applied.harnesses, standIn: missing.includes("stand-in"), gateway };
}

interface Patience {
  waitFor(part: EmbeddedPart): void;
  stop(): void;
}

const slowMs = 10_000;

function sayWhenSlow(say: UpOrder["say"]): Patience {
  let timer: NodeJS.Timeout | undefined;
  return {
    waitFor: (part) => {
      clearTimeout(timer);
      const why = part === "kafka" ? " The first time, Maven fetches it (about 100 MB)." : "";
      timer = setTimeout(() => say(`${titleOf(part)} is still starting.${why}`), slowMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function sayMessage(message: EmbeddedMessage, say: UpOrder["say"], patience: Patience): void {
  switch (message.kind) {
    case "starting":
      return patience.waitFor(message.part);
    case "started":
      return say(describeEmbedded(message.part, message.address));
    case "restarted":
      return say(`${titleOf(message.part)} had ended and runs again at ${message.address}`);
    case "cleaned":
      return say(`${titleOf(message.part)} of an earlier start was still running (process ${message.pid}): ended`);
    case "failed":
      return message.part === undefined ? undefined : say(message.message);
    case "ready":
    case "taken":
      return undefined;
  }
}

/** What the processes that it starts have in common. */
async function processesOf(
  env: Environment,
  { home, say }: UpOrder,
  auditKey: Environment,
): Promise<(name: ProcessName) => StageOptions> {
  const { BREAKWATER_DRAIN_TIMEOUT_MS: drainMs } = readConfig(["BREAKWATER_DRAIN_TIMEOUT_MS"], env);
  const port = await gatewayPort(env);
  const traces = tracesFolder(env, home);
  if (traces !== null) mkdirSync(traces, { recursive: true });
  say(`${"Traces".padEnd(16)} ${traces ?? "as the environment says"}; set OTEL_EXPORTER_OTLP_ENDPOINT for a collector`);
  return (name) => ({
    name,
    file: path.join(root, "services", name, "main.ts"),
    env: {
      ...env,
      ...(traces === null ? {} : { BREAKWATER_TRACE_FILE: path.join(traces, `${name}.jsonl`) }),
      BREAKWATER_GATEWAY_PORT: String(port),
      ...(name === "audit-seal" ? auditKey : {}),
    },
    logFile: path.join(home, "logs", `${name}.log`),
    drainMs,
    say,
  });
}

async function startStages(
  optionsOf: (name: ProcessName) => StageOptions,
  { home, say }: UpOrder,
  system: RunningSystem,
): Promise<void> {
  const stages = [...stageNames, "alerts" as const, "audit-seal" as const].map(
    (name) => new StageProcess(optionsOf(name)),
  );
  for (const stage of stages) system.addStage(stage);
  await Promise.all(stages.map((stage) => stage.start()));
  say(
    `${"Stages".padEnd(16)} ${stageNames.join(", ")}, alerts and audit-seal: ready; logs in ${path.join(home, "logs")}`,
  );
}

async function startGateway(optionsOf: (name: ProcessName) => StageOptions, system: RunningSystem): Promise<string> {
  const gateway = new StageProcess(optionsOf("gateway"));
  system.addGateway(gateway);
  const { address = "" } = await gateway.start();
  return address;
}

/** Where traces go when the environment says nothing of them; null when it does. */
function tracesFolder(env: Environment, home: string): string | null {
  const named = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "BREAKWATER_TRACE_FILE"];
  return named.some((name) => (env[name] ?? "") !== "") ? null : path.join(home, "traces");
}
