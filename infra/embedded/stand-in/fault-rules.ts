/**
 * Scripted faults: rules that say which calls fail, and how. Latencies of all
 * rules that hit add up, usage rules apply, and the first rule with another
 * effect decides the answer. What a rule hits depends only on the order of the
 * calls it matches and on its seed, so a script plays the same way twice.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { contentCategory, providerName } from "../../../schemas/parts/codes.ts";
import type { Ask } from "./ask.ts";

const milliseconds = z.int().nonnegative().max(3_600_000);

export const faultEffect = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("latency"), ms: milliseconds }),
  z.strictObject({ kind: z.literal("held") }).describe("Answers only when another script is given; paid"),
  z.strictObject({
    kind: z.literal("status"),
    status: z.literal([400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529]),
    retryAfterSeconds: z.number().nonnegative().optional(),
    retryAfterAsDate: z.boolean().optional().describe("Write Retry-After as an HTTP date"),
    code: z.string().optional().describe("OpenAI's error code, Anthropic's error type"),
  }),
  z
    .strictObject({ kind: z.literal("pace"), ms: milliseconds })
    .describe("Time between two events of a streamed answer"),
  z
    .strictObject({ kind: z.literal("stall"), afterEvents: z.int().nonnegative() })
    .describe("A streamed answer stops there and the connection stays open; paid"),
  z
    .strictObject({ kind: z.literal("stream_error"), afterEvents: z.int().nonnegative() })
    .describe("A streamed answer ends there with the provider's error event (overloaded); paid"),
  z.strictObject({ kind: z.literal("hang") }).describe("Never answers; not paid"),
  z.strictObject({ kind: z.literal("reset") }).describe("Headers, then the connection is reset; paid"),
  z.strictObject({ kind: z.literal("cut_body") }).describe("The HTTP body ends halfway; paid"),
  z.strictObject({ kind: z.literal("not_json_body") }).describe("200 with a page of HTML; paid"),
  z.strictObject({ kind: z.literal("cut_answer") }).describe("The answer ends halfway for its length; paid"),
  z.strictObject({ kind: z.literal("broken_json") }).describe("The answer is JSON that needs mending; paid"),
  z.strictObject({ kind: z.literal("fenced_json") }).describe("The answer is JSON within a code fence and prose; paid"),
  z.strictObject({ kind: z.literal("wrong_schema") }).describe("The answer is JSON of another shape; paid"),
  z
    .strictObject({ kind: z.literal("bad_tool_arguments") })
    .describe("The arguments of every call of a tool are broken JSON; paid"),
  z
    .strictObject({ kind: z.literal("wrong_tool_arguments") })
    .describe("The arguments of every call of a tool break its schema; paid"),
  z.strictObject({ kind: z.literal("unknown_tool") }).describe("Every call is of a tool that nobody offered; paid"),
  z.strictObject({ kind: z.literal("text"), text: z.string() }).describe("The answer is this text; paid"),
  z.strictObject({ kind: z.literal("refusal") }).describe("The model refuses; paid"),
  z
    .strictObject({ kind: z.literal("toxic"), category: contentCategory.default("harassment") })
    .describe("The answer hurts people; paid"),
  z.strictObject({ kind: z.literal("leak_prompt") }).describe("The answer gives the system prompt away; paid"),
  z
    .strictObject({ kind: z.literal("hallucinate") })
    .describe("The answer begins with figures, a study and a link that nobody gave it; paid"),
  z
    .strictObject({
      kind: z.literal("flags"),
      categories: z.array(contentCategory),
      score: z.number().min(0).max(1).default(0.98),
    })
    .describe("A moderation finds this, whatever the text says; nothing, without categories"),
  z.strictObject({
    kind: z.literal("usage"),
    cachedInputTokens: z.int().nonnegative().optional().describe("Taken from the input"),
    cacheWriteTokens: z.int().nonnegative().optional().describe("Taken from the input"),
    reasoningTokens: z.int().nonnegative().optional().describe("Added to the output"),
    fault: z.enum(["absent", "wrong_total"]).optional(),
  }),
]);

export const faultRule = z.strictObject({
  id: z.string().optional(),
  match: z
    .strictObject({
      provider: providerName.optional(),
      model: z.string().optional(),
      key: z.string().min(1).optional().describe("The caller's key, whole"),
      textIncludes: z.string().min(1).optional().describe("Anywhere in the prompt"),
      after: z.int().nonnegative().optional().describe("Leave the first so many matching calls alone"),
      first: z.int().positive().optional().describe("Hit only so many matching calls"),
      nth: z.int().positive().optional().describe("Hit only the nth matching call, 1 first"),
      share: z.number().min(0).max(1).optional().describe("Hit this share of the matching calls, by seed"),
      seed: z.int().optional(),
    })
    .default({}),
  effect: faultEffect,
});

export const faultScript = z.strictObject({
  latencyMs: milliseconds.optional().describe("Base latency of every call; unchanged when absent"),
  rules: z.array(faultRule).default([]),
});

export type FaultEffect = z.infer<typeof faultEffect>;
export type FaultRule = z.infer<typeof faultRule>;
export type FaultScript = z.infer<typeof faultScript>;
type UsageEffect = Extract<FaultEffect, { kind: "usage" }>;
export type AnswerEffect = Exclude<FaultEffect, { kind: "latency" | "held" | "pace" | "usage" }>;

export interface Verdict {
  readonly latencyMs: number;
  /** Between two events of a stream, milliseconds. */
  readonly paceMs: number;
  /** Resolves when a held call may go on; null when it is not held. */
  readonly released: Promise<void> | null;
  readonly usage: UsageEffect | null;
  readonly effect: AnswerEffect | null;
}

export interface FaultRules {
  readonly judge: (ask: Ask, key: string) => Verdict;
  readonly replace: (script: FaultScript) => void;
  /** The script in force, with how many calls each rule has matched. */
  readonly show: () => {
    readonly latencyMs: number;
    readonly rules: readonly (FaultRule & { readonly matched: number })[];
  };
}

export function openFaultRules(script: FaultScript): FaultRules {
  let latencyMs = script.latencyMs ?? 0;
  let rules = script.rules.map((rule) => ({ ...rule, matched: 0 }));
  let release = Promise.withResolvers<void>();
  return {
    judge(ask, key) {
      let wait = latencyMs;
      let paceMs = 0;
      let released: Promise<void> | null = null;
      let usage: UsageEffect | null = null;
      let effect: AnswerEffect | null = null;
      for (const rule of rules) {
        if (!matches(rule.match, ask) || (rule.match.key !== undefined && rule.match.key !== key)) continue;
        rule.matched += 1;
        if (!hits(rule.match, rule.matched)) continue;
        if (rule.effect.kind === "latency") wait += rule.effect.ms;
        else if (rule.effect.kind === "pace") paceMs += rule.effect.ms;
        else if (rule.effect.kind === "held") released = release.promise;
        else if (rule.effect.kind === "usage") usage ??= rule.effect;
        else effect ??= rule.effect;
      }
      return { latencyMs: wait, paceMs, released, usage, effect };
    },
    replace(next) {
      latencyMs = next.latencyMs ?? latencyMs;
      rules = next.rules.map((rule) => ({ ...rule, matched: 0 }));
      release.resolve();
      release = Promise.withResolvers();
    },
    show: () => ({ latencyMs, rules }),
  };
}

function matches(match: FaultRule["match"], ask: Ask): boolean {
  if (match.provider !== undefined && match.provider !== ask.provider) return false;
  if (match.model !== undefined && match.model !== ask.model) return false;
  return match.textIncludes === undefined || ask.prompt.includes(match.textIncludes);
}

/** `matched` counts this call: 1 for the first. */
function hits(match: FaultRule["match"], matched: number): boolean {
  const after = match.after ?? 0;
  if (matched <= after) return false;
  if (match.first !== undefined && matched > after + match.first) return false;
  if (match.nth !== undefined && matched !== match.nth) return false;
  return match.share === undefined || drawn(match.seed ?? 0, matched) < match.share;
}

/** A number in [0, 1) that only the seed and the call's number decide. */
function drawn(seed: number, number: number): number {
  return createHash("sha256").update(`${seed}/${number}`).digest().readUInt32BE(0) / 2 ** 32;
}
