/**
 * The runs that go through the matrix: a JSON harness of three models, and
 * inputs whose words say what becomes of them (through the stand-in's script),
 * so that every run's ending is known beforehand.
 */
import { v7 } from "uuid";
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { ResultStatus } from "../../schemas/parts/codes.ts";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import { defineHarness } from "../../services/definitions/define-harness.ts";
import type { Random } from "./random.ts";

const models = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "anthropic", model: "claude-3-5-sonnet-latest" },
  { provider: "openai", model: "gpt-4o-mini" },
] as const;
const inputSchema = z.strictObject({ text: z.string().max(2000) });
const outputSchema = z.strictObject({ topic: z.string(), words: z.int() });

const patient = { timeoutMs: 120_000, firstTokenTimeoutMs: 120_000, idleTimeoutMs: 120_000 } as const;
const impatient = { timeoutMs: 4000, firstTokenTimeoutMs: 1500, idleTimeoutMs: 1500 } as const;

type More = Pick<Parameters<typeof defineHarness>[0], "review" | "moderation" | "knobs">;

function matrixHarness(name: string, limits: typeof patient | typeof impatient, more: More = {}): HarnessDefinition {
  return defineHarness({
    ...more,
    name,
    description: "Notes for the fault matrix",
    policy: "standard",
    input: { schema: inputSchema },
    prompt: { system: "Answer in JSON.", user: "{{text}}" },
    output: { schema: outputSchema, maxTokens: 200 },
    models: models.map((model) => ({ ...model, ...limits })),
    deadlineMs: 900_000,
    fallbackAnswer: { topic: "unknown", words: 0 },
  });
}

/**
 * Whose calls may take as long as a frozen process, and whose may not; whose answers wait for a person, whose wait for
 * one who never comes, and about whose answers a moderation is asked.
 */
export const harnesses = {
  patient: matrixHarness("patient-note", patient),
  hasty: matrixHarness("hasty-note", impatient),
  reviewed: matrixHarness("reviewed-note", patient, {
    review: { when: "always", timeoutMs: 600_000, onTimeout: "reject" },
  }),
  unattended: matrixHarness("unattended-note", patient, {
    review: { when: "always", timeoutMs: 2000, onTimeout: "release" },
  }),
  moderated: matrixHarness("moderated-note", patient, {
    moderation: { provider: "openai", model: "omni-moderation-latest" },
    knobs: { content: { moderation: "always" } },
  }),
};

const endingsOf: Readonly<Record<keyof typeof harnesses, readonly ResultStatus[]>> = {
  patient: ["ok"],
  hasty: ["ok", "degraded", "failed_validation"],
  reviewed: ["released", "rejected"],
  unattended: ["released"],
  moderated: ["ok"],
};

/** The stand-in's part: what is asked again, and how often, stands in the text. */
export const asksAgain: readonly FaultRule[] = [
  { match: { model: "gpt-4o", textIncludes: "BAD-ONCE" }, effect: { kind: "wrong_schema" } },
  { match: { model: "gpt-4o", textIncludes: "BAD-TWICE" }, effect: { kind: "wrong_schema" } },
  { match: { provider: "anthropic", textIncludes: "BAD-TWICE" }, effect: { kind: "wrong_schema" } },
];

export interface PlannedRun {
  readonly runId: string;
  readonly request: object;
  readonly endings: readonly ResultStatus[];
}

/** One in ten is refused by its contract, one in five is asked a second time, one in ten a third time. */
export function planRun(random: Random, clientId: string, harness: keyof typeof harnesses): PlannedRun {
  const runId = v7();
  const kind = random(10);
  const mark = kind === 0 ? "BAD-TWICE" : kind <= 2 ? "BAD-ONCE" : "GOOD";
  const isRefused = kind === 3;
  const text = `${mark} note ${runId}. ${"Ships leave the harbour at dawn. ".repeat(1 + random(20))}`;
  const request = {
    run_id: runId,
    harness: harnesses[harness].name,
    client_id: clientId,
    input: isRefused ? { text: 7 } : { text },
  };
  return { runId, request, endings: isRefused ? ["refused"] : endingsOf[harness] };
}
