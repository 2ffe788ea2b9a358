/**
 * The parts of the embedded system, in the order of their start: how each is
 * started, where it keeps its data and its log, and how its end is noticed.
 */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";
import type { EmbeddedPart } from "../../services/runtime/process/embedded-state.ts";
import { startBroker } from "./broker.ts";
import { startClickHouse } from "./clickhouse/start-clickhouse.ts";
import { startRegistry } from "./registry/start-registry.ts";
import { startStandIn } from "./stand-in/start-stand-in.ts";
import type { PartPlan } from "./supervise.ts";

export interface EmbeddedOptions {
  /** Absolute path of BREAKWATER_HOME. */
  readonly home: string;
  readonly parts: readonly EmbeddedPart[];
  /** Free ones where none is named. */
  readonly ports: Readonly<Partial<Record<EmbeddedPart, number>>>;
  readonly standIn: { readonly latencyMs?: number | undefined; readonly faultsFile?: string | undefined };
}

export function embeddedPlans(options: EmbeddedOptions): readonly PartPlan[] {
  const plans = [kafkaPlan(options), clickHousePlan(options), registryPlan(options), standInPlan(options)];
  return plans.filter(({ part }) => options.parts.includes(part));
}

function kafkaPlan({ home, ports }: EmbeddedOptions): PartPlan {
  return {
    part: "kafka",
    port: ports.kafka,
    start: async ({ port }) => {
      const broker = await startBroker({
        dataDir: dataOf(home, "kafka"),
        logFile: logOf(home, "kafka"),
        ...given(port),
      });
      return { address: broker.brokers, pid: broker.pid, exited: broker.exited, stop: () => broker.stop() };
    },
  };
}

function clickHousePlan({ home, ports }: EmbeddedOptions): PartPlan {
  return {
    part: "clickhouse",
    port: ports.clickhouse,
    start: async ({ port }) => {
      const options = { dataDir: dataOf(home, "clickhouse"), logFile: logOf(home, "clickhouse"), ...given(port) };
      const clickHouse = await startClickHouse(options);
      return { address: clickHouse.url, pid: clickHouse.pid, exited: clickHouse.exited, stop: () => clickHouse.stop() };
    },
  };
}

function registryPlan({ ports }: EmbeddedOptions): PartPlan {
  return {
    part: "registry",
    port: ports.registry,
    start: async ({ port, addresses: { kafka } }) => {
      if (kafka === undefined) throw new Error("the embedded registry keeps its schemas on the embedded Kafka");
      const registry = await startRegistry({ brokers: kafka, ...given(port) });
      return { address: registry.url, pid: process.pid, exited: never, stop: () => registry.stop() };
    },
  };
}

function standInPlan({ home, ports, standIn }: EmbeddedOptions): PartPlan {
  return {
    part: "stand-in",
    port: ports["stand-in"],
    start: async ({ port }) => {
      const running = await startStandIn({ dataDir: dataOf(home, "stand-in"), ...standIn, ...given(port) });
      return { address: running.url, pid: running.pid, exited: gone(running.pid), stop: () => running.stop() };
    },
  };
}

function dataOf(home: string, name: string): string {
  return path.join(home, name);
}

function logOf(home: string, name: string): string {
  return path.join(home, "logs", `${name}.log`);
}

function given(port: number | undefined): { readonly port?: number } {
  return port === undefined ? {} : { port };
}

/** Of a part that runs inside this process. */
const never = new Promise<never>(() => undefined);

/** Resolves within a second after the process has ended. */
async function gone(pid: number): Promise<void> {
  const identity = processIdentity(pid);
  while (identity !== null && processIdentity(pid) === identity) await sleep(1000, undefined, { ref: false });
}
