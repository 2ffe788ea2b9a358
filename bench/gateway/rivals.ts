/**
 * Gateways to be compared with, from their own registries into a folder that is
 * kept for the next run: Portkey's (npm) and, where there is a Python, LiteLLM's.
 * Each is started as its documentation says, before the same stand-in, with
 * nothing but the proxy on.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Gateway } from "./http-pipeline.ts";

const run = promisify(execFile);
const portkeyVersion = "1.15.2";
const liteLlmVersion = "1.106.2";
const startForMs = 300_000;

export interface Rival {
  readonly gateway: Gateway;
  readonly stop: () => Promise<void>;
}

export async function startPortkey(folder: string, standInUrl: string): Promise<Rival> {
  const root = path.join(folder, `portkey-${portkeyVersion}`);
  const entry = path.join(root, "node_modules/@portkey-ai/gateway/build/start-server.js");
  if (!existsSync(entry)) {
    mkdirSync(root, { recursive: true });
    const wanted = `@portkey-ai/gateway@${portkeyVersion}`;
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", root, wanted], { cwd: root });
  }
  const port = await freePort();
  const child = spawn(process.execPath, [entry, `--port=${port}`, "--headless"], { cwd: root, stdio: "ignore" });
  const headers = {
    authorization: "Bearer bench",
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `${standInUrl}/v1`,
  };
  return ready(child, { name: `Portkey ${portkeyVersion}`, url: chatUrl(port), headers, model: "gpt-4o" });
}

/** Null where there is no Python to run it. Two workers, as many as there are cores. */
export async function startLiteLlm(folder: string, standInUrl: string): Promise<Rival | null> {
  const root = path.join(folder, `litellm-${liteLlmVersion}`);
  const program = path.join(root, "bin/litellm");
  if (!existsSync(program)) {
    try {
      await run("python3", ["-m", "venv", root]);
    } catch {
      return null;
    }
    await run(path.join(root, "bin/pip"), ["install", "--quiet", `litellm[proxy]==${liteLlmVersion}`]);
  }
  const port = await freePort();
  const settings = path.join(root, `bench-${port}.yaml`);
  writeFileSync(settings, liteLlmSettings(standInUrl));
  const words = ["--config", settings, "--host", "127.0.0.1", "--port", String(port), "--num_workers", "2"];
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" };
  const child = spawn(program, words, { env, stdio: "ignore" });
  const headers = { authorization: "Bearer sk-bench" };
  return ready(child, { name: `LiteLLM ${liteLlmVersion}`, url: chatUrl(port), headers, model: "gpt-4o" });
}

function liteLlmSettings(standInUrl: string): string {
  const model = { model: "openai/gpt-4o", api_base: `${standInUrl}/v1`, api_key: "bench" };
  return JSON.stringify({
    model_list: [{ model_name: "gpt-4o", litellm_params: model }],
    litellm_settings: { telemetry: false },
    general_settings: { master_key: "sk-bench" },
  });
}

function chatUrl(port: number): string {
  return `http://127.0.0.1:${port}/v1/chat/completions`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Resolves when it answers a completion. */
async function ready(child: ChildProcess, gateway: Gateway): Promise<Rival> {
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const ended = await Promise.race([once(child, "exit"), sleep(10_000, null, { ref: false })]);
    if (ended === null) child.kill("SIGKILL");
  };
  const body = JSON.stringify({ model: gateway.model, messages: [{ role: "user", content: "Are you there?" }] });
  const headers = { ...gateway.headers, "content-type": "application/json" };
  const end = Date.now() + startForMs;
  for (;;) {
    const answer = await fetch(gateway.url, { method: "POST", headers, body }).catch(() => null);
    if (answer?.ok === true) return { gateway, stop };
    if (Date.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error(`${gateway.name} did not start`);
    }
    await sleep(500);
  }
}
