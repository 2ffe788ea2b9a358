/**
 * A provider stand-in for a test: its own process and folder, scripted over its
 * control endpoint, its books read from the file. Stop it in `after`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { readCalls, type ServedCall } from "../../infra/embedded/stand-in/call-log.ts";
import type { FaultScript } from "../../infra/embedded/stand-in/fault-rules.ts";
import { startStandIn } from "../../infra/embedded/stand-in/start-stand-in.ts";

export interface TestStandIn {
  /** Anthropic's base URL. */
  readonly url: string;
  readonly openaiUrl: string;
  readonly pid: number;
  /** Replaces the fault script; rules start counting anew. */
  readonly script: (script: Partial<FaultScript>) => Promise<void>;
  /** Calls that came in since the script was given, by its first rule: those still waiting for their answer too. */
  readonly arrived: () => Promise<number>;
  /** Calls that came in and are not on record yet. */
  readonly inFlight: () => Promise<number>;
  /** The calls on record, in the order they were decided. */
  readonly calls: () => ServedCall[];
  /** The environment that sends both providers here. */
  readonly environment: { readonly OPENAI_BASE_URL: string; readonly ANTHROPIC_BASE_URL: string };
  readonly stop: () => Promise<void>;
}

const shownStats = z.object({ in_flight: z.int() });
const shownScript = z.object({ rules: z.array(z.object({ matched: z.int() })) });

export async function startTestStandIn(latencyMs = 0): Promise<TestStandIn> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "breakwater-stand-in-"));
  const standIn = await startStandIn({ dataDir, latencyMs });
  const openaiUrl = `${standIn.url}/v1`;
  return {
    url: standIn.url,
    openaiUrl,
    pid: standIn.pid,
    async script(script) {
      const answer = await fetch(`${standIn.url}/__faults`, { method: "PUT", body: JSON.stringify(script) });
      if (!answer.ok) throw new Error(`the script was refused: ${await answer.text()}`);
    },
    async arrived() {
      const shown = shownScript.parse(await (await fetch(`${standIn.url}/__faults`)).json());
      return shown.rules[0]?.matched ?? 0;
    },
    async inFlight() {
      return shownStats.parse(await (await fetch(`${standIn.url}/__stats`)).json()).in_flight;
    },
    calls: () => readCalls(path.join(dataDir, "calls.jsonl")),
    environment: { OPENAI_BASE_URL: openaiUrl, ANTHROPIC_BASE_URL: standIn.url },
    async stop() {
      await standIn.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
