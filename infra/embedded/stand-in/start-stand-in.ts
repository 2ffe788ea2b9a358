/**
 * Starts the stand-in as a child process and waits until it answers. The child
 * ends with its parent.
 */
import { fork } from "node:child_process";
import { once } from "node:events";

export interface StartStandIn {
  readonly dataDir: string;
  readonly port?: number | undefined;
  /** Base latency of every call, milliseconds; 0 when absent. */
  readonly latencyMs?: number | undefined;
  /** JSON file with a fault script. */
  readonly faultsFile?: string | undefined;
}

export interface StandIn {
  /** Anthropic's base URL; OpenAI's is this with /v1. */
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export async function startStandIn(options: StartStandIn): Promise<StandIn> {
  const flags = ["--data", options.dataDir];
  if (options.port !== undefined) flags.push("--port", String(options.port));
  if (options.latencyMs !== undefined) flags.push("--latency", String(options.latencyMs));
  if (options.faultsFile !== undefined) flags.push("--faults", options.faultsFile);
  const child = fork(new URL("main.ts", import.meta.url), flags, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exited = once(child, "exit");
  const url = await Promise.race([
    new Promise<string>((resolve) => child.once("message", (message) => resolve(urlOf(message)))),
    exited.then(([code]) => Promise.reject(new Error(`the provider stand-in ended with status ${String(code)}`))),
  ]);
  if (child.pid === undefined) throw new Error("the provider stand-in has no process id");
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

function urlOf(message: unknown): string {
  if (typeof message === "object" && message !== null && "url" in message && typeof message.url === "string")
    return message.url;
  throw new Error("the provider stand-in said something else than its address");
}
