/**
 * The harness of the call benches: a chain of two models of one provider, the
 * bench's own, under policy standard with everything on.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommandLine } from "../../services/cli/program/command-line.ts";

export const benchHarness = "bench-calls";
export const primary = "gpt-4o";
export const fallback = "gpt-4o-mini";

export interface BenchTier {
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
}

export async function applyBenchHarness(brokers: string, tier: BenchTier): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "breakwater-bench-harness-"));
  const file = path.join(folder, "harness.yaml");
  const model = (name: string) => ({ provider: "openai", model: name, ...tier });
  const harness = {
    name: benchHarness,
    policy: "standard",
    input: {
      schema: { type: "object", required: ["document"], properties: { document: { type: "string" } } },
      longField: "document",
    },
    prompt: { system: "Summarise the document.", user: "{{document}}" },
    output: { maxTokens: 400 },
    models: [model(primary), model(fallback)],
    deadlineMs: 600_000,
  };
  writeFileSync(file, JSON.stringify(harness));
  try {
    const silent = { write: () => true };
    const env = { KAFKA_BROKERS: brokers, BREAKWATER_HOME: folder };
    const code = await runCommandLine(["harness", "apply", file], env, { stdout: silent, stderr: process.stderr });
    if (code !== 0) throw new Error(`apply ended with ${code}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** About `bytes` long; the label is found again by the provider. */
export function labelledDocument(label: string, bytes: number): string {
  const sentence = "The harbour wall was raised after the storm of last winter, at the cost of the town. ";
  return `#${label}# ${sentence.repeat(Math.ceil(bytes / sentence.length))}`.slice(0, bytes);
}
